"""One generation of vectors: those that one embedder made, in a folder of their own.

A library has one that it answers from; another is made beside it when the embedder changes. What it holds is keyed by a
digest of what was embedded, so that one that was interrupted goes on where it stopped.
"""

import hashlib
import shutil
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import RLock

import numpy as np
import numpy.typing as npt

from knowledge.embedders.embedder import Vectors, unit
from knowledge.index.vectors import VectorIndex, VectorPlace
from knowledge.types import Passage

_SCHEMA = """
create table if not exists meta (key text primary key, value text not null);
create table if not exists vector (
    passage_id text primary key, digest blob not null, rows integer, data blob, language text not null default '');
"""
_ADDED = "alter table vector add column language text not null default ''"
_MOST_MARKS = 500
_FEW = 5_000
"""Passages up to which each is compared with a question: exact, and sooner done than Chroma is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """What one passage became. digest: of what was embedded; matrix: [1 + n_spans, d] (or [1, d] where spans have none), its
    own vector first.
    """

    id: str
    language: str
    digest: bytes
    matrix: Vectors


@dataclass(frozen=True, slots=True)
class _Few:
    """ids, languages: [n]; vectors: [n, d] of unit length."""

    ids: tuple[str, ...]
    languages: npt.NDArray[np.str_]
    vectors: Vectors


class Generation:
    """Vectors of passages in Chroma for search, and of them and their spans in SQLite for ranking and quoting.

    While there are few, they are searched as they are, and Chroma, which knows them too, need not even be loaded.
    """

    def __init__(self, folder: Path, chroma_url: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.name = folder.name
        self._folder = folder
        named = {"collection": f"parley-{self.name}"} if chroma_url else {}
        self.index = VectorIndex(VectorPlace(folder=folder / "chroma", url=chroma_url, **named))
        self._on_server = bool(chroma_url)
        self._few: _Few | None = None
        self._counted = False  # whether `_few` says how it is now
        self._lock = RLock()
        self._connection = sqlite3.connect(
            folder / "spans.db", check_same_thread=False, isolation_level=None, timeout=30
        )
        self._connection.execute("pragma journal_mode = wal")
        self._connection.execute("pragma synchronous = normal")
        self._connection.executescript(_SCHEMA)
        with suppress(sqlite3.OperationalError):  # it has been added
            self._connection.execute(_ADDED)

    @property
    def fitted_embedder(self) -> Path:
        """The file of an embedder that was fitted on the corpus."""
        return self._folder / "corpus.npz"

    def meta(self, key: str) -> str:
        """A remembered value, "" when there is none."""
        with self._lock:
            row = self._connection.execute("select value from meta where key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def set_meta(self, key: str, value: str) -> None:
        """Remembers a value."""
        with self._lock:
            self._connection.execute("insert or replace into meta values (?, ?)", (key, value))

    def put(self, embedded: Sequence[Embedded], *, by_language: bool) -> None:
        """Adds or replaces passages. Chroma comes first: what stands in the table is in both.

        by_language: whether passages of some languages alone are ever searched for.
        """
        vectors = np.stack([one.matrix[0] for one in embedded])
        languages = [one.language for one in embedded] if by_language else None
        self.index.upsert([one.id for one in embedded], vectors, languages)
        rows = [
            (one.id, one.digest, len(one.matrix), one.matrix.astype(np.float16).tobytes(), one.language)
            for one in embedded
        ]
        with self._lock:
            self._connection.execute("begin immediate")
            self._connection.executemany(
                "insert or replace into vector (passage_id, digest, rows, data, language) values (?, ?, ?, ?, ?)", rows
            )
            self._connection.execute("commit")
            self._counted = False

    def delete(self, ids: Sequence[str]) -> None:
        """Removes passages; unknown ids are no error."""
        self.index.delete(ids)
        with self._lock:
            self._connection.execute("begin immediate")
            self._connection.executemany("delete from vector where passage_id = ?", [(one,) for one in ids])
            self._connection.execute("commit")
            self._counted = False

    def search(self, vector: Vectors, limit: int, languages: Collection[str] = ()) -> dict[str, float]:
        """Passage ids with their cosine similarity, best first. languages: only passages of these, where any are named."""
        few = self._all_of_few()
        if few is None:
            return self.index.search(vector, limit, languages)
        similar = few.vectors @ unit(vector) if few.ids else np.zeros(0, dtype=np.float32)
        best = np.argsort(-similar, kind="stable")
        if languages:
            best = best[np.isin(few.languages[best], list(languages))]
        best = best[:limit]
        return {few.ids[row]: float(similar[row]) for row in best}

    def holds_few(self, count: int) -> bool:
        """Whether these are as many passages, and searched without Chroma."""
        few = self._all_of_few()
        return few is not None and len(few.ids) == count

    def look_again(self) -> None:
        """Another process has written: what was read, and what Chroma has opened, may be of before."""
        self.index.close()
        with self._lock:
            self._counted = False

    def _all_of_few(self) -> _Few | None:
        """All vectors of passages; None where they are many, or on a server."""
        with self._lock:
            if not self._counted:
                count = self._connection.execute("select count(*) from vector").fetchone()[0]
                self._few = None if self._on_server or count > _FEW else self._read_few()
                self._counted = True
            return self._few

    def _read_few(self) -> _Few:
        sql = "select passage_id, language, substr(data, 1, length(data) / rows) from vector order by rowid"
        rows = self._connection.execute(sql).fetchall()
        read = [np.frombuffer(data, dtype=np.float16) for *_, data in rows]
        vectors = np.stack(read).astype(np.float32) if read else np.zeros((0, 0), dtype=np.float32)
        languages = np.array([language for _, language, _ in rows], dtype=np.str_)
        return _Few(tuple(str(id_) for id_, *_ in rows), languages, unit(vectors))

    def digests(self) -> Mapping[str, bytes]:
        """Ids of the passages held, each with the digest of what was embedded."""
        with self._lock:
            return dict(self._connection.execute("select passage_id, digest from vector").fetchall())

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """[1 + n_spans, d] float32 of each passage that has vectors."""
        found: dict[str, Vectors] = {}
        for start in range(0, len(ids), _MOST_MARKS):
            part = tuple(ids[start : start + _MOST_MARKS])
            marks = ",".join("?" * len(part))
            sql = f"select passage_id, rows, data from vector where passage_id in ({marks})"  # noqa: S608
            with self._lock:
                rows = self._connection.execute(sql, part).fetchall()
            for passage_id, count, data in rows:
                found[passage_id] = _singles().take(np.frombuffer(data, dtype=np.uint16)).reshape(count, -1)
        return found

    def close(self) -> None:
        """Lets go of the files."""
        self.index.close()
        with self._lock:
            self._connection.close()

    def remove(self) -> None:
        """Removes all that it holds, for good."""
        self.index.drop()
        self.close()
        shutil.rmtree(self._folder, ignore_errors=True)


@cache
def _singles() -> Vectors:
    """[65,536]: each half-precision number by its bits; to look them up takes half the time of numpy's cast."""
    return np.arange(2**16, dtype=np.uint16).view(np.float16).astype(np.float32)


def digest(passage: Passage) -> bytes:
    """Of all that an embedder reads of a passage."""
    text = "\x1f".join([passage.title, *passage.section, "\x1e", passage.text])
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).digest()
