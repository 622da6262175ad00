"""A trained model, opened: what it says of a text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from agent.errors import BundleError
from agent.training.bundle import Card, read_card
from agent.training.data import OUT_OF_SCOPE
from agent.training.intents import LinearIntents, load_intents


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """Of one text. label: the most probable (for intents never `oos`), confidence: its calibrated probability.

    scores: label to probability, the most probable first; out_of_scope: 0…1, 0 for tasks without it.
    """

    label: str
    confidence: float
    scores: Mapping[str, float]
    out_of_scope: float = 0.0


class Classifier(Protocol):
    """Tells the label of a text."""

    card: Card

    def predict(self, texts: Sequence[str]) -> list[Prediction]: ...


class _Linear:
    """Implements `Classifier` over the linear intents."""

    def __init__(self, card: Card, model: LinearIntents) -> None:
        self.card = card
        self._model = model

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """A prediction of each text."""
        found = []
        for one in self._model.predict(texts):
            scores = {intent.name: intent.confidence for intent in one.intents}
            best = next(iter(scores), OUT_OF_SCOPE)
            found.append(
                Prediction(label=best, confidence=scores.get(best, 0.0), scores=scores, out_of_scope=one.out_of_scope)
            )
        return found


def open_classifier(folder: Path) -> Classifier:
    """The model of a bundle. Raises BundleError."""
    card = read_card(folder)
    if card.model != "linear":
        raise BundleError(f"{folder} holds a model {card.model!r} that this version does not know; train it anew")
    return _Linear(card, load_intents(folder))
