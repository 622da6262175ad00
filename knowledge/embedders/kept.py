"""Arrays that take long to make of a package, or much memory: made once, and kept in a file for all processes of a user."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy.typing as npt

from knowledge.cached import cache_folder
from knowledge.embedders.tensors import Tensors

Arrays = Mapping[str, npt.NDArray[Any]]


def kept(name: str, made: Callable[[], Arrays]) -> Tensors | None:
    """Those of a name, which tells all that they depend on; None where there is nowhere to keep a file."""
    try:
        file = cache_folder() / f"{name}.safetensors"
        if not file.is_file():
            file.parent.mkdir(parents=True, exist_ok=True)
            partial = file.with_suffix(f".{os.getpid()}.partial")
            try:
                _write(partial, made())
                partial.replace(file)
            finally:
                partial.unlink(missing_ok=True)
        return Tensors(file)
    except (OSError, RuntimeError):
        return None


def _write(partial: Path, arrays: Arrays) -> None:
    from safetensors.numpy import save  # imported here: needed once in the life of a machine

    partial.write_bytes(save(dict(arrays)))
