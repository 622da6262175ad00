"""Tells two intents in one message: "refund the phone, and where is my other order?".

A message is cut where both sides could stand alone; its halves are read in the same batch as the whole. Two intents are
told only where the halves and the whole bear each other out: neither half seems a stranger, neither would do for the
other's intent, the whole thinks of both and seems strange itself, and a word may announce the second. A message of one
clause is read as it was.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from agent.training.classifier import Classifier, Part, Prediction
from agent.understand.small_talk import small_talk
from knowledge.text.clauses import Span, clauses
from knowledge.text.openers import ADDING, ADDING_ZH

LEAST = 0.7
"""The evidence, 0…1, from which on two intents are told."""

_MOST_CLAUSES = 4  # each place to cut at costs two readings
_FAINTEST = 1e-4
_LETTER = re.compile(r"[^\W\d_]")
_ANNOUNCING = re.compile(
    rf"\b(?:{ADDING}|another|besides|plus|in addition)\b|{ADDING_ZH}|此外|再",
    re.IGNORECASE,
)
_LONGEST = 5_000  # characters; what is longer is a letter, which says more than two things


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Of what speaks for two intents, each as a logit, in a logistic model (`evals.benchmarks.several_intents` fits it).

    strange: out-of-scope score of the stranger half; shared: how likely either half finds the other's intent, as logarithms
    added up; least: how likely the whole finds the less likely of the two, as a logarithm; odd: out-of-scope score of the
    whole; announced: whether a word between the halves says that something else comes.
    """

    strange: float
    shared: float
    least: float
    odd: float
    announced: float
    bias: float

    def evidence(self, signs: Sequence[float]) -> float:
        """0…1, of signs as `signs_of` gives them."""
        weights = (self.strange, self.shared, self.least, self.odd, self.announced)
        return _logistic(self.bias + sum(weight * sign for weight, sign in zip(weights, signs, strict=True)))


SHIPPED = Weights(strange=-0.54, shared=-0.52, least=0.37, odd=0.48, announced=2.0, bias=-4.23)


class SeveralIntents:
    """Implements `agent.training.classifier.Classifier` around another, whose predictions it gives `parts`."""

    def __init__(self, classifier: Classifier, weights: Weights = SHIPPED) -> None:
        self.card = classifier.card
        self._classifier = classifier
        self._weights = weights

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """What the classifier says of each text, with the two intents of those that have two."""
        cuts = [halves(text) for text in texts]
        read = self._classifier.predict([*texts, *(half for ways in cuts for cut in ways for half in cut.texts)])
        found = read[: len(texts)]
        rest = iter(read[len(texts) :])
        for row, ways in enumerate(cuts):
            readings = [Halves(cut=cut, first=next(rest), second=next(rest)) for cut in ways]
            if parts := self._parts(found[row], readings):
                found[row] = replace(found[row], parts=parts)
        return found

    def _parts(self, whole: Prediction, readings: Sequence["Halves"]) -> tuple[Part, ...]:
        """The two intents by the best way to cut, in order of mention; none where the evidence is too weak."""
        ranked = [(self._weights.evidence(signs_of(whole, one)), one.parts()) for one in readings if one.differ]
        evidence, parts = max(ranked, key=lambda one: one[0], default=(0.0, ()))
        return parts if evidence >= LEAST else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A message in two. announced: whether a word between them says that something else comes ("also", 另外)."""

    texts: tuple[str, str]
    announced: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Halves:
    """A message cut in two, and what each half was taken for."""

    cut: Cut
    first: Prediction
    second: Prediction

    @property
    def differ(self) -> bool:
        """Whether they have different intents."""
        return self.first.label != self.second.label

    def parts(self) -> tuple[Part, ...]:
        """Both, in order of mention."""
        return tuple(
            Part(label=one.label, confidence=one.confidence, text=text)
            for text, one in zip(self.cut.texts, (self.first, self.second), strict=True)
        )


def said(text: str, prediction: Prediction, threshold: float) -> tuple[Part, ...]:
    """What a text expresses, in order of mention: its parts, else its best label, nothing where it is out of scope."""
    if prediction.parts or prediction.out_of_scope >= threshold:
        return prediction.parts
    return (Part(label=prediction.label, confidence=prediction.confidence, text=text),)


def halves(text: str) -> list[Cut]:
    """Every way to cut a text in two that could both stand alone; courtesies, and what has no word ("12-34"), are left out
    and are nobody's half.
    """
    if len(text) > _LONGEST:
        return []
    said = ((span, text[span[0] : span[1]]) for span in clauses(text))
    spans = [span for span, clause in said if _LETTER.search(clause) and not small_talk(clause)]
    spans = _few(spans)
    begins, ends = (spans[0][0], spans[-1][1]) if spans else (0, 0)
    return [
        Cut(
            texts=(text[begins : before[1]], text[after[0] : ends]),
            announced=bool(_ANNOUNCING.search(text[before[1] : after[0]])),
        )
        for before, after in pairwise(spans)
    ]


def signs_of(whole: Prediction, halved: Halves) -> tuple[float, float, float, float, float]:
    """What the weights weigh, in their order."""
    first, second = halved.first, halved.second
    return (
        _logit(max(first.out_of_scope, second.out_of_scope)),
        _log(first.scores.get(second.label, 0.0)) + _log(second.scores.get(first.label, 0.0)),
        _log(min(whole.scores.get(first.label, 0.0), whole.scores.get(second.label, 0.0))),
        _logit(whole.out_of_scope),
        float(halved.cut.announced),
    )


def _few(spans: list[Span]) -> list[Span]:
    """No more than are worth reading: the shortest neighbours are taken together."""
    few = list(spans)
    while len(few) > _MOST_CLAUSES:
        place = min(range(len(few) - 1), key=lambda n: few[n + 1][1] - few[n][0])
        few[place : place + 2] = [(few[place][0], few[place + 1][1])]
    return few


def _log(probability: float) -> float:
    return math.log(max(probability, _FAINTEST))


def _logit(probability: float) -> float:
    return _log(probability) - _log(1 - probability)


def _logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))
