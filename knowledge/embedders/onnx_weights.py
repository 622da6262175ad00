"""Reads weights out of a file in the ONNX format, one by one: as much of its protocol buffers as quantised matrices need.

The numbers are those of the fields in onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). Every weight w
of a quantised matrix is (q - zero point) · scale for the whole number q that the file holds.
"""

import mmap
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.embedders.rows import Places, Rows

Floats = npt.NDArray[np.float32]

_TYPES: dict[int, np.dtype[Any]] = {1: np.dtype(np.float32), 2: np.dtype(np.uint8), 3: np.dtype(np.int8)}
_LENGTHS = {1: 8, 5: 4}  # bytes of a value of fixed length, by its wire type
_BITS, _MORE, _BYTES = 7, 0x80, 2

Part = tuple[int, memoryview | int]
"""A field's number with its content; a whole number where it is one."""


class OnnxWeights:
    """The weights of a BERT in a file: by the names that transformers gives them, without `prefix`."""

    def __init__(self, file: Path, prefix: str = "") -> None:
        self._file = file
        with file.open("rb") as opened:
            content = memoryview(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ))
        self._start = np.frombuffer(content, dtype=np.uint8).ctypes.data
        graph = next(part for field, part in _parts(content) if field == 7 and isinstance(part, memoryview))
        self._tensors: dict[str, tuple[tuple[int, ...], npt.NDArray[np.generic]]] = {}
        self._called: dict[str, str] = {}
        for field, part in _parts(graph):
            if isinstance(part, memoryview) and field == 5:
                name, shape, values = _tensor(part)
                self._tensors[name] = shape, values
            elif isinstance(part, memoryview) and field == 1:
                self._called |= _matrix(part)
        self._prefix = prefix

    def __call__(self, name: str) -> Floats:
        """A copy; a matrix as transformers holds it, [out, in]."""
        whole = self._prefix + name
        if whole in self._tensors:
            shape, values = self._tensors[whole]
            return np.array(values, dtype=np.float32).reshape(shape)
        called = self._called[whole]
        shape, values = self._tensors[f"{called}_quantized"]
        return np.ascontiguousarray(Scaled(values.reshape(shape), *self._scale_of(called))[:].T)

    def looked_up(self, name: str) -> "Scaled":
        """Rows of a table, in the file until they are asked for; nothing else of the file stays open for them."""
        (rows, width), values = self._tensors[f"{self._prefix}{name}_quantized"]
        kept = Rows(self._file, values.ctypes.data - self._start, (rows, width), values.dtype)
        return Scaled(kept, *self._scale_of(self._prefix + name))

    def _scale_of(self, name: str) -> tuple[np.float32, np.float32]:
        (_, scale), (_, zero) = self._tensors[f"{name}_scale"], self._tensors[f"{name}_zero_point"]
        return np.float32(scale[0]), np.float32(zero[0])


class Scaled:
    """[n, d] of a table that is held in whole numbers."""

    def __init__(self, values: Rows | npt.NDArray[Any], scale: np.float32, zero: np.float32) -> None:
        self._values, self._scale, self._zero = values, scale, zero

    def __getitem__(self, places: Places) -> Floats:
        return np.asarray((self._values[places].astype(np.float32) - self._zero) * self._scale, dtype=np.float32)


def _matrix(node: memoryview) -> dict[str, str]:
    """What a product with a quantised matrix is called in the model → the name of the matrix in the file."""
    inputs, name = [], ""
    for field, part in _parts(node):
        if isinstance(part, memoryview) and field == 1:
            inputs.append(bytes(part).decode())
        elif isinstance(part, memoryview) and field == 3:
            name = bytes(part).decode()
    found = re.fullmatch(r"/(.+)/(?:MatMul|Gemm_MatMul)_quant", name)
    if not found:
        return {}
    return {f"{found[1].replace('/', '.')}.weight": inputs[1].removesuffix("_quantized")}


def _tensor(content: memoryview) -> tuple[str, tuple[int, ...], npt.NDArray[np.generic]]:
    """Its name, its shape, and its values [n]."""
    shape: list[int] = []
    name, kind, values = "", 1, np.zeros(0, dtype=np.float32)
    for field, part in _parts(content):
        if field == 1:
            shape += [part] if isinstance(part, int) else _whole(part)
        elif field == 2 and isinstance(part, int):
            kind = part
        elif isinstance(part, int):
            continue
        elif field == 8:
            name = bytes(part).decode()
        elif field == 9 and len(part):
            values = np.frombuffer(part, dtype=_TYPES.get(kind, np.dtype(np.uint8)))
        elif field == 4:
            values = np.frombuffer(part, dtype=np.float32)
        elif field == 5:
            values = np.array(_whole(part), dtype=np.float32)
    return name, tuple(shape), values


def _parts(content: memoryview) -> Iterator[Part]:
    at = 0
    while at < len(content):
        key, at = _varint(content, at)
        field, wire_type = key >> 3, key & 7
        if wire_type == 0:
            value, at = _varint(content, at)
            yield field, value
            continue
        if wire_type == _BYTES:
            length, at = _varint(content, at)
        else:
            length = _LENGTHS[wire_type]
        yield field, content[at : at + length]
        at += length


def _whole(content: memoryview) -> list[int]:
    """Whole numbers one after the other; those below zero are written in 64 bits."""
    found, at = [], 0
    while at < len(content):
        value, at = _varint(content, at)
        found.append(struct.unpack("<q", struct.pack("<Q", value))[0])
    return found


def _varint(content: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[at]
        at += 1
        value |= (byte & ~_MORE) << shift
        shift += _BITS
        if not byte & _MORE:
            return value, at
