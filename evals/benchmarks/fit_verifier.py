"""Fits the verifier's low-rank additions: `python -m evals.benchmarks.fit_verifier LIBRARIES`.

LIBRARIES is a folder for the libraries that the questions are asked of; they are made there when it has none. Each question
is set against a span that answers it, those that rank high and do not, and "none of them": a listwise softmax loss with a
constant 0 for none, so that a logit above 0 means an answer. It is fitted on the English questions of
`evals/benchmarks/tuning` but for those of `fit_reader.FRESH`, by which `fit_support` weighs its word on questions that it
has not seen. Half an hour on two idle cores without bfloat16.
"""

import math
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from rich.progress import track
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

import agent.generate.extractive
from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.verifier import FILE, SCALE
from agent.generate.extractive.weights import default_weights
from evals.benchmarks.fit_reader import FRESH, asked_of
from evals.benchmarks.tuning_libraries import TUNING, company_of, open_libraries
from knowledge.embedders.embedder import in_context
from knowledge.rerankers import packaged

_RANK, _FIRST_LAYER, _BATCH = 16, 6, 12
_ROUNDS = ((1.2, 3, 9e-4, 2e-3), (1.0, 4, 6e-4, 1e-3))
"""Passes over the questions, wrong spans set against each, highest rates of the additions and of the head."""

_BUCKETS, _MAX_TOKENS = 6, 96
_HEAD = 0.3  # of the packaged head, where fitting begins: what it says of a passage spreads over more than ten

Item = tuple[str, Sequence[Candidate], npt.NDArray[np.bool_], npt.NDArray[np.float32]]


class LowRank(torch.nn.Module):
    """A linear layer with an addition of low rank, which alone is trained."""

    def __init__(self, layer: torch.nn.Linear) -> None:
        super().__init__()
        self.layer = layer
        self.down = torch.nn.Parameter(torch.randn(_RANK, layer.in_features) / math.sqrt(layer.in_features))
        self.up = torch.nn.Parameter(torch.zeros(layer.out_features, _RANK))

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """The layer's output with the addition."""
        added: torch.Tensor = self.layer(values) + (values @ self.down.T) @ self.up.T * SCALE
        return added


def main(folder_of_libraries: str) -> None:
    """Fits the additions, and writes them into the package."""
    libraries = open_libraries(Path(folder_of_libraries))
    rank = default_weights().vectors.rank
    fitted = (file.stem for file in sorted(TUNING.glob("*.jsonl")) if file.stem not in {*FRESH, "shop_zh"})
    items: list[Item] = [
        (part.text, found.spans, right, rank.scores(found.features))
        for file in fitted
        for asked in asked_of(TUNING / f"{file}.jsonl", libraries[company_of(file)], "en")
        for part, found, right in asked.parts
        if right.any() or not asked.case.answerable
    ]
    _fit(items, Path(agent.generate.extractive.__file__).parent / FILE)


def _fit(items: Sequence[Item], target: Path) -> None:
    torch.manual_seed(0)
    tokenizer, model, head = _packaged()
    added = _add_low_rank(model)
    for number, (passes, wrong, rate, head_rate) in enumerate(_ROUNDS):
        own = [parameter for layer in added.values() for parameter in (layer.down, layer.up)]
        groups = [{"params": own, "lr": rate}, {"params": head.parameters(), "lr": head_rate}]
        optimiser = torch.optim.AdamW(groups, weight_decay=1e-2)
        steps = int(passes * len(items) / _BATCH)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimiser, [rate, head_rate], total_steps=steps + 1, pct_start=0.15
        )
        draw = np.random.default_rng(number)
        order = np.concatenate([draw.permutation(len(items)) for _ in range(math.ceil(passes))])
        for step in track(range(steps), description=f"{target.name}, {len(items)} questions"):
            batch = [_drawn(items[at], wrong, draw) for at in order[step * _BATCH : (step + 1) * _BATCH]]
            pairs = [(question, text) for question, texts, _ in batch for text in texts]
            loss = _loss(_logits(pairs, tokenizer, model, head), [right for _, _, right in batch])
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(own, 1.0)
            optimiser.step()
            schedule.step()
    _write(added, head, target)


def _packaged() -> tuple[Tokenizer, BertModel, torch.nn.Linear]:
    """The packaged cross-encoder as torch trains it, with the head that it begins with."""
    source = packaged.weights()
    config = BertConfig(
        hidden_size=packaged.DIMENSIONS, num_hidden_layers=packaged.LAYERS, intermediate_size=4 * packaged.DIMENSIONS,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
    )  # fmt: skip
    model = BertModel(config)  # type: ignore[no-untyped-call]
    tables = {name for name in model.state_dict() if name.endswith("_embeddings.weight")}
    values = {name: source.looked_up(name)[:] if name in tables else source(name) for name in model.state_dict()}
    model.load_state_dict({name: torch.from_numpy(value) for name, value in values.items()})
    head = torch.nn.Linear(packaged.DIMENSIONS, 1)
    head.load_state_dict({"weight": _HEAD * torch.from_numpy(packaged.head()), "bias": torch.zeros(1)})
    return packaged.tokenizer(_MAX_TOKENS), model.requires_grad_(False), head


def _logits(
    pairs: Sequence[tuple[str, str]], tokenizer: Tokenizer, model: BertModel, head: torch.nn.Linear
) -> torch.Tensor:
    """[n] for questions with texts; the long ones apart, so that the short are not padded to their length."""
    read = tokenizer.encode_batch(list(pairs))
    order = sorted(range(len(read)), key=lambda at: len(read[at].ids))
    found = []
    for places in np.array_split(order, _BUCKETS):
        ids, types = (
            torch.nn.utils.rnn.pad_sequence([torch.tensor(getattr(read[at], kind)) for at in places], batch_first=True)
            for kind in ("ids", "type_ids")
        )
        lengths = torch.tensor([len(read[at].ids) for at in places])
        mask = (torch.arange(ids.shape[1]) < lengths[:, None]).long()
        found.append(head(model(input_ids=ids, attention_mask=mask, token_type_ids=types).pooler_output)[:, 0])
    return torch.cat(found)[torch.from_numpy(np.argsort(order))]


def _add_low_rank(model: torch.nn.Module) -> dict[str, LowRank]:
    """Wraps the linear layers of the encoder from _FIRST_LAYER on, and of the pooler; by the name each had."""
    found = {
        name: module
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Linear)
        and (name.startswith("pooler.") or int(name.split(".")[2]) >= _FIRST_LAYER)
    }
    added = {}
    for name, module in found.items():
        above, _, own = name.rpartition(".")
        added[name] = LowRank(module)
        setattr(model.get_submodule(above), own, added[name])
    return added


def _drawn(item: Item, most_wrong: int, draw: np.random.Generator) -> tuple[str, list[str], list[bool]]:
    """A question with a right span, if it has any, and some that rank high and are wrong."""
    question, spans, right, logits = item
    good = draw.permutation(np.flatnonzero(right))[:1]
    wrong = np.flatnonzero(~right)
    wrong = wrong[np.argsort(-(logits[wrong] + 0.7 * draw.gumbel(size=len(wrong))))][:most_wrong]
    places = [*good.tolist(), *wrong.tolist()]
    return question, [in_context(spans[at].passage, spans[at].span) for at in places], [at in good for at in places]


def _loss(logits: torch.Tensor, right: Sequence[Sequence[bool]]) -> torch.Tensor:
    """Mean over questions; each has "none of them" at 0 beside its spans."""
    losses, start = [], 0
    for marks in right:
        values = torch.cat([logits[start : start + len(marks)], torch.zeros(1)])
        wanted = torch.tensor([*marks, not any(marks)])
        losses.append(torch.logsumexp(values, 0) - torch.logsumexp(values[wanted], 0))
        start += len(marks)
    return torch.stack(losses).mean()


def _write(added: dict[str, LowRank], head: torch.nn.Linear, target: Path) -> None:
    numbers = {f"{name}/A": layer.down.detach().numpy().astype(np.float16) for name, layer in added.items()}
    numbers |= {f"{name}/B": layer.up.detach().numpy().astype(np.float16) for name, layer in added.items()}
    numbers |= {"weight": head.weight.detach().numpy()[0], "bias": head.bias.detach().numpy()[0]}
    np.savez_compressed(target, allow_pickle=False, **numbers)


if __name__ == "__main__":
    main(*sys.argv[1:])
