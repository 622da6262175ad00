"""Vectors are made anew beside those in use: whoever asks meanwhile is answered, and a cut-off run goes on."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Event, Thread

import pytest

from knowledge.embedders.choose import EmbedderChoice
from knowledge.embedders.corpus import CorpusEmbedder
from knowledge.embedders.embedder import Vectors
from knowledge.errors import IndexMismatch
from knowledge.index.generation import Generation
from knowledge.library import Library

QUESTION = "how long do I have to send something back?"


def folders(library: Path) -> list[str]:
    return sorted(folder.name for folder in (library / "vectors").iterdir())


def test_a_library_that_is_open_answers_while_another_makes_it_anew(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = folders(tmp_path / "library")
    library.search(QUESTION, 1)
    working, go_on = Event(), Event()
    embed = CorpusEmbedder.embed_documents

    def slowly(self: CorpusEmbedder, texts: Sequence[str]) -> Vectors:
        if len(texts) > 1:
            working.set()
            go_on.wait(20)
        return embed(self, texts)

    monkeypatch.setattr(CorpusEmbedder, "embed_documents", slowly)
    rebuilt: list[Library] = []
    other = Thread(target=lambda: rebuilt.append(Library.rebuild(tmp_path / "library", "corpus")))
    other.start()
    assert working.wait(20)
    found = library.search(QUESTION, 1)
    assert found.passages[0].passage.source_id == "docs/returns.md"
    assert not found.failed_arms
    assert set(before) < set(folders(tmp_path / "library"))
    go_on.set()
    other.join()
    found = library.search(QUESTION, 1)
    assert found.passages[0].passage.source_id == "docs/returns.md"
    assert not found.failed_arms
    rebuilt[0].close()
    after = folders(tmp_path / "library")
    assert len(after) == 1
    assert after != before


class Killed(BaseException):
    """The process dies here."""


def test_a_rebuild_that_was_cut_off_goes_on_where_it_stopped(
    library: Library, tmp_path: Path, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.index.indexing._FAST_BATCH", 2)
    put, calls = Generation.put, []

    def dies(self: Generation, embedded: object, *, by_language: bool) -> None:
        calls.append(embedded)
        if len(calls) == 3:
            raise Killed
        put(self, embedded, by_language=by_language)  # type: ignore[arg-type]

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Generation, "put", dies)
        Library.rebuild(tmp_path / "library", "corpus")
    assert library.search(QUESTION, 1).passages[0].passage.source_id == "docs/returns.md"
    (docs / "returns.md").write_text("# Returns\n\nYou can send a product back within 99 days.\n", "utf-8")
    library.ingest([docs])
    written = []
    monkeypatch.setattr(Generation, "put", lambda self, them, **how: (written.extend(them), put(self, them, **how)))
    again = Library.rebuild(tmp_path / "library", "corpus")
    assert 0 < len(written) < again.size
    assert "99 days" in again.search(QUESTION, 1).passages[0].passage.text
    assert again.repair() is False
    again.close()
    assert len(folders(tmp_path / "library")) == 1


def test_another_model_of_an_endpoint_is_another_embedder() -> None:
    choice = EmbedderChoice(kind="endpoint", base_url="http://x", model="new")
    with pytest.raises(IndexMismatch, match="parley ingest --rebuild"):
        choice.resolve("endpoint/old/spans-2")
    assert choice.resolve("endpoint/new/spans-2") == "endpoint"


def test_an_index_of_an_older_version_says_how_to_make_it_anew(library: Library, tmp_path: Path) -> None:
    library._store.set_meta("generation", "")
    library.close()
    with pytest.raises(IndexMismatch, match="parley ingest --rebuild"):
        Library.open(tmp_path / "library", "corpus")
    assert Library.rebuild(tmp_path / "library", "corpus").search(QUESTION, 1).passages


def test_where_most_passages_are_replaced_their_vectors_are_made_beside(
    library: Library, tmp_path: Path, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = folders(tmp_path / "library")
    monkeypatch.setattr("knowledge.cutting.chunking.CHUNKING", "another")
    changes = {
        "30 ": "31 ",
        "3 days": "4 days",
        "两年": "三年",
        "七个": "八个",
        "9 to": "8 to",
        "$20": "$21",
        "$35": "$36",
    }
    for file in docs.iterdir():
        text = file.read_text("utf-8")
        for old, new in changes.items():
            text = text.replace(old, new)
        file.write_text(text, "utf-8")
    assert library.ingest([docs]).changed == 7
    assert "31 days" in library.search("send a product back", 1).passages[0].passage.text
    assert library._indexing.vectors().index.ids() == set(library._store.passage_ids())
    library.close()
    after = folders(tmp_path / "library")
    assert len(after) == 1
    assert after != before


def test_what_another_process_takes_in_is_found(library: Library, tmp_path: Path, docs: Path) -> None:
    library.search(QUESTION, 1)
    (docs / "loans.md").write_text("# Loans\n\nA zebra loan runs for 24 months.\n", "utf-8")
    code = (
        "import sys; from pathlib import Path; from knowledge.library import Library\n"
        "Library.open(Path(sys.argv[1]), 'corpus').ingest([sys.argv[2]])"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "library"), str(docs)], check=True)
    found = library.search("how long is a zebra loan", 1)
    assert found.passages[0].passage.source_id == "docs/loans.md"
    assert set(found.passages[0].arm_scores) >= {"vector", "lexical"}
    assert "docs/loans.md#0" in library._indexing.vectors().search(library.embed_query("months"), 20)
