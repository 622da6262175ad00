"""Opens a graph that was written here in ONNX Runtime, with its weights beside it."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from knowledge.embedders.onnx_format import Tensor, is_apart


class Session(Protocol):
    """A graph that is ready to be computed, by whichever thread calls it."""

    def run(
        self, outputs: Sequence[str], inputs: Mapping[str, npt.NDArray[np.float32]]
    ) -> list[npt.NDArray[np.float32]]: ...


def session(file: bytes, weights: Mapping[str, Tensor]) -> Session:
    """The session of a file of `knowledge.embedders.onnx_format.model` with these weights."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    # Cores that share a text wait for each other; many texts go to a thread a core instead.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    apart = {name: np.ascontiguousarray(value) for name, value in weights.items() if is_apart(value)}
    options.add_external_initializers(list(apart), [ort.OrtValue.ortvalue_from_numpy(one) for one in apart.values()])
    opened: Any = ort.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    return opened  # type: ignore[no-any-return]
