"""The graph on disk: SQLite, one row for each entity of each source, with the revision that wrote it.

A changed source is compared with its rows, and only what differs is written, in one transaction: a crash keeps the old
state. A process that has read up to one revision reads only what came after it, whoever wrote that.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from threading import RLock
from typing import Any

import orjson

from knowledge.graph.entities import EntityRecord, Source, SourceHead, merged
from knowledge.graph.wording import MappedWording

FILE = "graph.db"
_SCHEMA = """
create table if not exists source (
    number integer primary key, source_id text unique not null, fingerprint text not null, kind text not null,
    head blob not null, born integer not null);
create table if not exists entity (
    number integer primary key, source integer not null, type text not null, name text not null,
    digest blob not null, record blob, revision integer not null);
create unique index if not exists entity_key on entity (source, type, name);
create index if not exists entity_revision on entity (revision);
create table if not exists counter (revision integer not null);
insert into counter select 0 where not exists (select 1 from counter);
"""
_COLUMNS = "select source_id, type, name, record from entity join source on source.number = entity.source"
_CHANGED = f"{_COLUMNS} where revision > ? order by entity.number"
_ALL = f"{_COLUMNS} where record is not null and ? = 0 order by entity.number"
_HEAD = tuple(field.name for field in fields(SourceHead) if field.name not in {"source_id", "fingerprint", "kind"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of one entity of a source; record is None where the source no longer states it."""

    source_id: str
    type: str
    name: str
    record: EntityRecord | None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Which sources there are at a revision. born: source to the revision at which it was first written."""

    revision: int
    heads: dict[str, SourceHead]
    born: dict[str, int]


class GraphStore:
    """Sources and their entities. Safe to share between threads; other processes may write at the same time."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = RLock()
        self._connection = sqlite3.connect(folder / FILE, check_same_thread=False, isolation_level=None, timeout=30)
        self._connection.execute("pragma journal_mode = wal")
        self._connection.execute("pragma synchronous = full")
        self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._connection.close()

    def copy_to(self, folder: Path) -> None:
        """Writes the whole of it into another folder."""
        folder.mkdir(parents=True, exist_ok=True)
        with self._lock, closing(sqlite3.connect(folder / FILE)) as other:
            self._connection.backup(other)

    @property
    def revision(self) -> int:
        """Grows with every change, whichever process makes it."""
        with self._lock:
            return int(self._connection.execute("select revision from counter").fetchone()[0])

    def fingerprint(self, source_id: str) -> str:
        """Fingerprint of a source as it was last written, "" when it never was."""
        with self._lock:
            row = self._connection.execute(
                "select fingerprint from source where source_id = ?", (source_id,)
            ).fetchone()
        return str(row[0]) if row else ""

    def source_ids(self, kind: str) -> list[str]:
        """The sources of one kind."""
        with self._lock:
            rows = self._connection.execute("select source_id from source where kind = ?", (kind,)).fetchall()
        return [str(source_id) for (source_id,) in rows]

    def write(self, sources: Sequence[Source], remove: Sequence[str] = ()) -> int:
        """Stores sources in place of what they stated before, and forgets others; returns how many entities changed."""
        with self._transaction() as revision:
            changed = sum(self._write(source, revision) for source in sources)
            return changed + sum(map(self._remove, remove))

    def remove(self, source_id: str) -> bool:
        """Forgets a source; False when it was not there."""
        with self._transaction():
            return bool(self._remove(source_id))

    @contextmanager
    def read(self, since: int = 0) -> Iterator[tuple[State, Iterator[Change]]]:
        """The sources there are, and what was written after a revision, all of one state."""
        with self._lock:
            self._connection.execute("begin")
            try:
                yield self._state(), self._changes(since)
            finally:
                self._connection.execute("commit")

    def _state(self) -> State:
        rows = self._connection.execute(
            "select source_id, fingerprint, kind, head, born from source order by number"
        ).fetchall()
        heads = {row[0]: _head(row[0], row[1], row[2], row[3]) for row in rows}
        return State(revision=self.revision, heads=heads, born={row[0]: row[4] for row in rows})

    def _changes(self, since: int) -> Iterator[Change]:
        rows = self._connection.execute(_CHANGED if since else _ALL, (since,))
        for source_id, type_, name, record in rows:
            entity = _record(type_, name, record) if record is not None else None
            yield Change(source_id=source_id, type=type_, name=name, record=entity)

    def _write(self, source: Source, revision: int) -> int:
        head = source.head
        content = _head_content(head)
        held = self._connection.execute(
            "select number, fingerprint, kind, head from source where source_id = ?", (head.source_id,)
        ).fetchone()
        if held and _read_as(_head(head.source_id, *held[1:])) != _read_as(head):
            # What the same words lead to, or who may read them, is another now: all must read them anew.
            self._remove(head.source_id)
            held = None
        if held is None:
            cursor = self._connection.execute(
                "insert into source (source_id, fingerprint, kind, head, born) values (?, ?, ?, ?, ?)",
                (head.source_id, head.fingerprint, head.kind, content, revision),
            )
            number = int(cursor.lastrowid or 0)
        else:
            number = int(held[0])
            self._connection.execute(
                "update source set fingerprint = ?, kind = ?, head = ? where number = ?",
                (head.fingerprint, head.kind, content, number),
            )
        return self._write_entities(number, source.entities, revision)

    def _write_entities(self, number: int, entities: Sequence[EntityRecord], revision: int) -> int:
        held = {
            (type_, name): digest
            for type_, name, digest in self._connection.execute(
                "select type, name, digest from entity where source = ? and record is not null", (number,)
            )
        }
        stated = merged(entities)
        rows = []
        for (type_, name), entity in stated.items():
            content = _content(entity)
            digest = hashlib.blake2b(content, digest_size=12).digest()
            if held.get((type_, name)) != digest:
                rows.append((number, type_, name, digest, content, revision))
        self._connection.executemany(
            "insert into entity (source, type, name, digest, record, revision) values (?, ?, ?, ?, ?, ?)"
            " on conflict (source, type, name) do update set digest = excluded.digest, record = excluded.record,"
            " revision = excluded.revision",
            rows,
        )
        gone = [(revision, number, *key) for key in held if key not in stated]
        self._connection.executemany(
            "update entity set record = null, revision = ? where source = ? and type = ? and name = ?", gone
        )
        return len(rows) + len(gone)

    def _remove(self, source_id: str) -> int:
        row = self._connection.execute("select number from source where source_id = ?", (source_id,)).fetchone()
        if row is None:
            return 0
        self._connection.execute("delete from entity where source = ?", row)
        self._connection.execute("delete from source where number = ?", row)
        return 1

    @contextmanager
    def _transaction(self) -> Iterator[int]:
        """All changes inside are kept together or not at all, under a revision of their own."""
        with self._lock:
            self._connection.execute("begin immediate")
            try:
                self._connection.execute("update counter set revision = revision + 1")
                yield self.revision
            except BaseException:
                self._connection.execute("rollback")
                raise
            self._connection.execute("commit")


def _read_as(head: SourceHead) -> tuple[object, str]:
    """What decides how, and by whom, the entities of a source are read."""
    return head.targets, head.audience


def _head_content(head: SourceHead) -> bytes:
    content = {name: getattr(head, name) for name in _HEAD}
    return orjson.dumps({**content, "wording": head.wording.model_dump()})


def _head(source_id: str, fingerprint: str, kind: str, content: bytes) -> SourceHead:
    stated = orjson.loads(content)
    wording = MappedWording.model_validate(stated.pop("wording"))
    return SourceHead(source_id=source_id, fingerprint=fingerprint, kind=kind, wording=wording, **stated)


def _content(entity: EntityRecord) -> bytes:
    """All but the key, as short as can be: what is empty at the end is left out."""
    quotes = [[relation, value, quote] for (relation, value), quote in entity.quotes.items()]
    parts = [entity.values, entity.links, entity.aliases, entity.lacks, entity.names, quotes]
    while parts and not parts[-1]:
        parts.pop()
    return orjson.dumps(parts)


def _record(type_: str, name: str, content: bytes) -> EntityRecord:
    parts: list[Any] = orjson.loads(content)
    blank: tuple[Any, ...] = ({}, {}, (), (), {}, ())
    values, links, aliases, lacks, names, quotes = (*parts, *blank[len(parts) :])
    return EntityRecord(
        name=name,
        type=type_,
        values=values,
        links=links,
        aliases=aliases,
        lacks=lacks,
        names=names,
        quotes={(relation, value): quote for relation, value, quote in quotes},
    )
