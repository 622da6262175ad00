"""Whether a piece of evidence says what a sentence says, where words alone leave it in doubt: a cross-encoder reads both.

It is opened at the first doubt, read in threads, and what it found is remembered, so that whoever asks again need not wait.
"""

from collections import OrderedDict
from collections.abc import Collection, Sequence
from threading import Lock
from typing import Protocol

import numpy as np
import numpy.typing as npt

Doubt = tuple[str, str]
"""The words of a sentence, and a piece of its evidence."""

_LEAST = 2.0
"""Least logit: of planted inventions one in thirteen reaches it, of the same in other words six in ten."""
_REMEMBERED = 4_096


class Reader(Protocol):
    """Scores pairs of texts."""

    @property
    def is_available(self) -> bool: ...

    def scores(self, question: str, texts: Sequence[str]) -> npt.NDArray[np.float32]: ...


class Likeness:
    """What was read of doubts. Without a reader nothing is like anything."""

    def __init__(self, reader: Reader | None = None) -> None:
        self._reader = reader
        self._found: OrderedDict[Doubt, bool] = OrderedDict()
        self._lock = Lock()

    def holds(self, doubt: Doubt) -> bool:
        """Whether both were found to say the same; False where they have not been read."""
        return self._found.get(doubt, False)

    def unread(self, doubts: Collection[Doubt]) -> list[Doubt]:
        """Those that reading may settle."""
        if not doubts or self._reader is None or not self._reader.is_available:
            return []
        return [doubt for doubt in doubts if doubt not in self._found]

    def read(self, doubts: Collection[Doubt]) -> None:
        """Reads and remembers them. Blocking: some ten milliseconds each."""
        assert self._reader is not None
        for said, evidence in doubts:
            holds = bool(self._reader.scores(said, [evidence])[0] > _LEAST)
            with self._lock:
                self._found[said, evidence] = holds
                while len(self._found) > _REMEMBERED:
                    self._found.popitem(last=False)
