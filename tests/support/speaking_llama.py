"""Makes a tiny Llama that says known sentences, for tests of the real server.

Its layers add nothing to what they read, and its output looks up which word follows the last one: a text is a chain
of words. Which chain begins is up to the chat template: a question with "at length" in it gets a sentence and then one
without end, one about a bicycle gets NO_ANSWER; where there are tools, one about a refund calls for it, any other for the order,
and what a tool gave is told. As a script (`python speaking_llama.py FOLDER`) it runs with the Python of .venv-vllm.
"""

import asyncio
import sys
from pathlib import Path

NAME = "speaking-llama"
ANSWER = "You can send it back within 30 days [1]."
FIRST = "Return shipping is free [1]!"
ENDLESS = f"{FIRST} and then the parcel went on from one depot to another"
REFUSAL = "NO_ANSWER"
ORDER = '<tool_call>{"name":"find_order", "arguments":{"order_number":"LO-10480", "email":"customer1@example.com"}}</tool_call>'
REFUND = (
    '<tool_call>{"name":"request_refund", "arguments":{"reason":"late", '
    '"email":"customer1@example.com", "order_number":"LO-10480"}}</tool_call>'
)
TOLD = "LO-10480 was shipped."
SPECIAL = ["<unk>", "<end>", "<answer>", "<endless>", "<refusal>", "<order>", "<refund>", "<told>"]
TEMPLATE = (
    "{% for message in messages %}{{ message.content }} {% endfor %}"
    "{% set asked = messages[-1].content.split('<question ')[-1] %}"
    "{% if messages[-1].role == 'tool' %}<told>{% elif tools and 'refund' in asked %}<refund>{% elif tools %}<order>"
    "{% elif 'at length' in asked %}<endless>{% elif 'bicycle' in asked %}<refusal>{% else %}<answer>{% endif %}"
)
SIZE = 64
LAYERS = 48
"""Makes it slow, about 10 ms a token: on two cores vLLM's front can keep tokens back for seconds, and by the time a test
kills it in mid-answer it must not have made them all."""


async def make_speaking_llama(folder: Path, python: Path) -> Path:
    """Writes model and tokenizer with this Python; the path of the chat template."""
    process = await asyncio.create_subprocess_exec(str(python), __file__, str(folder))
    assert await process.wait() == 0
    return folder / "template.jinja"


def chains() -> dict[str, list[str]]:
    """The words that follow each start, "▁" standing for the space before a word; no word twice."""
    found = {"<answer>": ANSWER, "<endless>": ENDLESS, "<refusal>": REFUSAL}
    found |= {"<order>": ORDER, "<refund>": REFUND, "<told>": TOLD}
    return {start: text.replace(" ", " ▁").split() for start, text in found.items()}


def make(folder: Path) -> None:
    """Writes model and tokenizer."""
    words = [*SPECIAL, *(word for chain in chains().values() for word in chain)]
    assert len(set(words)) == len(words) <= SIZE
    number = {word: n for n, word in enumerate(words)}
    following = [number["<end>"]] * SIZE
    for start, chain in chains().items():
        last = chain[len(FIRST.split())] if start == "<endless>" else "<end>"
        for word, after in zip([start, *chain], [*chain, last], strict=True):
            following[number[word]] = number[after]
    save_tokenizer(folder, number)
    save_model(folder, following, end=number["<end>"])


def save_tokenizer(folder: Path, number: dict[str, int]) -> None:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.WordLevel(number, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.Fuse()])
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        unk_token="<unk>",
        eos_token="<end>",
        additional_special_tokens=SPECIAL[2:],
        clean_up_tokenization_spaces=False,
    ).save_pretrained(folder)
    (folder / "template.jinja").write_text(TEMPLATE, "utf-8")


def save_model(folder: Path, following: list[int], *, end: int) -> None:
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        vocab_size=SIZE,
        hidden_size=SIZE,
        intermediate_size=SIZE,
        num_hidden_layers=LAYERS,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=8192,
        tie_word_embeddings=False,
        bos_token_id=None,
        eos_token_id=end,
    )
    model = LlamaForCausalLM(config)
    with torch.no_grad():
        model.model.embed_tokens.weight.copy_(torch.eye(SIZE))
        for layer in model.model.layers:
            layer.self_attn.o_proj.weight.zero_()
            layer.mlp.down_proj.weight.zero_()
        model.lm_head.weight.copy_(torch.eye(SIZE)[torch.tensor(following)].T * 4)
    model.save_pretrained(folder)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
