"""Fits the verifier's low-rank additions: `python -m evals.benchmarks.fit_verifier LIBRARIES`.

LIBRARIES is a folder for the libraries that the questions are asked of; they are made there when it has none. Each question is set against spans that answer it, those that rank high and do not, and "none of them": a listwise
softmax loss with a constant 0 for none, so that a logit above 0 means an answer. It is fitted on the English questions
of `evals/benchmarks/tuning` but for those of `fit_reader.FRESH`, by which `fit_support` weighs its word on questions that
it has not seen. A quarter of an hour on one core: OMP_NUM_THREADS=1 where anything else runs beside it, as threads that
wait for each other cost more.
"""

import math
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from rich.progress import track
from transformers import AutoModel, AutoTokenizer, PreTrainedTokenizerBase

import agent.generate.extractive
from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.verifier import FILE, MAX_TOKENS, SCALE
from agent.generate.extractive.weights import default_weights
from evals.benchmarks.fit_reader import FRESH, asked_of
from evals.benchmarks.tuning_libraries import TUNING, company_of, open_libraries
from knowledge.embedders import bert
from knowledge.embedders.embedder import in_context

_RANK, _FIRST_LAYER, _BATCH, _EPOCHS, _WRONG = 16, 1, 12, 3, 5
_RATE, _HEAD_RATE = 9e-4, 2e-3
_BUCKETS = 4

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
    tokenizer, model = _packaged()
    added = _add_low_rank(model)
    head = torch.nn.Linear(bert.DIMENSIONS, 1)
    own = [parameter for layer in added.values() for parameter in (layer.down, layer.up)]
    groups = [{"params": own, "lr": _RATE}, {"params": head.parameters(), "lr": _HEAD_RATE}]
    optimiser = torch.optim.AdamW(groups, weight_decay=1e-2)
    steps = int(_EPOCHS * len(items) / _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [_RATE, _HEAD_RATE], total_steps=steps + 1, pct_start=0.15
    )
    draw = np.random.default_rng(0)
    for _ in track(range(steps), description=f"{target.name}, {len(items)} questions"):
        batch = [_drawn(items[at], draw) for at in draw.choice(len(items), _BATCH, replace=False)]
        pairs = [(question, text) for question, texts, _ in batch for text in texts]
        logits = _logits(pairs, tokenizer, model, head)
        loss = _loss(logits, [right for _, _, right in batch])
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(own, 1.0)
        optimiser.step()
        schedule.step()
    _write(added, head, target)


def _packaged() -> tuple[PreTrainedTokenizerBase, torch.nn.Module]:
    """The packaged MiniLM as torch trains it."""
    place = str(bert.folder())
    model = AutoModel.from_pretrained(place, local_files_only=True).eval().float()
    return AutoTokenizer.from_pretrained(place, local_files_only=True), model.requires_grad_(False)


def _logits(
    pairs: Sequence[tuple[str, str]],
    tokenizer: PreTrainedTokenizerBase,
    model: torch.nn.Module,
    head: torch.nn.Linear,
) -> torch.Tensor:
    """[n] for questions with texts; the long ones apart, so that the short are not padded to their length."""
    order = sorted(range(len(pairs)), key=lambda at: len(pairs[at][0]) + len(pairs[at][1]))
    found = []
    for places in np.array_split(order, _BUCKETS):
        encoded = tokenizer(
            [pairs[at][0] for at in places],
            [pairs[at][1] for at in places],
            **{"truncation": "longest_first", "max_length": MAX_TOKENS, "padding": True, "return_tensors": "pt"},
        )
        with torch.autocast("cpu", torch.bfloat16):
            tokens = model(**encoded).last_hidden_state
        mask = encoded["attention_mask"][:, :, None].float()
        found.append(head((tokens.float() * mask).sum(1) / mask.sum(1))[:, 0])
    return torch.cat(found)[torch.from_numpy(np.argsort(order))]


def _add_low_rank(model: torch.nn.Module) -> dict[str, LowRank]:
    """Wraps the linear layers of the encoder from _FIRST_LAYER on; by the name each had."""
    found = {
        name: module
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Linear)
        and name.startswith("encoder.layer.")
        and int(name.split(".")[2]) >= _FIRST_LAYER
    }
    added = {}
    for name, module in found.items():
        above, _, own = name.rpartition(".")
        added[name] = LowRank(module)
        setattr(model.get_submodule(above), own, added[name])
    return added


def _drawn(item: Item, draw: np.random.Generator) -> tuple[str, list[str], list[bool]]:
    """A question with one or two right spans, if it has any, and some that rank high and are wrong."""
    question, spans, right, logits = item
    good = draw.permutation(np.flatnonzero(right))[: 1 + int(draw.random() > 0.6)]
    wrong = np.flatnonzero(~right)
    wrong = wrong[np.argsort(-(logits[wrong] + 0.7 * draw.gumbel(size=len(wrong))))][:_WRONG]
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
