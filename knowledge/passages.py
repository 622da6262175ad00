"""The passages of a library in SQLite: the single truth from which the vector and the lexical index are derived.

Every change of passages is one transaction that also notes, in `outbox`, what the vector index has still to do, and
in `change`, by number, which passages the lexical index has to read anew. So a crash anywhere is mended by finishing the
outbox and reading what changed since.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from threading import RLock

from knowledge.retrieval.periods import Period
from knowledge.types import Audience, Passage

_SCHEMA = """
create table if not exists meta (key text primary key, value text not null);
create table if not exists origin (
    collection text, path text, hash text not null, primary key (collection, path));
create table if not exists document (
    collection text, source_id text, path text not null, hash text not null, primary key (collection, source_id));
create index if not exists document_path on document (collection, path);
create table if not exists passage (
    id text primary key, collection text, source_id text, title text, section text, text text, position integer,
    language text, url text);
create index if not exists passage_url on passage (url) where url is not null;
create index if not exists passage_title on passage (title collate nocase);
create index if not exists passage_of_document on passage (source_id, collection);
create table if not exists outbox (passage_id text primary key, action text not null);
create table if not exists change (number integer primary key autoincrement, passage_id text not null);
create trigger if not exists passage_added after insert on passage begin
    insert into change (passage_id) values (new.id); end;
create trigger if not exists passage_changed after update on passage begin
    insert into change (passage_id) values (new.id); end;
create trigger if not exists passage_removed after delete on passage begin
    insert into change (passage_id) values (old.id); end;
"""
_ADDED = (
    ("passage", "page", "integer"),
    ("passage", "row", "integer"),
    ("passage", "audience", "text not null default 'public'"),
    ("passage", "valid_from", "text"),
    ("passage", "valid_until", "text"),
    ("origin", "root", "text not null default ''"),
    ("origin", "etag", "text not null default ''"),
    ("origin", "modified", "text not null default ''"),
)
"""Columns that came after the first version: a file made before is given them when it is opened, and keeps all else."""
_GONE = (
    "table if exists vector",  # vectors are kept by generations (`knowledge.index.generation`) now
    "index if exists passage_source",  # one index on documents serves both ways of asking
    "index if exists passage_document",
)
_UNFIT = "valid_from > ?3 or valid_until < ?1 or (audience <> 'public' and ?2 = 'public')"
"""What may not be shown of a time, from the first parameter to the third, to an audience, the second."""
_RELEASED = "audience <> 'public' or valid_from is not null or valid_until is not null"
_INDEX = (
    f"create index if not exists passage_release on passage (audience, valid_from, valid_until, id) where {_RELEASED}"
)
"""Holds only passages that are not for everyone and always, so that finding them does not read all the others."""
_NAMES = (
    *("id", "collection", "source_id", "title", "section", "text", "position", "language", "url"),
    *("page", "row", "audience", "valid_from", "valid_until"),
)
_COLUMNS = ", ".join(_NAMES)
_MARKS = ", ".join("?" * len(_NAMES))
_MUCH = "pragma cache_size = -16000; pragma wal_autocheckpoint = 16000"
"""16 MB of pages in memory and 64 of them in the log, instead of 2 and 4: the indexes on names are written all over, and each of their
pages many times in an ingest.
"""
_REMEMBERED = 500  # passages, a megabyte of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A file or page as it was last read whole.

    digest: of its bytes and of how they were read.
    root:   the sitemap that listed it, "" where it was named itself or found in a folder.
    etag, modified: what a server said of it, to ask whether it has changed since.
    """

    digest: str
    root: str = ""
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CutDocument:
    """A document in passages. digest: hash of all that they keep of it."""

    source_id: str
    digest: str
    passages: Sequence[Passage]


class PassageStore:
    """Passages, where each came from, and what is still to be indexed. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = RLock()
        self._known: dict[str, Passage] = {}  # those asked for last stand last
        self._known_at = -1
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
        self._connection.execute("pragma journal_mode = wal")
        self._connection.execute("pragma synchronous = normal")
        self._connection.executescript(_MUCH)
        self._connection.executescript(_SCHEMA)
        self._migrate()

    def _migrate(self) -> None:
        with self.transaction():
            for table, column, kind in _ADDED:
                there = {str(row[1]) for row in self._query(f"pragma table_info({table})")}
                if column not in there:
                    self._run(f"alter table {table} add column {column} {kind}")
            self._run(_INDEX)
            for what in _GONE:
                self._run(f"drop {what}")

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes inside are kept together or not at all."""
        with self._lock:
            self._connection.execute("begin immediate")
            try:
                yield
            except BaseException:
                self._connection.execute("rollback")
                raise
            self._connection.execute("commit")

    def meta(self, key: str) -> str | None:
        """A remembered value, None when there is none."""
        return self.metas(key).get(key)

    def metas(self, *keys: str) -> dict[str, str]:
        """Remembered values by their keys, at one moment; those that there are."""
        marks = ",".join("?" * len(keys))
        return dict(self._query(f"select key, value from meta where key in ({marks})", keys))  # noqa: S608

    def set_meta(self, key: str, value: str) -> None:
        """Remembers a value."""
        self._run("insert or replace into meta values (?, ?)", (key, value))

    def languages(self) -> frozenset[str]:
        """The languages of the passages; "" stands among them where one has none."""
        return frozenset(str(row[0]) for row in self._query("select distinct language from passage"))

    @property
    def revision(self) -> int:
        """Grows with every change of passages."""
        return int(self.meta("revision") or 0)

    def origin(self, collection: str, path: str) -> Origin | None:
        """A file or page as it was last read whole, None when it never was."""
        rows = self._query(
            "select hash, root, etag, modified from origin where collection = ? and path = ?", (collection, path)
        )
        return Origin(digest=rows[0][0], root=rows[0][1], etag=rows[0][2], modified=rows[0][3]) if rows else None

    def set_origin(self, collection: str, path: str, origin: Origin) -> None:
        """Notes that a file or page has been read whole."""
        self._run(
            "insert or replace into origin (collection, path, hash, root, etag, modified) values (?, ?, ?, ?, ?, ?)",
            (collection, path, origin.digest, origin.root, origin.etag, origin.modified),
        )

    def listed_by(self, collection: str, root: str) -> list[str]:
        """Addresses of the pages that a sitemap listed."""
        rows = self._query("select path from origin where collection = ? and root = ?", (collection, root))
        return [str(row[0]) for row in rows]

    def origins(self, collection: str) -> list[str]:
        """Paths that documents of a collection came from."""
        rows = self._query(
            "select path from origin where collection = ? union select path from document where collection = ?",
            (collection, collection),
        )
        return [str(row[0]) for row in rows]

    def documents_of(self, collection: str, path: str) -> list[str]:
        """Source ids of the documents that a file gave."""
        rows = self._query("select source_id from document where collection = ? and path = ?", (collection, path))
        return [str(row[0]) for row in rows]

    def document_hashes(self, collection: str, source_ids: Iterable[str]) -> dict[str, str]:
        """Hashes of documents as they were last indexed, by source id; of those that there are."""
        return dict(
            self._query(
                "select source_id, hash from document where collection = ? and source_id in (select value from json_each(?))",
                (collection, json.dumps([*source_ids])),
            )
        )

    def forget_origin(self, collection: str, path: str) -> None:
        """Forgets a file; its documents are removed apart."""
        self._run("delete from origin where collection = ? and path = ?", (collection, path))

    def put_documents(
        self, collection: str, path: str, documents: Sequence[CutDocument], there: Collection[str]
    ) -> None:
        """Replaces documents of one file, and their passages; call inside a transaction.

        A passage whose words are the same keeps its vectors, whatever else of it has changed.
        there: source ids of those that are stored already.
        """
        kept = {
            passage_id
            for document in documents
            if document.source_id in there
            for passage_id in self._cleared(collection, document)
        }
        passages = [passage for document in documents for passage in document.passages]
        self._run_many(
            "insert or replace into document values (?, ?, ?, ?)",
            [(collection, document.source_id, path, document.digest) for document in documents],
        )
        self._run_many(f"insert into passage ({_COLUMNS}) values ({_MARKS})", map(_row, passages))  # noqa: S608
        self.mark_pending([passage.id for passage in passages if passage.id not in kept], "upsert")
        self._count_revision()

    def _cleared(self, collection: str, document: CutDocument) -> set[str]:
        """Removes a document as it was; ids of its passages whose words are the same."""
        key = (collection, document.source_id)
        before = {
            str(row[0]): row[1:]
            for row in self._query(
                "select id, title, section, text, language from passage where collection = ? and source_id = ?", key
            )
        }
        kept = {one.id for one in document.passages if before.get(one.id) == _words(one)}
        self._remove(key, [passage_id for passage_id in before if passage_id not in kept])
        return kept

    def remove_document(self, collection: str, source_id: str) -> None:
        """Removes a document and its passages; call inside a transaction."""
        key = (collection, source_id)
        rows = self._query("select id from passage where collection = ? and source_id = ?", key)
        self._remove(key, [str(row[0]) for row in rows])

    def _remove(self, key: tuple[str, str], unindexed: Sequence[str]) -> None:
        """Removes a document's rows, and the vectors of these of its passages."""
        self.mark_pending(unindexed, "delete")
        self._run("delete from passage where collection = ? and source_id = ?", key)
        self._run("delete from document where collection = ? and source_id = ?", key)
        self._count_revision()

    def _count_revision(self) -> None:
        one_more = "on conflict (key) do update set value = value + 1"
        self._run(f"insert into meta values ('revision', '1') {one_more}")  # noqa: S608

    def passages(self, ids: Sequence[str] | None = None) -> list[Passage]:
        """Passages by id in the order asked for, unknown ones left out; all of them, by insertion, without ids."""
        if ids is None:
            return [_passage(row) for row in self._query(f"select {_COLUMNS} from passage order by rowid")]  # noqa: S608
        if len(ids) > _REMEMBERED:
            found = self._read(ids)
        else:
            with self._lock:
                found = self._remembered(ids)
        return [found[passage_id] for passage_id in ids if passage_id in found]

    def _remembered(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Those of a question by id. It asks for most of them twice, and the next one for the same: they are kept in memory
        as long as no passage changes, once for all conversations that are shown them.
        """
        if self._connection.in_transaction:  # which may come to nothing
            return self._read(ids)
        if self._known_at != (change := self.last_change):
            self._known_at = change
            self._known.clear()
        found = {passage_id: self._known.pop(passage_id) for passage_id in {*ids} & self._known.keys()}
        found |= self._read([passage_id for passage_id in dict.fromkeys(ids) if passage_id not in found])
        self._known |= found
        for passage_id in [*self._known][: max(0, len(self._known) - _REMEMBERED)]:
            del self._known[passage_id]
        return found

    def _read(self, ids: Sequence[str]) -> dict[str, Passage]:
        found = {}
        for start in range(0, len(ids), 500):
            part = tuple(ids[start : start + 500])
            marks = ",".join("?" * len(part))
            rows = self._query(f"select {_COLUMNS} from passage where id in ({marks})", part)  # noqa: S608
            found.update({str(row[0]): _passage(row) for row in rows})
        return found

    def passages_of(self, source_ids: Sequence[str]) -> list[Passage]:
        """All passages of some documents, in whatever collections these are."""
        sql = "select id from passage where source_id = ? order by position"
        ids = [str(row[0]) for source_id in source_ids for row in self._query(sql, (source_id,))]
        return self.passages(ids)

    def passages_at(self, url: str) -> list[Passage]:
        """All passages of the documents at an address."""
        rows = self._query("select id from passage where url = ? order by source_id, position", (url,))
        return self.passages([str(row[0]) for row in rows])

    def passages_titled(self, title: str) -> list[Passage]:
        """All passages of the documents with a title, in capitals or not."""
        sql = "select id from passage where title = ? collate nocase order by source_id, position"
        return self.passages([str(row[0]) for row in self._query(sql, (title,))])

    def passage_ids(self) -> list[str]:
        """Ids of all passages, by insertion."""
        return [str(row[0]) for row in self._query("select id from passage order by rowid")]

    def hidden(self, audience: Audience, period: Period) -> frozenset[str]:
        """Ids of the passages that may not be shown to an audience, as they were valid on no day of a period."""
        rows = self._query(
            f"select id from passage where ({_RELEASED}) and ({_UNFIT})",  # noqa: S608
            (period.first.isoformat(), audience, period.last.isoformat()),
        )
        return frozenset(str(row[0]) for row in rows)

    def articles(self, audience: Audience, today: date, most: int) -> tuple[int, list[str]]:
        """How many documents an audience may read on a day, and the titles of the first ones."""
        shown = f"from passage where not coalesce({_UNFIT}, 0)"
        about = (today.isoformat(), audience, today.isoformat())
        number = self._query(f"select count(distinct source_id) {shown}", about)
        titles = self._query(
            f"select title {shown} and title <> '' group by title order by min(rowid) limit ?4",
            (*about, most),
        )
        return int(number[0][0]), [str(row[0]) for row in titles]

    def titles(self, audience: Audience) -> list[str]:
        """The titles of the documents of an audience, whenever they are valid, by insertion."""
        grouped = "group by collection, source_id order by min(rowid)"
        rows = self._query(f"select title from passage where audience = ? {grouped}", (audience,))  # noqa: S608
        return [str(row[0]) for row in rows]

    def count(self) -> int:
        """Number of passages."""
        return int(self._query("select count(*) from passage")[0][0])

    def is_empty(self) -> bool:
        """Whether there is no passage; quicker than to count them."""
        return not self._query("select 1 from passage limit 1")

    def pending(self, action: str) -> list[str]:
        """Ids of passages the vector index has still to `upsert` or `delete`."""
        return [str(row[0]) for row in self._query("select passage_id from outbox where action = ?", (action,))]

    def is_settled(self) -> bool:
        """Whether the vector index has nothing left to do."""
        return not self._query("select 1 from outbox limit 1")

    def mark_pending(self, ids: Sequence[str], action: str) -> None:
        """Asks for passages to be indexed (again) or to be taken out of the vector index; call inside a transaction."""
        self._run_many("insert or replace into outbox values (?, ?)", [(passage_id, action) for passage_id in ids])

    def settle(self, ids: Sequence[str], action: str) -> None:
        """Notes that the vector index has done its part."""
        with self.transaction():
            self._run_many("delete from outbox where passage_id = ? and action = ?", [(id_, action) for id_ in ids])

    def settle_all(self) -> None:
        """Notes that the vector index holds all passages as they are; call inside a transaction."""
        self._run("delete from outbox", ())

    @property
    def last_change(self) -> int:
        """Number of the last change of a passage, 0 before the first; numbers only grow."""
        rows = self._query("select seq from sqlite_sequence where name = 'change'")
        return int(rows[0][0]) if rows else 0

    @property
    def first_change(self) -> int:
        """Number of the first change that is still remembered, or the next one's when none is."""
        rows = self._query("select min(number) from change")
        return int(rows[0][0]) if rows[0][0] is not None else self.last_change + 1

    def changed_since(self, number: int) -> list[str]:
        """Ids of the passages added, replaced or removed after a change, each once."""
        rows = self._query(
            "select passage_id from change where number > ? group by passage_id order by max(number)", (number,)
        )
        return [str(row[0]) for row in rows]

    def forget_changes(self, upto: int) -> None:
        """Forgets changes that the lexical index has."""
        self._run("delete from change where number <= ?", (upto,))

    def _query(self, sql: str, values: tuple[object, ...] = ()) -> list[tuple]:  # type: ignore[type-arg]
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def _run(self, sql: str, values: tuple[object, ...] = ()) -> None:
        with self._lock:
            self._connection.execute(sql, values)

    def _run_many(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        with self._lock:
            self._connection.executemany(sql, rows)


@lru_cache(maxsize=1024)
def _section(section: tuple[str, ...]) -> str:
    return json.dumps(section, ensure_ascii=False)


def _words(passage: Passage) -> tuple[str, ...]:
    return passage.title, _section(passage.section), passage.text, passage.language


def _row(passage: Passage) -> tuple[object, ...]:
    return (
        *(passage.id, passage.collection, passage.source_id, passage.title, _section(passage.section), passage.text),
        *(passage.position, passage.language, passage.url, passage.page, passage.row, passage.audience),
        *(_iso(passage.valid_from), _iso(passage.valid_until)),
    )


def _passage(row: tuple) -> Passage:  # type: ignore[type-arg]
    values = dict(zip(_NAMES, row, strict=True))
    values["section"] = tuple(json.loads(values["section"]))
    for name in ("valid_from", "valid_until"):
        values[name] = values[name] and date.fromisoformat(values[name])
    return Passage(**values)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
