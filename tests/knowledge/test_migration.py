"""A home made before passages had an audience, dates and pages opens as it is, and keeps its vectors."""

import sqlite3
from pathlib import Path

import pytest

from knowledge.embedders.corpus import CorpusEmbedder
from knowledge.library import Library
from knowledge.release import Release

OLD_SCHEMA = """
create table meta (key text primary key, value text not null);
create table origin (collection text, path text, hash text not null, primary key (collection, path));
create table document (
    collection text, source_id text, path text not null, hash text not null, primary key (collection, source_id));
create index document_path on document (collection, path);
create table passage (
    id text primary key, collection text, source_id text, title text, section text, text text, position integer,
    language text, url text);
create index passage_document on passage (collection, source_id);
create table vector (passage_id text primary key, rows integer, data blob);
create table outbox (passage_id text primary key, action text not null);
"""


def made_before(library: Library, folder: Path) -> None:
    """Turns a library's file into one that the earlier version wrote."""
    library.close()
    with sqlite3.connect(folder / "passages.db") as new:
        dump = {name: new.execute(f"select * from {name}").fetchall() for name in ("meta", "document", "outbox")}
        dump["passage"] = new.execute(
            "select id, collection, source_id, title, section, text, position, language, url from passage order by rowid"
        ).fetchall()
        dump["origin"] = new.execute("select collection, path, hash from origin").fetchall()
    new.close()
    for file in folder.glob("passages.db*"):
        file.unlink()
    with sqlite3.connect(folder / "passages.db") as old:
        old.executescript(OLD_SCHEMA)
        for name, rows in dump.items():
            for row in rows:
                old.execute(f"insert into {name} values ({','.join('?' * len(row))})", row)
        # An earlier version hashed bytes alone.
        old.execute("update origin set hash = substr(hash, 14)")
    old.close()


@pytest.fixture
def no_embedding(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("nothing new is to be embedded")

    monkeypatch.setattr(CorpusEmbedder, "embed_documents", refuse)


def test_an_old_home_opens_answers_and_is_not_embedded_again(
    library: Library, docs: Path, tmp_path: Path, no_embedding: None
) -> None:
    made_before(library, tmp_path / "library")
    opened = Library.open(tmp_path / "library", "corpus")
    best = opened.search("how long do I have to send something back?", 3).passages[0].passage
    assert (best.source_id, best.audience, best.valid_from, best.page) == ("docs/returns.md", "public", None, None)
    report = opened.ingest([docs])
    assert (report.added, report.changed, report.removed) == (0, 0, 0)
    assert opened.ingest([docs]).unchanged == 7


def test_what_an_old_home_took_for_public_is_read_again(library: Library, docs: Path, tmp_path: Path) -> None:
    (docs / "staff.md").write_text("---\naudience: internal\n---\n# Staff\n\nThe safe opens with 4711.\n", "utf-8")
    library.ingest([docs])
    with sqlite3.connect(tmp_path / "library" / "passages.db") as store:
        store.execute("update passage set audience = 'public'")
        store.execute(
            "update document set hash = 'as an earlier version would have it' where source_id = 'docs/staff.md'"
        )
    store.close()
    made_before(library, tmp_path / "library")
    opened = Library.open(tmp_path / "library", "corpus")
    opened.ingest([docs])
    assert "docs/staff.md" not in {passage.source_id for passage in opened.passages()}


def test_other_readers_or_dates_leave_the_vectors_as_they_are(library: Library, docs: Path, no_embedding: None) -> None:
    assert library.ingest([docs], release=Release(audience="internal")).changed == 7
    assert not library.passages()
    assert library._store.is_settled()
    assert {passage.audience for passage in library.all_passages()} == {"internal"}
    assert library.shelf("internal").search("how long do I have to send something back?", 3).passages
    assert library.search("how long do I have to send something back?", 3).passages == ()
