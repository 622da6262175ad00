"""The graph's say in the search: passages that mention what a question names, or what the graph joins to it by one hop."""

from collections.abc import Mapping
from typing import Protocol

import numpy as np
import numpy.typing as npt

from knowledge.index.lexical import LexicalIndex
from knowledge.text.words import words
from knowledge.types import Audience

Closeness = npt.NDArray[np.float32]

ITSELF, JOINED = 1.0, 0.5
"""How close a name is to a question: of a thing that it names, and of one that is one hop from there."""


class Neighbours(Protocol):
    """What a graph knows of the surroundings of a question."""

    def near(self, question: str, audience: Audience) -> Mapping[str, float]:
        """Names → how close each is, 0…1, by what an audience may know; none for a question that names nothing."""
        ...


def mentions(index: LexicalIndex, names: Mapping[str, float], shown: npt.NDArray[np.bool_]) -> Closeness:
    """[rows] how close the closest name is that a passage mentions; 0 without one, and for rows that are not shown."""
    found = np.zeros(len(index.ids), dtype=np.float32)
    for name, closeness in names.items():
        held = shown & index.mentioning(words(name))
        found[held] = np.maximum(found[held], np.float32(closeness))
    return found
