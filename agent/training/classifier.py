"""A trained model, opened: what it says of a text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from agent.errors import BundleError
from agent.training.bundle import Bundle, Card, read_bundle


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of several labels of a text: how probable it is, and the words that have it."""

    label: str
    confidence: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """Of one text. label: the most probable (for intents never `oos`); confidence: its calibrated probability.

    scores: label to probability, the most probable first; out_of_scope: 0…1, 0 for tasks without it.
    parts: where the text says more than one thing, each, in order of mention; else empty.
    """

    label: str
    confidence: float
    scores: Mapping[str, float]
    out_of_scope: float = 0.0
    parts: tuple[Part, ...] = ()


class Classifier(Protocol):
    """Tells the label of a text."""

    card: Card

    def predict(self, texts: Sequence[str]) -> list[Prediction]: ...


def open_classifier(folder: Path) -> Classifier:
    """The model of a bundle that was written. Raises BundleError."""
    return classifier_of(read_bundle(folder))


def classifier_of(bundle: Bundle) -> Classifier:
    """The model of a bundle, by the family that its card names. Raises BundleError."""
    # Imported here: each family imports this module for what a prediction is.
    from agent.training.intents.model import FAMILY as INTENTS
    from agent.training.intents.model import open_intents
    from agent.training.mood.model import FAMILY as MOODS
    from agent.training.mood.model import open_mood

    if bundle.card.model == INTENTS:
        return open_intents(bundle)
    if bundle.card.model == MOODS:
        return open_mood(bundle)
    raise BundleError(f"This version does not know models of the family {bundle.card.model!r}; train the bundle anew")


def threshold_of(card: Card) -> float:
    """From which out-of-scope score on a message is taken to be for none of the intents; 1 for tasks without it."""
    value = card.settings.get("out_of_scope_threshold", 1.0)
    return float(value) if isinstance(value, int | float) else 1.0
