"""A classifier that says what it is told to."""

from collections.abc import Mapping, Sequence

from agent.training.bundle import Card, Task
from agent.training.classifier import Part, Prediction


class FixedClassifier:
    """Gives every text these scores, the most probable first, these parts, and this chance of being out of scope."""

    def __init__(self, scores: Mapping[str, float], *, out_of_scope: float = 0.1, parts: tuple[Part, ...] = ()) -> None:
        self._parts = parts
        self.card = Card(task=Task.INTENT, model="fixed", labels=tuple(scores), examples=1, data_sha256="0" * 64)
        self._scores = dict(sorted(scores.items(), key=lambda item: -item[1]))
        self._out_of_scope = out_of_scope

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        best = next(iter(self._scores))
        one = Prediction(
            label=best,
            confidence=self._scores[best],
            scores=self._scores,
            out_of_scope=self._out_of_scope,
            parts=self._parts,
        )
        return [one for _ in texts]
