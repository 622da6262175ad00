"""Reads messages that come at the same moment in one batch, which costs little more than one of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

from agent.training.classifier import Classifier, Prediction

_MOST = 256  # texts of a batch; more would keep those who came first waiting


@dataclass(slots=True, eq=False)
class _Asked:
    """What one thread wants read, and what came of it."""

    texts: Sequence[str]
    found: list[Prediction] = field(default_factory=list)
    error: Exception | None = None
    done: bool = False


class ReadTogether:
    """Implements `agent.training.classifier.Classifier` around another, for many threads.

    Who comes alone is read at once. Who comes while a batch is read waits, and is read with all others who wait: nobody
    waits for a batch to fill.
    """

    def __init__(self, classifier: Classifier) -> None:
        self.card = classifier.card
        self._classifier = classifier
        self._waiting: list[_Asked] = []
        self._queueing = Lock()
        self._reading = Lock()

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """What the classifier says of each text; what it raises is raised for each of the batch."""
        own = _Asked(texts)
        with self._queueing:
            self._waiting.append(own)
        with self._reading:
            while not own.done:  # at most a few times: each batch takes those who came first
                self._read(self._next())
        if own.error is not None:
            raise own.error
        return own.found

    def _next(self) -> list[_Asked]:
        with self._queueing:
            batch = [self._waiting.pop(0)]
            while self._waiting and sum(len(one.texts) for one in batch) + len(self._waiting[0].texts) <= _MOST:
                batch.append(self._waiting.pop(0))
        return batch

    def _read(self, batch: Sequence[_Asked]) -> None:
        try:
            found = iter(self._classifier.predict([text for one in batch for text in one.texts]))
            for one in batch:
                one.found = [next(found) for _ in one.texts]
        except Exception as error:  # noqa: BLE001 - raised again by whoever asked
            for one in batch:
                one.error = error
        finally:
            for one in batch:
                one.done = True
