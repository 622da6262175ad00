"""Passages are kept in memory only as long as they are what the file holds."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from knowledge.passages import CutDocument, PassageStore
from knowledge.types import Passage


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[tuple[PassageStore, PassageStore]]:
    """Two that hold the same file open, as two processes do."""
    with closing(PassageStore(tmp_path / "p")) as one, closing(PassageStore(tmp_path / "p")) as other:
        put(one, "old")
        yield one, other


def put(store: PassageStore, text: str) -> None:
    passage = Passage(id="a#0", source_id="a", title="A", section=(), text=text, position=0)
    there = store.document_hashes("default", ["a"])
    with store.transaction():
        store.put_documents("default", "a.md", [CutDocument(source_id="a", digest=text, passages=[passage])], there)


def text_of(store: PassageStore) -> str:
    return store.passages(["b#0", "a#0"])[0].text


def test_the_same_passage_is_shared_until_somebody_changes_it(stores: tuple[PassageStore, PassageStore]) -> None:
    one, other = stores
    assert one.passages(["a#0"])[0] is one.passages(["a#0", "b#0"])[0]
    put(other, "new")
    assert (text_of(one), text_of(other)) == ("new", "new")
    with other.transaction():
        other.remove_document("default", "a")
    assert one.passages(["a#0"]) == []


def test_what_is_taken_back_was_never_there(stores: tuple[PassageStore, PassageStore]) -> None:
    one, other = stores
    assert text_of(one) == "old"
    with pytest.raises(KeyboardInterrupt), one.transaction():
        one._run("update passage set text = 'half'")
        assert text_of(one) == "half"
        raise KeyboardInterrupt
    assert text_of(one) == text_of(other) == "old"


def test_only_so_many_are_kept(stores: tuple[PassageStore, PassageStore]) -> None:
    store, _ = stores
    passages = [Passage(id=f"b#{n}", source_id="b", title="B", section=(), text=str(n), position=n) for n in range(700)]
    with store.transaction():
        store.put_documents("default", "b.md", [CutDocument(source_id="b", digest="b", passages=passages)], there=())
    ids = [passage.id for passage in passages]
    for start in range(0, 700, 50):
        assert store.passages(ids[start : start + 50]) == passages[start : start + 50]
    assert list(store._known) == ids[200:]
    assert store.passages(ids) == passages
