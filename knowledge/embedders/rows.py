"""What is read of a file when it is asked for, and takes no memory before."""

import os
import weakref
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

_REMEMBERED = 4096

Places = slice | npt.NDArray[np.int64]


class Stretches:
    """Bytes of a file, `at` being where they begin to be counted."""

    def __init__(self, file: Path, at: int) -> None:
        self._at = at
        self._file = os.open(file, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        self._lock = Lock()
        weakref.finalize(self, os.close, self._file).atexit = False

    def read(self, start: int, end: int) -> bytes:
        """Those from `start` up to `end`."""
        if hasattr(os, "pread"):
            return os.pread(self._file, end - start, self._at + start)
        with self._lock:  # Windows has no read that says where
            os.lseek(self._file, self._at + start, os.SEEK_SET)
            return os.read(self._file, end - start)


class Rows:
    """A table [n, width] of a file, of which the rows asked for last are remembered: of 128,000 words, those that are said.

    They are read, not mapped: to a row that is touched in a mapping, Linux adds the 64 kB around it. A thousand words of a
    table of 47 MB took 34.
    """

    def __init__(self, file: Path, at: int, shape: tuple[int, int], dtype: np.dtype[Any]) -> None:
        self.shape = shape
        self._dtype = dtype
        self._bytes = shape[1] * dtype.itemsize
        self._stored = Stretches(file, at)
        self._row = lru_cache(_REMEMBERED)(self._read)

    def __getitem__(self, places: Places) -> npt.NDArray[Any]:
        """[..., width]; not to be written to."""
        wanted = np.arange(self.shape[0])[places] if isinstance(places, slice) else places
        found = b"".join(map(self._row, wanted.ravel().tolist()))
        return np.frombuffer(found, self._dtype).reshape(*wanted.shape, self.shape[1])

    def _read(self, place: int) -> bytes:
        if not 0 <= place < self.shape[0]:
            raise IndexError(f"row {place} of {self.shape[0]}")
        return self._stored.read(place * self._bytes, (place + 1) * self._bytes)
