"""A library kept in step with folders: what is gone goes, and what cannot be seen stays."""

from pathlib import Path

import pytest

from knowledge.library import Library
from knowledge.sources import look
from knowledge.web.reading import Web


def held(library: Library) -> set[str]:
    return {passage.source_id for passage in library.passages()}


def test_a_row_of_a_file_and_a_file_of_a_folder_that_are_gone_go(library: Library, docs: Path) -> None:
    (docs / "faq.jsonl").write_text(
        '{"id": "q1", "title": "One", "content": "First."}\n{"id": "q2", "title": "Two", "content": "Second."}\n'
    )
    library.ingest([docs])
    (docs / "faq.jsonl").write_text('{"id": "q2", "title": "Two", "content": "Second."}\n')
    report = library.ingest([docs])
    assert (report.removed, "q1" in held(library), "q2" in held(library)) == (1, False, True)
    (docs / "faq.jsonl").unlink()
    assert library.ingest([docs], prune=True).removed == 1
    assert "q2" not in held(library)
    assert library._indexing.vectors().index.ids() == set(library._store.passage_ids())


def test_a_broken_file_keeps_what_it_gave(library: Library, docs: Path) -> None:
    (docs / "prices.csv").write_bytes(b"\x00\xff" * 50)
    (docs / "returns.md").write_text("---\naudience: nobody\n---\n# Returns\n\nNothing.\n")
    report = library.ingest([docs], prune=True)
    assert (report.removed, len(report.broken)) == (0, 2)
    assert {"docs/prices.csv#1", "docs/returns.md"} <= held(library)


def test_a_folder_that_is_gone_or_cannot_be_opened_takes_nothing_out(
    library: Library, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = held(library)
    docs.rename(docs.with_name("moved"))
    report = library.ingest([docs], prune=True)
    assert (report.removed, report.broken[0].reason) == (0, "no such file or folder")
    docs.with_name("moved").rename(docs)
    (docs / "inner").mkdir()

    import knowledge.sources as sources

    walk = sources.os.walk

    def refusing(folder: Path, onerror: object) -> object:
        onerror(PermissionError(13, "Permission denied", str(docs / "inner")))  # type: ignore[operator]
        return ((root, folders, []) for root, folders, _ in walk(folder))

    monkeypatch.setattr(sources.os, "walk", refusing)
    report = library.ingest([docs], prune=True)
    assert (report.removed, report.broken[0].reason) == (0, "Permission denied")
    assert held(library) == before


def test_hidden_files_and_kinds_that_are_not_read_are_no_part_of_a_folder(docs: Path) -> None:
    (docs / ".hidden").mkdir()
    (docs / ".hidden" / "a.md").write_text("x")
    (docs / ".b.md").write_text("x")
    (docs / "film.mp4").write_text("x")
    web = Web()
    names = [item.source_id for item in look(str(docs), web).items]
    web.close()
    assert names == sorted(names) and len(names) == 6
