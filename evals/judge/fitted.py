"""The judge that needs no model: signs of words, numbers and names (and of meaning, with an embedder), weighed by a logistic
regression that `python -m evals.fits.judge` fits. It says that it is one: `FittedJudge.name`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
from pydantic import BaseModel, ConfigDict

from evals.judge.signs import ANSWERS, MEANING, PassageVectors, Read, answer_signs, grounded_signs, meaning_signs
from evals.metrics.grounding import claims
from knowledge.embedders.embedder import Embedder

WEIGHTS = "fitted.json"


class Weights(BaseModel):
    """Of one question of the judge, sign by sign."""

    model_config = ConfigDict(frozen=True)

    signs: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float

    def probability(self, values: Sequence[float]) -> float:
        """0…1."""
        return float(1 / (1 + np.exp(-(np.dot(self.weights, values) + self.bias))))


class AllWeights(BaseModel):
    """grounded, answers: by words alone, in both languages; answers_meaning: with an embedder's signs, too."""

    model_config = ConfigDict(frozen=True)

    grounded: Weights
    answers: Weights
    answers_meaning: Weights


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSentence:
    """A claim of an answer, and the probability that the passages support it."""

    claim: str
    grounded: float


class FittedJudge:
    """Judges groundedness, answerability and how helpful an answer is. embedder: used for English, which its weights were fitted on; None goes by words."""

    name = "fitted (no model)"

    def __init__(self, embedder: Embedder | None = None, weights: AllWeights | None = None) -> None:
        self._embedder = embedder
        self._embed = PassageVectors(embedder) if embedder else None
        self._weights = weights or packaged_weights()

    def prepare(self, passages: Iterable[str]) -> None:
        """Reads passages ahead of being asked about them, in a language that the embedder understands; without one, nothing."""
        if self._embed:
            self._embed.prepare(passages)

    def sentences(self, answer: str, passages: Sequence[str]) -> list[JudgedSentence]:
        """Each claim of an answer against its passages."""
        read = _read(tuple(passages))
        return [
            JudgedSentence(
                claim=claim,
                grounded=self._weights.grounded.probability(grounded_signs(claim, read)) if passages else 0.0,
            )
            for claim, _ in claims(answer)
        ]

    def groundedness(self, answer: str, passages: Sequence[str]) -> float | None:
        """Mean probability that a claim is supported, 0…1; None where the answer states nothing."""
        found = self.sentences(answer, passages)
        return sum(one.grounded for one in found) / len(found) if found else None

    def answerability(self, question: str, passages: Sequence[str], language: str = "en") -> float:
        """Probability that the passages answer a question that stands alone, 0…1; 0 without passages."""
        if not passages:
            return 0.0
        embedder = self._embedder if language == "en" else None
        if embedder is None:
            return self._weights.answers.probability(answer_signs(question, _read(tuple(passages))))
        read = Read.of(passages, self._embed)
        told = [*answer_signs(question, read), *meaning_signs(question, read, embedder)]
        signs = dict(zip((*ANSWERS, *MEANING), told, strict=True))
        weights = self._weights.answers_meaning
        return weights.probability([signs[name] for name in weights.signs])

    def helpfulness(self, question: str, answer: str, grounded: float | None) -> float:
        """How far the answer is one to the question, and stands in its passages: geometric mean of both probabilities, 0…1.

        By words alone; 0 without passages, and where nothing is stated. grounded: as `groundedness` tells it.
        """
        answers = self._weights.answers.probability(answer_signs(question, _read((answer,)))) if grounded else 0.0
        return float(((grounded or 0.0) * answers) ** 0.5)


@lru_cache(maxsize=16)  # the question and the answer of a case are judged by the same passages
def _read(passages: tuple[str, ...]) -> Read:
    return Read.of(passages)


@cache
def packaged_weights() -> AllWeights:
    """Those of the package."""
    return AllWeights.model_validate_json((files("evals.judge") / WEIGHTS).read_text("utf-8"))
