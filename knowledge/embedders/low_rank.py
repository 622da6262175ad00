"""Changes to the weights of a packaged model: additions of low rank (LoRA, Hu et al. 2021, arXiv:2106.09685), kept in a file.

A file `*.npz` holds for each changed module `<module>/A` [rank, in] and `<module>/B` [out, rank] in whole numbers of eight
bits, each row with its scale (`<module>/A scale` [rank, 1], `<module>/B scale` [out, 1]); the weight grows by SCALE · B A.
What else is in it are numbers that were trained with them.
"""

from collections.abc import Mapping
from functools import cached_property
from importlib.abc import Traversable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

SCALE = 2.0
_MOST = 127


class LowRank:
    """The additions of a file, which is read at the first use."""

    def __init__(self, file: Traversable) -> None:
        self._file = file

    def __call__(self, name: str, weight: Floats) -> Floats:
        """The weight of this name (`encoder.layer.0.output.dense.weight`), changed where the file changes it."""
        module = name.removesuffix(".weight")
        if f"{module}/A" not in self._stored:
            return weight
        down, up = self.factors(module)
        return np.asarray(weight + SCALE * (up @ down), dtype=np.float32)

    @property
    def modules(self) -> list[str]:
        """The names of those whose weights the file changes."""
        return [name.removesuffix("/A") for name in self._stored if name.endswith("/A")]

    def factors(self, module: str) -> tuple[Floats, Floats]:
        """[rank, in] and [out, rank] of a module; SCALE times their product is what its weight grows by."""
        return self._factor(f"{module}/A"), self._factor(f"{module}/B")

    def number(self, name: str) -> Floats:
        """One of the other arrays."""
        return np.asarray(self._stored[name], dtype=np.float32)

    def _factor(self, key: str) -> Floats:
        return self.number(key) * self.number(f"{key} scale")

    @cached_property
    def _stored(self) -> Mapping[str, npt.NDArray[np.generic]]:
        with self._file.open("rb") as stream, np.load(stream) as stored:
            return dict(stored)


def in_whole_numbers(factors: Mapping[str, Floats]) -> dict[str, npt.NDArray[np.generic]]:
    """`<module>/A` and `<module>/B` as files hold them."""
    found: dict[str, npt.NDArray[np.generic]] = {}
    for key, factor in factors.items():
        scale = np.maximum(np.abs(factor).max(axis=1, keepdims=True), 1e-9) / _MOST
        found[key] = np.rint(factor / scale).astype(np.int8)
        found[f"{key} scale"] = scale.astype(np.float32)
    return found
