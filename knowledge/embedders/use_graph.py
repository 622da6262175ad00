"""The multilingual encoder as a graph that ONNX Runtime computes, in a seventh of the time that numpy takes for one text.

What the package multiplies in float32 is multiplied in whole numbers (`knowledge.embedders.whole_numbers`): a cosine of .999 with
its vectors or more, and a quarter of the memory. The architecture is the package's: n-grams of two, three and five pieces read by two
convolutions each, beside the pieces themselves; their sum read by dense layers.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.embedders.onnx_format import Tensor, model, node
from knowledge.embedders.sessions import Session, session
from knowledge.embedders.whole_numbers import in_whole_numbers, product, put_scales

Floats = npt.NDArray[np.float32]
Weight = Callable[[str], npt.NDArray[Any]]

_PIECE, _GRAM = 512, 256
_GRAMS = ((2, 0), (3, 1), (5, 2))
"""Of each kind of n-gram: how many pieces, and how many of them before the one that it stands for."""
_LEAST = 1e-6
_END = 2**31 - 1


def opened(weight: Weight) -> Session:
    """The graph: {"pieces": [tokens, 512], "root": [1, 1], the square root of their number} → [1, 512] before its length is made one.

    weight: an array of the package by its name, those of a list as "w1 0".
    """
    put: dict[str, Tensor] = {}
    put_scales(put, _LEAST)
    nodes = [*_grams(put, weight), *_dense(put, weight)]
    return session(model(nodes, put, {"pieces": ("tokens", _PIECE), "root": (1, 1)}, {"meaning": (1, _PIECE)}), put)


def _grams(put: dict[str, Tensor], weight: Weight) -> list[bytes]:
    """The pieces beside what each kind of n-gram makes of them, "read" [tokens, 512 + 3 × 256]."""
    parts = [f"pieces of {n}" for n, _ in _GRAMS]
    nodes = [
        *in_whole_numbers("pieces"),
        *product(put, weight("proj_W"), "pieces", "projection", "projected"),
        node("Add", ["projected", _put(put, "proj_b", weight)], ["projected all"]),
        _norm(put, weight, "projected all", "_all", "cut"),
        node("Split", ["cut", _sizes(put, "three", [_GRAM] * len(_GRAMS))], parts, axis=1),
    ]
    for place, (part, (pieces, before)) in enumerate(zip(parts, _GRAMS, strict=True)):
        nodes += _convolution(put, weight, ("w1", "b1", place), part, f"{part} once", (pieces, before))
        nodes += _convolution(put, weight, ("w2", "b2", place), f"{part} once", f"{part} twice", (pieces, before))
    nodes.append(node("Concat", ["pieces", *(f"{part} twice" for part in parts)], ["all"], axis=1))
    return [*nodes, _norm(put, weight, "all", "", "read")]


def _convolution(
    put: dict[str, Tensor],
    weight: Weight,
    names: tuple[str, str, int],
    given: str,
    output: str,
    window: tuple[int, int],
) -> list[bytes]:
    """What an n-gram around each row makes of it, added to it; beyond the ends there are zeros."""
    matrix, bias, place = names
    pieces, before = window
    after = pieces - 1 - before
    nodes = [node("Pad", [given, _sizes(put, f"around {output}", [before, 0, after, 0])], [f"{given} padded"])]
    shifted = []
    first = _sizes(put, "first axis", [0])
    for n in range(pieces):
        ends = [_sizes(put, f"from {n}", [n]), _sizes(put, f"{pieces - 1 - n} less", [n + 1 - pieces or _END])]
        shifted.append(f"{given} from {n}")
        nodes.append(node("Slice", [f"{given} padded", *ends, first], [shifted[-1]]))
    return [
        *nodes,
        node("Concat", shifted, [f"{given} grams"], axis=1),
        *in_whole_numbers(f"{given} grams"),
        *product(put, weight(f"{matrix} {place}"), f"{given} grams", f"{matrix} {place}", f"{given} product"),
        node("Add", [f"{given} product", _put(put, f"{bias} {place}", weight)], [f"{given} added"]),
        node("Relu", [f"{given} added"], [f"{given} above"]),
        node("Add", [f"{given} above", given], [output]),
    ]


def _dense(put: dict[str, Tensor], weight: Weight) -> list[bytes]:
    """The mean over the rows, by the root of how many, and the layers that read it."""
    return [
        node("ReduceMean", ["read"], ["mean"], axes=[0]),
        node("MatMul", ["mean", _put(put, "cnn_W", weight)], ["mean product"]),
        node("Add", ["mean product", _put(put, "cnn_b", weight)], ["mean added"]),
        node("Mul", ["mean added", "root"], ["sum"]),
        node("MatMul", ["sum", _put(put, "d0", weight)], ["sum d0"]),
        node("Relu", ["sum d0"], ["y0"]),
        node("MatMul", ["sum", _put(put, "p1", weight)], ["sum p1"]),
        node("MatMul", ["y0", _put(put, "d1", weight)], ["y0 d1"]),
        node("Add", ["sum p1", "y0 d1"], ["y1 all"]),
        node("Relu", ["y1 all"], ["y1"]),
        node("MatMul", ["y1", _put(put, "d2", weight)], ["y1 d2"]),
        node("Relu", ["y1 d2"], ["y2"]),
        node("MatMul", ["y1", _put(put, "p3", weight)], ["y1 p3"]),
        node("MatMul", ["y2", _put(put, "d3", weight)], ["y2 d3"]),
        node("Add", ["y1 p3", "y2 d3"], ["all of it"]),
        node("Tanh", ["all of it"], ["meaning"]),
    ]


def _norm(put: dict[str, Tensor], weight: Weight, given: str, which: str, output: str) -> bytes:
    inputs = [given, _put(put, f"ln_g{which}", weight), _put(put, f"ln_b{which}", weight)]
    return node("LayerNormalization", inputs, [output], axis=1, epsilon=float(weight("eps")))


def _put(put: dict[str, Tensor], name: str, weight: Weight) -> str:
    put[name] = np.asarray(weight(name), dtype=np.float32)
    return name


def _sizes(put: dict[str, Tensor], name: str, sizes: list[int]) -> str:
    put[name] = np.array(sizes, dtype=np.int64)
    return name
