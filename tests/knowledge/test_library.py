"""The library over real SQLite, real Chroma and real BM25, with the embedder that needs no weights."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.embedders.corpus import CorpusEmbedder
from knowledge.errors import IndexMismatch, KnowledgeError
from knowledge.index.indexing import Indexing
from knowledge.index.vectors import VectorIndex
from knowledge.library import Library, spans_of


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("how long do I have to send something back?", "docs/returns.md"),
        ("when does the shop open on Saturday", "docs/hours.html"),
        ("手机保修多久？", "docs/保修.md"),
        ("怎么开电子发票", "docs/发票.txt"),
        ("price of the toaster", "docs/prices.csv#2"),
    ],
)
def test_finds_what_is_asked_in_both_languages(library: Library, question: str, source: str) -> None:
    found = library.search(question, 3)
    assert found.passages[0].passage.source_id == source
    assert set(found.passages[0].arm_scores) >= {"vector", "span", "lexical"}
    assert not found.failed_arms
    for arm in ("vector", "lexical"):
        assert source in [one.passage.source_id for one in library.search_arm(arm, question, 3)]


def test_few_are_found_without_chroma_as_many_are_with_it(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = "how long do I have to send something back?", 3
    with monkeypatch.context() as patch:
        patch.setattr(VectorIndex, "_collection", None)
        few = library.search_arm("vector", *asked)
    monkeypatch.setattr("knowledge.index.generation._FEW", 0)
    library._indexing.vectors().look_again()
    many = library.search_arm("vector", *asked)
    assert few[0].passage.id == many[0].passage.id == "docs/returns.md#0"
    assert [one.score for one in few] == pytest.approx([one.score for one in many], abs=1e-3)


def test_nothing_changes_when_nothing_changed_and_no_index_is_opened(
    library: Library, docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.close()
    again = Library.open(tmp_path / "library", "corpus")
    monkeypatch.setattr(VectorIndex, "_collection", None)
    report = again.ingest([docs])
    assert (report.added, report.changed, report.unchanged, report.removed) == (0, 0, 7, 0)


def test_changed_is_replaced_and_gone_is_pruned(library: Library, docs: Path) -> None:
    (docs / "returns.md").write_text("# Returns\n\nYou can send a product back within 99 days.\n", "utf-8")
    (docs / "delivery.md").unlink()
    report = library.ingest([docs])
    assert (report.added, report.changed, report.removed) == (0, 1, 0)
    assert "99 days" in library.search("send a product back", 1).passages[0].passage.text
    assert library.ingest([docs], prune=True).removed == 1
    assert "docs/delivery.md" not in {passage.source_id for passage in library.passages()}
    assert library.size == len(library._indexing.vectors().index.ids())


def test_broken_ones_are_named_and_the_rest_is_read(library: Library, docs: Path) -> None:
    (docs / "broken.json").write_text("{", "utf-8")
    (docs / "empty.md").write_text(" ", "utf-8")
    (docs / "some.jsonl").write_text('{"id": "a1", "title": "A", "content": "Alpha."}\nnonsense\n', "utf-8")
    report = library.ingest([docs])
    assert report.added == 1
    assert {one.source for one in report.broken} == {"docs/broken.json", "docs/empty.md", "docs/some.jsonl#2"}
    assert library.ingest([docs]).broken == report.broken


def test_a_thousand_files_with_three_broken(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(1000):
        (folder / f"{number:04}.txt").write_bytes(b"\x00\xff" * 50 if number in {7, 77, 777} else b"Note %d" % number)
    library = Library.open(tmp_path / "library", "corpus")
    report = library.ingest([folder])
    assert report.added == 997
    assert [one.source for one in report.broken] == ["many/0007.txt", "many/0077.txt", "many/0777.txt"]


class Killed(BaseException):
    """The process dies here."""


def test_a_crash_between_the_indexes_is_repaired(
    library: Library, docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (docs / "loans.md").write_text("# Loans\n\nA zebra loan runs for 24 months.\n", "utf-8")
    (docs / "delivery.md").unlink()
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(VectorIndex, "upsert", lambda *_, **__: (_ for _ in ()).throw(Killed))
        library.ingest([docs], prune=True)
    library.close()
    reopened = Library.open(tmp_path / "library", "corpus")
    assert reopened.search("how long is a zebra loan", 1).passages[0].passage.source_id == "docs/loans.md"
    assert reopened._indexing.vectors().index.ids() == set(reopened._store.passage_ids())
    assert reopened._store.is_settled()
    assert reopened.repair() is False


def test_a_vector_index_that_lost_or_kept_too_much_is_mended(library: Library) -> None:
    index = library._indexing.vectors().index
    index.delete(["docs/returns.md#0"])
    index.upsert([], np.zeros((0, 1), dtype=np.float32), None)
    assert library.repair() is True
    assert index.ids() == set(library._store.passage_ids())


def test_an_interrupted_ingest_resumes(tmp_path: Path, docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library.open(tmp_path / "library", "corpus")
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Indexing, "catch_up", lambda *_: (_ for _ in ()).throw(Killed))
        library.ingest([docs])
    library.close()
    again = Library.open(tmp_path / "library", "corpus")
    assert again.ingest([docs]).unchanged == 7
    assert again._store.is_settled()
    assert again.search("return shipping", 1).passages[0].passage.source_id == "docs/returns.md"


def test_one_failing_arm_degrades_and_both_raise(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError("disk on fire")

    monkeypatch.setattr(Indexing, "vectors", broken)
    found = library.search("return shipping", 2)
    assert found.failed_arms == {"vector": "disk on fire"}
    assert found.passages[0].passage.source_id == "docs/returns.md"
    monkeypatch.setattr(Indexing, "lexical", broken)
    with pytest.raises(KnowledgeError, match="No search works"):
        library.search("return shipping", 2)


def test_another_embedder_is_refused_until_rebuilt(library: Library, tmp_path: Path) -> None:
    library._store.set_meta("embedder", "minilm-l6-v2/late-1")
    library.close()
    with pytest.raises(IndexMismatch, match="re-index"):
        Library.open(tmp_path / "library", "corpus")
    rebuilt = Library.rebuild(tmp_path / "library", "corpus")
    assert rebuilt.search("return shipping", 1).passages[0].passage.source_id == "docs/returns.md"


def test_spans_have_a_vector_each(library: Library) -> None:
    passages = library.passages()
    vectors = library.span_vectors([passage.id for passage in passages])
    for passage in passages:
        assert vectors[passage.id].shape[0] == len(spans_of(passage))
    assert library.embed_query("保修").shape == vectors[passages[0].id].shape[1:]


def test_an_empty_library_answers_with_nothing(tmp_path: Path) -> None:
    library = Library.open(tmp_path / "library", "corpus")
    assert library.search("anything", 5).passages == ()
    assert library.size == 0


@pytest.mark.parametrize("question", ["", "?", "\x00", "x" * 1_000_000, "🙂", "的"])
def test_hostile_questions_are_survived(library: Library, question: str) -> None:
    library.search(question, 3)


def test_the_fitted_embedder_is_the_same_after_saving(tmp_path: Path) -> None:
    embedder = CorpusEmbedder.fit(["the red kettle", "the black toaster", "保修期是两年"])
    embedder.save(tmp_path / "corpus.npz")
    loaded = CorpusEmbedder.load(tmp_path / "corpus.npz")
    assert loaded.name == embedder.name
    assert np.allclose(loaded.embed_query("保修"), embedder.embed_query("保修"))
    (tmp_path / "corpus.npz").write_bytes(b"no")
    with pytest.raises(IndexMismatch, match="Re-index"):
        CorpusEmbedder.load(tmp_path / "corpus.npz")
