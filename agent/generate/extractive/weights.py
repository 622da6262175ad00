"""The fitted weights of the composer: which span answers, and how sure one can be of it.

Refit them with `python -m evals.benchmarks.fit_extractive`; the file is readable JSON.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import orjson

from agent.generate.extractive.candidates import FEATURES, Candidate

SUPPORT_FEATURES = (
    "similarity",  # cosine of the best span
    "best_similarity",  # highest cosine of any candidate
    "coverage_in_context",  # of the best span
    "passage_coverage",  # rarity-weighted share of the question's words that stand in the passage quoted
    "name",  # whether the passage stands under a name in the question
    "type_missing",  # a kind of answer was wanted and the answer holds none
    "margin",  # score of the best span over that of the best of another passage
    "score",  # ranking score of the best span
    "passage_lexical",  # BM25 of the passage, logarithm
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """rank: by FEATURES, over values standardised among the candidates; support: by SUPPORT_FEATURES, logistic."""

    rank: npt.NDArray[np.float32]
    support: npt.NDArray[np.float32]
    support_bias: float

    def rank_scores(self, found: Sequence[Candidate]) -> npt.NDArray[np.float32]:
        """[n] score of each candidate, comparable within the question only."""
        return np.asarray(standardised(found) @ self.rank, dtype=np.float32)

    def support_of(self, features: npt.NDArray[np.float32]) -> float:
        """Probability 0…1 that the answer with these features is right."""
        return float(1 / (1 + np.exp(-(features @ self.support + self.support_bias))))


def standardised(found: Sequence[Candidate]) -> npt.NDArray[np.float32]:
    """[n, len(FEATURES)]: each feature minus its mean among the candidates, over its deviation."""
    values = np.stack([candidate.features for candidate in found])
    return np.asarray((values - values.mean(0)) / (values.std(0) + 1e-3), dtype=np.float32)


def default_weights() -> Weights:
    """The weights that the package ships."""
    raw = orjson.loads((files("agent.generate.extractive") / "weights.json").read_bytes())
    return Weights(
        rank=_by_name(raw["rank"], FEATURES),
        support=_by_name(raw["support"], SUPPORT_FEATURES),
        support_bias=float(raw["support_bias"]),
    )


def weights_json(rank: Sequence[float], support: Sequence[float], support_bias: float) -> bytes:
    """The file's text for fitted numbers."""
    value: Mapping[str, object] = {
        "rank": {name: round(float(weight), 4) for name, weight in zip(FEATURES, rank, strict=True)},
        "support": {name: round(float(weight), 4) for name, weight in zip(SUPPORT_FEATURES, support, strict=True)},
        "support_bias": round(float(support_bias), 4),
    }
    return orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n"


def _by_name(values: Mapping[str, float], names: Sequence[str]) -> npt.NDArray[np.float32]:
    return np.asarray([values[name] for name in names], dtype=np.float32)
