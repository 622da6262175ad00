"""The fitted networks of the composer: which span answers, and how sure one can be of it.

Refit them with `python -m evals.fits.reader`; the file is readable JSON.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A perceptron over standardised features.

    mean, scale: [features]; layers: (weight [inputs, outputs], bias [outputs]) each, rectified in between; one output.
    """

    mean: Array
    scale: Array
    layers: tuple[tuple[Array, Array], ...]

    def scores(self, features: Array) -> Array:
        """[n] for [n, features]; logits."""
        values = np.clip((features - self.mean) / self.scale, -5, 5)
        for number, (weight, bias) in enumerate(self.layers, start=1):
            values = values @ weight + bias
            if number < len(self.layers):
                values = np.maximum(values, 0)
        return np.asarray(values[:, 0], dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """rank: over `candidates.FEATURES`; support: over `selection.SUPPORT_FEATURES`."""

    rank: Network
    support: Network

    def support_of(self, features: Sequence[Array]) -> float:
        """Probability 0…1 that the evidence answers a question, by the features of what was selected for its parts."""
        return float(1 / (1 + np.exp(-self.support.scores(np.mean(features, axis=0)[None])[0])))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderWeights:
    """vectors: where similarity of vectors is known; words: where only words are compared.

    glosses: of `vectors` the support where a text was read by its glosses: they say less, so that it is less sure.
    """

    vectors: Weights
    words: Weights
    glosses: Network

    def of(self, *, has_vectors: bool, language: str) -> Weights:
        """Those that fit the candidates for a question in this language."""
        if not has_vectors:
            return self.words
        return Weights(rank=self.vectors.rank, support=self.glosses) if language == "zh" else self.vectors


@cache
def default_weights() -> ReaderWeights:
    """The weights that the package ships; read once."""
    raw = orjson.loads((files("agent.generate.extractive") / "weights.json").read_bytes())
    return ReaderWeights(
        vectors=Weights(**{name: _network(raw["vectors"][name]) for name in ("rank", "support")}),
        words=Weights(**{name: _network(raw["words"][name]) for name in ("rank", "support")}),
        glosses=_network(raw["glosses"]["support"]),
    )


def weights_json(weights: ReaderWeights, names: Mapping[str, Sequence[str]]) -> bytes:
    """The file's text; `names` says which features each network reads, for whoever opens the file."""
    value = {
        kind: {name: {"features": names[name], **_numbers(getattr(getattr(weights, kind), name))} for name in names}
        for kind in ("vectors", "words")
    }
    value["glosses"] = {"support": {"features": names["support"], **_numbers(weights.glosses)}}
    return orjson.dumps(value) + b"\n"


def _numbers(network: Network) -> dict[str, object]:
    return {
        "mean": _rounded(network.mean),
        "scale": _rounded(network.scale),
        "layers": [{"weight": _rounded(weight), "bias": _rounded(bias)} for weight, bias in network.layers],
    }


def _rounded(values: Array) -> Any:
    return np.round(values.astype(float), 4).tolist()


def _network(raw: Mapping[str, Any]) -> Network:
    return Network(
        mean=np.asarray(raw["mean"], dtype=np.float32),
        scale=np.asarray(raw["scale"], dtype=np.float32),
        layers=tuple(
            (np.asarray(layer["weight"], dtype=np.float32), np.asarray(layer["bias"], dtype=np.float32))
            for layer in raw["layers"]
        ),
    )
