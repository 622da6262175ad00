"""Reads arrays one by one from a file in the safetensors format (https://github.com/huggingface/safetensors)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.embedders.rows import Rows, Stretches

_DTYPES: dict[str, np.dtype[Any]] = {
    "F64": np.dtype(np.float64),
    "F32": np.dtype(np.float32),
    "U32": np.dtype(np.uint32),
    "I64": np.dtype(np.int64),
    "I32": np.dtype(np.int32),
    "U8": np.dtype(np.uint8),
}


class Tensors:
    """The arrays of a file, by name. Raises OSError or ValueError where it is not there or no such file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        with file.open("rb") as opened:
            size = int.from_bytes(opened.read(8), "little")
            self._header = json.loads(opened.read(size))
        self._start = 8 + size

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._header if name != "__metadata__")

    def __call__(self, name: str) -> npt.NDArray[Any]:
        """A copy."""
        dtype, shape, at = self._described(name)
        return np.fromfile(self._file, dtype, int(np.prod(shape)), offset=at).reshape(shape)

    def looked_up(self, name: str) -> Rows:
        """Rows of a table, in the file until they are asked for."""
        dtype, (rows, width), at = self._described(name)
        return Rows(self._file, at, (rows, width), dtype)

    def stretches(self, name: str) -> Stretches:
        """Bytes of an array, in the file until they are asked for."""
        return Stretches(self._file, self._described(name)[2])

    def _described(self, name: str) -> tuple[np.dtype[Any], tuple[int, ...], int]:
        entry = self._header[name]
        return _DTYPES[entry["dtype"]], tuple(entry["shape"]), self._start + entry["data_offsets"][0]
