"""What every trained classifier gives, whatever it was trained for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.training.bundle import Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """Of one text. confidence: calibrated probability of the label; scores: of all labels, most probable first."""

    label: str
    confidence: float
    scores: Mapping[str, float]
    out_of_scope: float


class Classifier(Protocol):
    """A model that was read from a bundle."""

    card: Card

    def predict(self, texts: Sequence[str]) -> list[Prediction]: ...
