"""Messages that come one by one, in any order of conversations, gathered on disk until all are read."""

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import orjson

from agent.learning.imports.shapes import Imported, Spoken

_AT_ONCE = 5_000


class Grouping:
    """Use as a context; what it keeps on disk is gone afterwards."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="parley-import-")
        # isolation_level None: no transaction that a reader of the same connection would have to wait for.
        self._rows = sqlite3.connect(Path(self._folder.name) / "said.db", isolation_level=None)
        self._rows.execute("PRAGMA synchronous=OFF")
        self._rows.execute("CREATE TABLE said (n INTEGER PRIMARY KEY, id TEXT, turn BLOB, consent INT, customer TEXT)")
        self._pending: list[tuple[str, bytes, bool | None, str | None]] = []

    def __enter__(self) -> "Grouping":
        return self

    def __exit__(self, _kind: type[BaseException] | None, _: BaseException | None, _tb: TracebackType | None) -> None:
        self._rows.close()
        self._folder.cleanup()

    def add(self, id: str, turn: Spoken, consent: bool | None, customer: str | None) -> None:
        """One message of a conversation."""
        self._pending.append((id, orjson.dumps(turn), consent, customer))
        if len(self._pending) >= _AT_ONCE:
            self._write()

    def conversations(self) -> Iterator[Imported]:
        """All conversations in the order in which they began; one no to learning is a no."""
        self._write()
        self._rows.execute("CREATE INDEX by_id ON said (id, n)")
        heads = self._rows.execute(
            "SELECT id, MIN(consent), COALESCE(MAX(customer), '') FROM said GROUP BY id ORDER BY MIN(n)"
        )
        for conversation_id, consent, customer in heads:
            rows = self._rows.execute("SELECT turn FROM said WHERE id = ? ORDER BY n", (conversation_id,))
            turns = [Spoken(**orjson.loads(turn)) for (turn,) in rows]
            yield Imported(
                id=conversation_id,
                turns=tuple(_in_time(turns)),
                consent=None if consent is None else bool(consent),
                customer=customer or None,
            )

    def _write(self) -> None:
        self._rows.execute("BEGIN")
        self._rows.executemany("INSERT INTO said (id, turn, consent, customer) VALUES (?, ?, ?, ?)", self._pending)
        self._rows.execute("COMMIT")
        self._pending.clear()


def _in_time(turns: list[Spoken]) -> list[Spoken]:
    """By time where all have one, as some exports begin with the newest."""
    if all(turn.at for turn in turns):
        return sorted(turns, key=lambda turn: turn.at or "")
    return turns
