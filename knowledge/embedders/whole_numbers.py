"""Operators that multiply by matrices in whole numbers of eight bits: a weight's columns and a text's tokens each by a scale of
their own, so that what is read beside a text changes nothing (LLM.int8(), Dettmers et al. 2022, arXiv:2208.07339, there for what is
no outlier).
"""

import numpy as np
import numpy.typing as npt

from knowledge.embedders.onnx_format import Tensor, node

Floats = npt.NDArray[np.float32]

MOST = 63  # of eight bits' 127: processors without VNNI add two products in sixteen bits, which more would overflow
_TOKEN_MOST = 127
_SCALE, _ZERO, _LEAST = "scale", "zero", "least"


def put_scales(put: dict[str, Tensor], least: float) -> None:
    """Adds what all products share. least: no token is divided by less."""
    put[_SCALE], put[_ZERO] = np.array([1 / _TOKEN_MOST], np.float32), np.array([_TOKEN_MOST + 1], np.uint8)
    put[_LEAST] = np.array([least], np.float32)


def in_whole_numbers(given: str, *, signed: bool = True) -> list[bytes]:
    """Makes of a tensor [..., d] its tokens in whole numbers, each by its greatest magnitude; of what is never far below 0, by its
    greatest value.
    """
    sizes = f"{given} sizes" if signed else given
    return [
        *([node("Abs", [given], [sizes])] if signed else []),
        node("ReduceMax", [sizes], [f"{given} greatest"], axes=[-1]),
        node("Max", [f"{given} greatest", _LEAST], [f"{given} scales"]),
        node("Div", [given, f"{given} scales"], [f"{given} shares"]),
        node("QuantizeLinear", [f"{given} shares", _SCALE, _ZERO], [f"{given} whole"]),
    ]


def product(put: dict[str, Tensor], weight: Floats, given: str, name: str, output: str) -> list[bytes]:
    """What is given in whole numbers, by a weight [in, out] that is put under a name."""
    greatest = np.abs(weight).max(axis=0)
    scale = np.where(greatest > 0, greatest, 1) / MOST
    put[f"{name}.whole"] = np.rint(weight / scale).astype(np.int8)
    put[f"{name}.scale"] = np.asarray(scale, dtype=np.float32)
    inputs = [f"{given} whole", f"{name}.whole", _SCALE, f"{name}.scale", _ZERO]
    return [
        node("MatMulIntegerToFloat", inputs, [f"{output} shares"], others=True),
        node("Mul", [f"{output} shares", f"{given} scales"], [output]),
    ]
