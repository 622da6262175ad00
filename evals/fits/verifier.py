"""Fits the verifier: a question and a span are read together, and a logit above 0 is to mean that the one answers the other.

Each question is set against a span that answers it, those that rank high and do not, and "none of them": a listwise softmax
loss with a constant 0 for none. The ends of it are in `evals.fits.encoders`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import torch
from rich.progress import track
from tokenizers import Tokenizer

from agent.generate.extractive.verifier import FILE
from evals.fits.low_rank_bert import DEVICE, Descent, Floats, LowRankBert, factors
from evals.fits.question_file import Question, Questions
from evals.fits.search_encoder import wrong
from knowledge.embedders.low_rank import SCALE, LowRank
from knowledge.rerankers import packaged

__all__ = ["FILE", "FURTHER", "Course", "Learnt", "Trained", "of_models", "shipped", "trained"]

_RANK, _SPREAD = 32, 0.7
_MAX_TOKENS = 96
_HEAD = 0.3  # of the packaged head, where fitting begins: what it says of a passage spreads over more than ten
_READ, _AT_ONCE = 14, 512
_BESIDE = 512 if DEVICE == "cuda" else 24  # pairs of like length that are read together
_HEADS = frozenset({"weight", "bias"})


Learnt = Mapping[str, Floats]
"""What each module's weight grows by, [out, in], and the head's `weight` [384] and `bias`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """passes: over the questions; rates: of the additions and of the head; batch: questions a step; wrong: spans that do not
    answer, beside one that does; begins: with what is shipped, or with the packaged model.
    """

    passes: int = 2
    rates: tuple[float, float] = (6e-4, 1e-3)
    batch: int = 32
    wrong: int = 6
    further: bool = False


FURTHER = Course(passes=1, rates=(2.5e-4, 4e-4), batch=24, wrong=3, further=True)
"""What is shipped is taken further: half an hour for nine thousand questions on two threads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A model with its head, as they were trained."""

    model: LowRankBert
    head: torch.nn.Linear
    tokenizer: Tokenizer

    def of(self, pairs: Sequence[tuple[str, str]]) -> torch.Tensor:
        """[n] logits of questions with spans."""
        read = [(one.ids, one.type_ids.index(1)) for one in self.tokenizer.encode_batch(list(pairs))]
        order = sorted(range(len(read)), key=lambda at: len(read[at][0]))
        chunks = [order[start : start + _BESIDE] for start in range(0, len(order), _BESIDE)]
        logits = torch.cat([self._logits([read[at] for at in chunk]) for chunk in chunks])
        return logits[torch.from_numpy(np.argsort(order)).to(logits.device)]

    def _logits(self, read: Sequence[tuple[Sequence[int], int]]) -> torch.Tensor:
        tokens, _ = self.model.read(read)
        logits: torch.Tensor = self.head(self.model.pooled(tokens))[:, 0]
        return logits

    def learnt(self) -> Learnt:
        """What it has learnt."""
        head = {"weight": self.head.weight[0], "bias": self.head.bias[0]}
        return {name: one.detach().float().cpu().numpy() for name, one in {**self.model.changes(), **head}.items()}

    @torch.no_grad()
    def logits(self, questions: Questions, items: Sequence[Question]) -> list[Floats]:
        """Of the best spans of each question, at most _READ."""
        pairs = [(item.text, questions.texts[at]) for item in items for at in item.spans[:_READ]]
        order = sorted(range(len(pairs)), key=lambda at: len(pairs[at][0]) + len(pairs[at][1]))
        found = np.zeros(len(pairs), dtype=np.float32)
        for start in range(0, len(order), _AT_ONCE):
            places = order[start : start + _AT_ONCE]
            found[places] = self.of([pairs[at] for at in places]).float().cpu().numpy()
        ends = np.cumsum([len(item.spans[:_READ]) for item in items])
        return np.split(found, ends[:-1])


def of_models(each: Sequence[Learnt]) -> dict[str, Floats]:
    """The mean of models, by the names that they have in the file."""
    weight, bias = (np.mean([one[name] for one in each], axis=0) for name in ("weight", "bias"))
    changes = [{name: torch.from_numpy(change) for name, change in one.items() if name not in _HEADS} for one in each]
    return {**factors(changes, _RANK), "weight": weight, "bias": bias}


def shipped() -> Learnt:
    """What the package's verifier has learnt."""
    stored = _stored()
    factors = {name: stored.factors(name) for name in stored.modules}
    changes = {name: SCALE * (up @ down) for name, (down, up) in factors.items()}
    return {**changes, **{name: stored.number(name) for name in _HEADS}}


def _stored() -> LowRank:
    return LowRank(files("agent.generate.extractive") / FILE)


def trained(questions: Questions, items: Sequence[Question], seed: int, course: Course = Course()) -> Trained:
    """A model fitted on these questions; left out are those that nothing at hand answers though something should."""
    torch.manual_seed(seed)
    one = _beginning(further=course.further)
    draw = np.random.default_rng(seed)
    known = [item for item in items if any(item.right) or not item.answerable]
    steps = int(course.passes * len(known) / course.batch)
    order = np.concatenate([draw.permutation(len(known)) for _ in range(course.passes)])
    descent = Descent(one.model.trained(), list(one.head.parameters()), course.rates, steps)
    for step in track(range(steps), description=f"Verifier, {len(known)} questions"):
        own = order[step * course.batch : (step + 1) * course.batch]
        batch = [_drawn(known[at], course.wrong, draw) for at in own]
        logits = one.of([(item.text, questions.texts[item.spans[at]]) for item, places, _ in batch for at in places])
        descent.step(_loss(logits, [right for _, _, right in batch]))
    return one


def _beginning(*, further: bool) -> Trained:
    model = LowRankBert(packaged.weights(), packaged.LAYERS, _RANK, pools=True)
    head = torch.nn.Linear(packaged.DIMENSIONS, 1)
    weight, bias = _HEAD * packaged.head(), np.zeros(1, np.float32)
    if further:
        stored = _stored()
        model.begin_with(stored)
        weight, bias = stored.number("weight")[None], stored.number("bias").reshape(1)
    head.load_state_dict({"weight": torch.from_numpy(weight), "bias": torch.from_numpy(bias)})
    return Trained(model=model, head=head.to(DEVICE), tokenizer=packaged.tokenizer(_MAX_TOKENS))


def _drawn(item: Question, most: int, draw: np.random.Generator) -> tuple[Question, list[int], list[bool]]:
    """Places of a right span, if there is any, and of some wrong ones; and which is right."""
    good = draw.permutation(np.flatnonzero(item.right))[:1].tolist()
    bad = wrong(item, most, _SPREAD, draw)
    return item, [*good, *bad], [True] * len(good) + [False] * len(bad)


def _loss(logits: torch.Tensor, right: Sequence[Sequence[bool]]) -> torch.Tensor:
    """Mean over questions; each has "none of them" at 0 beside its spans."""
    losses = []
    for own, marks in zip(torch.split(logits, [len(marks) for marks in right]), right, strict=True):
        values = torch.cat([own, own.new_zeros(1)])
        wanted = torch.tensor([*marks, not any(marks)], device=own.device)
        losses.append(torch.logsumexp(values, 0) - torch.logsumexp(values[wanted], 0))
    return torch.stack(losses).mean()
