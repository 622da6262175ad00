"""Fits the encoder that searches: a question is to lie nearer to a span that answers it than to all others at hand.

The others are those that rank high for the same question and do not answer it, and all spans of the questions beside it (as in
Karpukhin et al. 2020, arXiv:2004.04906). The ends of it are in `evals.fits.encoders`.
"""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from rich.progress import track

from evals.fits.low_rank_bert import DEVICE, Descent, Floats, LowRankBert, factors
from evals.fits.question_file import Question, Questions
from knowledge.embedders import bert

_RANK, _PASSES, _RATE, _BATCH = 16, 3, 5e-4, 48
_SHARP = 20.0
_WRONG, _SPREAD = 7, 1.0  # spans beside the right one, and how far from the order of the ranking they are drawn
_MAX_TOKENS = 96


def fit(questions: Questions, items: Sequence[Question], seed: int = 0) -> dict[str, Floats]:
    """The additions, by the names that they have in the file."""
    torch.manual_seed(seed)
    model = LowRankBert(bert.packaged_weights(), bert.LAYERS, _RANK, pools=False)
    tokenizer = bert.tokenizer(_MAX_TOKENS)
    draw = np.random.default_rng(seed)
    answered = [item for item in items if any(item.right)]
    steps = int(_PASSES * len(answered) / _BATCH)
    order = np.concatenate([draw.permutation(len(answered)) for _ in range(_PASSES)])
    descent = Descent(model.trained(), (), (_RATE, _RATE), steps)
    for step in track(range(steps), description=f"Search, {len(answered)} questions"):
        batch = [answered[at] for at in order[step * _BATCH : (step + 1) * _BATCH]]
        right, spans = _drawn(batch, draw)
        texts = [item.text for item in batch] + [questions.texts[at] for at in spans]
        tokens, mask = model.read([(one.ids, len(one.ids)) for one in tokenizer.encode_batch(texts)])
        summed = (tokens.float() * mask[:, :, None]).sum(dim=1)
        vectors = torch.nn.functional.normalize(summed, dim=1)
        alike = _SHARP * vectors[: len(batch)] @ vectors[len(batch) :].T
        alike = alike.masked_fill(torch.from_numpy(_also(batch, spans, right)).to(DEVICE), -math.inf)
        descent.step(torch.nn.functional.cross_entropy(alike, torch.tensor(right, device=DEVICE)))
    return factors([model.changes()], _RANK)


def _drawn(batch: Sequence[Question], draw: np.random.Generator) -> tuple[list[int], list[int]]:
    """For each question the place of a right span among all the spans drawn, and those spans."""
    places: dict[int, int] = {}
    right = []
    for item in batch:
        good = int(draw.choice(np.flatnonzero(item.right)))
        right.append(places.setdefault(item.spans[good], len(places)))
        for at in wrong(item, _WRONG, _SPREAD, draw):
            places.setdefault(item.spans[at], len(places))
    return right, list(places)


def wrong(item: Question, most: int, spread: float, draw: np.random.Generator) -> list[int]:
    """Places of spans of a question that do not answer it, those that rank high before others."""
    places = np.flatnonzero(~(np.array(item.right) | np.array(item.doubtful)))
    ranked = np.array(item.rank)[places] + spread * draw.gumbel(size=len(places))
    found: list[int] = places[np.argsort(-ranked)][:most].tolist()
    return found


def _also(batch: Sequence[Question], spans: Sequence[int], right: Sequence[int]) -> npt.NDArray[np.bool_]:
    """[questions, spans]: what answers a question, or may, beside the span that it is to lie near."""
    columns = {span: column for column, span in enumerate(spans)}
    found = np.zeros((len(batch), len(spans)), dtype=bool)
    for row, item in enumerate(batch):
        for span, answers, doubtful in zip(item.spans, item.right, item.doubtful, strict=True):
            if (answers or doubtful) and span in columns:
                found[row, columns[span]] = columns[span] != right[row]
    return found
