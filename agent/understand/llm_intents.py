"""Intents told by a language model among the few that a trained classifier holds likely.

The classifier narrows dozens of intents down to a handful, each shown with the utterances most like the message; the model
picks one, or none. Its word is weighed against the classifier's probabilities, so that confidence stays a probability.
Whatever goes wrong with the server, or takes too long, leaves what the classifier said.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from agent.training.classifier import Classifier, Prediction
from agent.training.data import OUT_OF_SCOPE, Labelled
from agent.understand.likeness import Likeness

_GIVEN_UP_AFTER = 3  # failures in a row, from which on a batch no longer asks
_AT_ONCE = 8


class Chooser(Protocol):
    """Picks the intent of a text among some, each with utterances of it; `oos` for none of them, None for no answer."""

    def choose(self, text: str, intents: Mapping[str, Sequence[str]]) -> str | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How the model is asked. candidates: how many intents it chooses from; examples: utterances of each.

    sure: confidence from which the classifier's word is enough. reliability: how often the model is right when the right
    intent is among the candidates; measured on held-out data (`ModelIntents.reliability`) it keeps the confidence calibrated.
    """

    candidates: int = 6
    examples: int = 4
    sure: float = 0.98
    reliability: float = 0.9


class ModelIntents:
    """Implements `agent.training.classifier.Classifier` by a classifier and a model that chooses among its candidates.

    asked, failed: how many texts the model was asked about, and how many of these it gave no usable answer to.
    """

    def __init__(
        self, classifier: Classifier, chooser: Chooser, examples: Labelled, asking: Asking | None = None
    ) -> None:
        self.card = classifier.card
        self.asked = 0
        self.failed = 0
        self._classifier = classifier
        self._chooser = chooser
        self._asking = asking or Asking()
        utterances: dict[str, list[str]] = {}
        for text, label in zip(examples.texts, examples.labels, strict=True):
            utterances.setdefault(label, []).append(text)
        self._likeness = {label: Likeness(texts) for label, texts in utterances.items()}

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """What the classifier says of each text, weighed with what the model says where it is not sure."""
        predictions = self._classifier.predict(texts)
        unsure = [n for n, one in enumerate(predictions) if self._in_doubt(one)]
        for n, said in self._words(texts, predictions, unsure):
            if said is not None:
                candidates = self._candidates(predictions[n])
                predictions[n] = weighed(predictions[n], said, candidates, self._asking.reliability)
        return predictions

    def _in_doubt(self, prediction: Prediction) -> bool:
        """Whether the model is asked: not where a message says two things, as the request has room for one."""
        return not prediction.parts and 0 < prediction.confidence < self._asking.sure

    def reliability(self, held_out: Labelled) -> float:
        """How often the model names the truth where it is among the choices, on examples that it was not shown.

        Laplace's estimate, which is never 0 or 1. Give it to `Asking`, so that the confidence is calibrated.
        """
        predictions = self._classifier.predict(held_out.texts)
        choices = [{*self._candidates(one), OUT_OF_SCOPE} for one in predictions]
        asked = [n for n, truth in enumerate(held_out.labels) if truth in choices[n]]
        right = sum(said == held_out.labels[n] for n, said in self._words(held_out.texts, predictions, asked))
        return (right + 1) / (len(asked) + 2)

    def _words(
        self, texts: Sequence[str], predictions: Sequence[Prediction], rows: Sequence[int]
    ) -> list[tuple[int, str | None]]:
        """The model's word on the texts at these positions, some at once; None where it gave none.

        After some failures in a row the rest is not asked about: a server that hangs would hang for each.
        """
        words: list[tuple[int, str | None]] = []
        failures = 0
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="intents") as threads:
            for start in range(0, len(rows), _AT_ONCE):
                part = rows[start : start + _AT_ONCE]
                said: Iterable[str | None] = [None] * len(part)
                if failures < _GIVEN_UP_AFTER:
                    said = threads.map(self._word, [texts[n] for n in part], [predictions[n] for n in part])
                for n, word in zip(part, said, strict=True):
                    failures = failures + 1 if word is None else 0
                    words.append((n, word))
        self.asked += len(words)
        self.failed += sum(word is None for _, word in words)
        return words

    def _candidates(self, prediction: Prediction) -> list[str]:
        labels = (label for label in prediction.scores if label != OUT_OF_SCOPE)
        return list(islice(labels, self._asking.candidates))

    def _word(self, text: str, prediction: Prediction) -> str | None:
        shown = {}
        for label in self._candidates(prediction):
            known = self._likeness.get(label)
            shown[label] = known.nearest(text, self._asking.examples) if known else []
        return self._chooser.choose(text, shown)


def weighed(prediction: Prediction, said: str, candidates: Sequence[str], reliability: float) -> Prediction:
    """The prediction after the model's word, by Bayes' rule.

    The model is taken for a witness that names what is true with probability `reliability`, and otherwise any of the other
    choices alike. Of what was not among the choices it knows nothing: there its word is an error whatever it is.
    """
    wrong = (1 - reliability) / len({*candidates})  # the choices are these and `oos`
    likely = {
        label: p * (reliability if label == said else wrong)
        for label, p in prediction.scores.items()
        if label != OUT_OF_SCOPE
    }
    total, kept = sum(p for label, p in prediction.scores.items() if label != OUT_OF_SCOPE), sum(likely.values())
    outside = prediction.out_of_scope * (reliability if said == OUT_OF_SCOPE else wrong)
    inside = (1 - prediction.out_of_scope) * kept / total
    # As before, the scores are those of the intents; what is out of scope is told apart.
    scores: Mapping[str, float] = dict(
        sorted(((label, p * total / kept) for label, p in likely.items()), key=lambda item: -item[1])
    )
    best = next(iter(scores))
    return Prediction(label=best, confidence=scores[best], scores=scores, out_of_scope=outside / (inside + outside))
