"""Messages that come at the same moment are read in one batch; each gets its own reading."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from agent.training.bundle import Card, Task
from agent.training.classifier import Prediction
from agent.understand.together import ReadTogether


class SlowFirst:
    """Says each text back; its first batch takes until it is told to go on. A text "break" breaks it."""

    def __init__(self) -> None:
        self.card = Card(task=Task.INTENT, model="echo", labels=("a", "b"), examples=1, data_sha256="0" * 64)
        self.batches: list[list[str]] = []
        self.begun, self.go_on = Event(), Event()

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        self.batches.append(list(texts))
        self.begun.set()
        assert self.go_on.wait(10)
        if "break" in texts:
            raise ValueError("broken")
        return [Prediction(label=text, confidence=1.0, scores={text: 1.0}) for text in texts]


def test_who_comes_while_a_batch_is_read_is_read_together_with_all_who_wait() -> None:
    slow = SlowFirst()
    reader = ReadTogether(slow)
    asked = [["退款"], ["one", "two"], [], ["three"], [*map(str, range(250))], ["last", "of all", "多久"]]
    with ThreadPoolExecutor(len(asked)) as threads:
        first = threads.submit(reader.predict, asked[0])
        assert slow.begun.wait(10)
        others = [threads.submit(reader.predict, texts) for texts in asked[1:]]
        while len(reader._waiting) < len(others):
            pass
        slow.go_on.set()
        found = [[one.label for one in future.result(10)] for future in (first, *others)]
    assert found == asked
    assert slow.batches[0] == ["退款"]
    assert len(slow.batches) <= 4 and max(map(len, slow.batches)) <= 256


def test_what_breaks_a_batch_is_raised_and_the_next_is_read() -> None:
    slow = SlowFirst()
    slow.go_on.set()
    reader = ReadTogether(slow)
    with pytest.raises(ValueError, match="broken"):
        reader.predict(["break"])
    assert [one.label for one in reader.predict(["whole"])] == ["whole"]
