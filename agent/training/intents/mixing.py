"""Chooses how sentences are read for the examples at hand: which layers, and whether the intents' names teach too."""

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from agent.training.intents import sentences
from agent.training.intents.kernel import GAMMA, RIDGE, evenly, fit_kernel
from agent.training.intents.sentences import MIXES, Readings, SentenceSpace
from agent.training.trials import OnTried, Tried, untold

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]

_GAMMAS, _RIDGES = (0.5, 1.0, 2.0), (0.05, 0.1, 0.3)
_TRIED_ON = 4000  # examples; a choice among a few needs no more
_FEW = 25  # examples of a label, on average, up to which its name may be one more
_FOR_NAMES = 0.01  # what a few examples say is chancy; on other intents their names helped by about as much
_WORDS = 0.9  # of the names must be words: one "w2" among them teaches nothing wrong
_NAME = re.compile(r"[A-Za-z]{3,}")


@dataclass(frozen=True, slots=True)
class Mixed:
    """What was chosen. name_vectors: [labels, d] where the names are examples, [0, d] where not."""

    space: SentenceSpace
    named: bool
    name_vectors: Floats
    gamma: float = GAMMA
    ridge: float = RIDGE


def mixed_space(
    read: Readings, labels: Places, names: tuple[str, ...], *, search: bool = False, on_tried: OnTried = untold
) -> Mixed:
    """The way of reading that tells most examples right which were left out.

    search: over widths of the kernel and ridges, too; otherwise those that did well on other intents.
    """
    rows = evenly(labels, _TRIED_ON)
    spelled = telling_names(names, len(labels))
    named = sentences.read(spelled, multilingual=bool(read.multilingual.shape[1])) if spelled else None
    some = read.take(rows)
    grid = [(gamma, ridge) for gamma in _GAMMAS for ridge in _RIDGES] if search else [(GAMMA, RIDGE)]
    best: tuple[float, str, bool, float, float] = (-1.0, "", False, GAMMA, RIDGE)
    for mix in MIXES:
        space = SentenceSpace.fit(some, mix)
        for extra in (None, named) if named is not None else (None,):
            with_names = extra is not None
            vectors, every = space.project(some), labels[rows]
            if extra is not None:
                vectors = np.concatenate([vectors, space.project(extra)])
                every = np.concatenate([every, np.arange(len(names))])
            for gamma, ridge in grid:
                left_out = fit_kernel(vectors, every, len(names), gamma=gamma, ridge=ridge).left_out()[: len(rows)]
                right = float((left_out.argmax(axis=1) == labels[rows]).mean())
                said = f"{mix}{', names as examples' if with_names else ''}, width {gamma:g}, ridge {ridge:g}"
                on_tried(Tried(setting=said, accuracy=right))
                likely = right + (_FOR_NAMES if with_names else 0)
                best = max(best, (likely, mix, with_names, gamma, ridge), key=lambda one: one[0])
    _, mix, with_names, gamma, ridge = best
    space = SentenceSpace.fit(read, mix)
    empty = np.zeros((0, space.directions.shape[1]), np.float32)
    name_vectors = space.project(named) if with_names and named is not None else empty
    return Mixed(space, with_names, name_vectors, gamma, ridge)


def telling_names(names: tuple[str, ...], examples: int) -> list[str]:
    """The names of intents as one would say them; none where most are no words, or examples are many enough without."""
    spelled = [re.sub(r"[\W_]+", " ", name).strip().lower() for name in names]
    words = sum(bool(_NAME.search(name)) for name in spelled)
    return spelled if examples <= _FEW * len(names) and words >= _WORDS * len(names) else []
