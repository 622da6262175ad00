"""Makes a tiny Llama of random weights that knows every byte, for tests of what a server holds a model to.

Its words are nonsense, but it can spell anything, so that whatever a JSON schema allows it can say. As a script
(`python spelling_llama.py FOLDER`) it runs with the Python of .venv-vllm.
"""

import asyncio
import sys
from pathlib import Path

NAME = "spelling-llama"
END = "<end>"
TEMPLATE = "{% for message in messages %}{{ message.content }}\n{% endfor %}"


async def make_spelling_llama(folder: Path, python: Path) -> Path:
    """Writes model and tokenizer with this Python; the path of the chat template."""
    process = await asyncio.create_subprocess_exec(str(python), __file__, str(folder))
    assert await process.wait() == 0
    return folder / "template.jinja"


def make(folder: Path) -> None:
    """Writes model and tokenizer."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    number = {token: n for n, token in enumerate([*alphabet, END])}
    tokenizer = Tokenizer(models.BPE(vocab=number, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token=END, clean_up_tokenization_spaces=False
    ).save_pretrained(folder)
    (folder / "template.jinja").write_text(TEMPLATE, "utf-8")
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(number),
        hidden_size=64,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=8192,
        tie_word_embeddings=False,
        bos_token_id=None,
        eos_token_id=number[END],
    )
    LlamaForCausalLM(config).save_pretrained(folder)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
