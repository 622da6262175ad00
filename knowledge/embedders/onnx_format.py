"""Writes a model in the ONNX format: as much of its protocol buffers as a graph of operators with weights apart needs.

The numbers are those of the fields in onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
"""

import struct
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

_TYPES = {"float32": 1, "uint8": 2, "int8": 3, "int64": 7}
_VERSION, _OPERATORS, _OTHERS = 8, 17, "com.microsoft"
_EXTERNAL = 1
_BITS, _MORE, _WORD = 7, 0x80, 2**64 - 1

Tensor = npt.NDArray[np.float32] | npt.NDArray[np.int8] | npt.NDArray[np.uint8] | npt.NDArray[np.int64]
Attribute = float | Sequence[int]

Dimensions = Sequence[int | str]
"""Of a tensor; a name stands for a size that is told at each call."""


def node(
    operator: str, inputs: Sequence[str], outputs: Sequence[str], *, others: bool = False, **attributes: Attribute
) -> bytes:
    """An operator; `others`: one of those that ONNX Runtime adds to the standard."""
    return (
        b"".join(_text(1, name) for name in inputs)
        + b"".join(_text(2, name) for name in outputs)
        + _text(4, operator)
        + b"".join(_part(5, _attribute(name, value)) for name, value in attributes.items())
        + (_text(7, _OTHERS) if others else b"")
    )


def model(
    nodes: Sequence[bytes],
    weights: Mapping[str, Tensor],
    inputs: Mapping[str, Dimensions],
    outputs: Mapping[str, Dimensions],
) -> bytes:
    """The file. weights: named and described only, where they are apart; the session is given their values. All other tensors
    are of float32.
    """
    graph = (
        b"".join(_part(1, one) for one in nodes)
        + _text(2, "graph")
        + b"".join(_part(5, _weight(name, value)) for name, value in weights.items())
        + b"".join(_part(11, _described(name, sizes)) for name, sizes in inputs.items())
        + b"".join(_part(12, _described(name, sizes)) for name, sizes in outputs.items())
    )
    standard, added = _text(1, "") + _int(2, _OPERATORS), _text(1, _OTHERS) + _int(2, 1)
    return _int(1, _VERSION) + _part(7, graph) + _part(8, standard) + _part(8, added)


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, Sequence):
        return _text(1, name) + b"".join(_int(8, one) for one in value) + _int(20, 7)
    if isinstance(value, int):
        return _text(1, name) + _int(3, value) + _int(20, 2)
    return _text(1, name) + _key(2, 5) + struct.pack("<f", value) + _int(20, 1)


def is_apart(value: Tensor) -> bool:
    """Whether a weight is kept out of the file; sizes, which the graph is checked by, stand in it."""
    return value.dtype != np.int64


def _weight(name: str, value: Tensor) -> bytes:
    sizes = b"".join(_int(1, size) for size in value.shape)
    described = sizes + _int(2, _TYPES[value.dtype.name]) + _text(8, name)
    if not is_apart(value):
        return described + _part(9, value.astype("<i8").tobytes())
    return described + _part(13, _text(1, "location") + _text(2, name)) + _int(14, _EXTERNAL)


def _described(name: str, sizes: Dimensions) -> bytes:
    shape = b"".join(_part(1, _int(1, size) if isinstance(size, int) else _text(2, size)) for size in sizes)
    return _text(1, name) + _part(2, _part(1, _int(1, _TYPES["float32"]) + _part(2, shape)))


def _text(field: int, text: str) -> bytes:
    return _part(field, text.encode())


def _part(field: int, content: bytes) -> bytes:
    return _key(field, 2) + _varint(len(content)) + content


def _int(field: int, value: int) -> bytes:
    value &= _WORD  # a negative number as the format has it: the complement to two
    return _key(field, 0) + _varint(value)


def _key(field: int, wire_type: int) -> bytes:
    return _varint(field << 3 | wire_type)


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; all but the last say that more follow."""
    found = bytearray()
    while value >= _MORE:
        found.append(value & (_MORE - 1) | _MORE)
        value >>= _BITS
    return bytes([*found, value])
