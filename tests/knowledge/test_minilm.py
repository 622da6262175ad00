"""The packaged sentence embedder gives what transformers gives, whatever is read beside a text, and reads none twice."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest

from knowledge.embedders.bert import Bert, Floats, is_available
from knowledge.embedders.minilm import MiniLM

pytestmark = pytest.mark.skipif(not is_available(), reason="needs the extra `embeddings`")

RETURN, ORDER = "How long do I have to return something?", "Where is my order number 0? I ordered it  long ago"


class CountedBert(Bert):
    """Counts the texts that it reads."""

    texts = 0

    def read(self, ids: Sequence[Sequence[int]], types: Sequence[Sequence[int]], layers: Sequence[int]) -> list[Floats]:
        self.texts += len(ids)
        return super().read(ids, types, layers)

    def read_in_one(self, ids: Sequence[Sequence[int]], layers: Sequence[int]) -> list[list[Floats]]:
        self.texts += len(ids)
        return super().read_in_one(ids, layers)


@pytest.fixture(scope="module")
def bert() -> CountedBert:
    return CountedBert()


@pytest.fixture
def minilm(bert: CountedBert) -> MiniLM:
    return MiniLM(lambda: bert)


def test_vectors_are_those_of_transformers(minilm: MiniLM) -> None:
    found = minilm.embed_documents([RETURN, ORDER])
    known = [[-0.035354, 0.016727, 0.072841, 0.023411], [-0.017028, 0.003650, 0.044060, 0.040897]]
    assert found[:, :4] == pytest.approx(np.array(known), abs=0.015)
    assert np.linalg.norm(found, axis=1) == pytest.approx(1.0)


def test_layers_are_those_of_transformers(minilm: MiniLM) -> None:
    known = [-0.20017, 0.19909, 0.02146, 0.67855, 0.06535, 0.65568, 0.22731, 0.94530]
    assert minilm.read_layers([RETURN])[0, :, 0] == pytest.approx(np.array(known), abs=0.06)


def test_what_is_read_beside_it_changes_nothing(minilm: MiniLM) -> None:
    texts = [
        "",
        *(f"Is it {'very ' * n}late?" for n in range(12)),
        "退货期限是多久？",
        RETURN,
        "word " * 400,
        ORDER,
        RETURN,
    ]
    together = minilm.embed_documents(texts)
    alone = np.concatenate([minilm.embed_documents([text]) for text in texts])
    assert together == pytest.approx(alone, abs=1e-6)
    assert minilm.embed_documents([]).shape == (0, 384)


def test_a_few_of_any_lengths_are_read_in_one_and_none_sees_another(bert: CountedBert) -> None:
    texts = [RETURN, "", "退货期限是多久？", ORDER, "refund", "word " * 70, "It is late."]
    together = MiniLM(lambda: bert).embed_documents(texts)
    alone = np.concatenate([MiniLM(lambda: bert).embed_documents([text]) for text in texts])
    assert (together * alone).sum(axis=1) == pytest.approx(
        1.0, abs=1e-4
    )  # sums in another order, rounded to whole numbers


def test_who_asks_for_what_is_being_read_waits_for_it(bert: CountedBert) -> None:
    begun, go_on = Event(), Event()

    class Slow(CountedBert):
        def read_in_one(self, ids: Sequence[Sequence[int]], layers: Sequence[int]) -> list[list[Floats]]:
            begun.set()
            assert go_on.wait(10)
            self.texts += len(ids)
            return bert.read_in_one(ids, layers)

    slow = Slow()
    minilm = MiniLM(lambda: slow)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(minilm.read_layers, [RETURN, ORDER])
        assert begun.wait(10)
        second = threads.submit(minilm.embed_query, RETURN)
        go_on.set()
        assert second.result(10) @ first.result(10)[0, 0] > 0
    assert slow.texts == 2


def test_what_could_not_be_read_is_read_again(bert: CountedBert) -> None:
    fails = iter([True, False])

    class Failing(CountedBert):
        def read_in_one(self, ids: Sequence[Sequence[int]], layers: Sequence[int]) -> list[list[Floats]]:
            if next(fails):
                raise MemoryError
            return bert.read_in_one(ids, layers)

    minilm = MiniLM(Failing)
    with pytest.raises(MemoryError):
        minilm.embed_query(RETURN)
    assert np.linalg.norm(minilm.embed_query(RETURN)) == pytest.approx(1.0)


def test_a_question_is_read_once_for_intents_and_search(minilm: MiniLM, bert: CountedBert) -> None:
    before = bert.texts
    layers = minilm.read_layers([RETURN, ORDER])
    vector = minilm.embed_query(RETURN)
    assert bert.texts - before == 2
    assert vector @ layers[0, 0] == pytest.approx(np.linalg.norm(layers[0, 0]), abs=1e-5)
