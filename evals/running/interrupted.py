"""Remembers in a run's folder that a command is under way, and which parts of it have ended: a kill repeats nothing."""

from pathlib import Path

import orjson

MARKER = ".running"


class Marker:
    """The marker of a folder. Where one lies already, the command before it was cut off, and this one goes on with it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / MARKER
        self._finished: set[str] = set()
        self.interrupted = self._path.exists()
        if self.interrupted:
            self._finished = self._read()

    def begin(self) -> None:
        """From now on, a kill is seen by the next command."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._write()

    def has_finished(self, version: str) -> bool:
        """Whether the part of that version came to its end before the command was cut off."""
        return version in self._finished

    def finish(self, version: str) -> None:
        """That part has ended."""
        self._finished.add(version)
        self._write()

    def end(self) -> None:
        """The whole command has ended."""
        self._path.unlink(missing_ok=True)

    def _read(self) -> set[str]:
        try:
            return set(map(str, orjson.loads(self._path.read_bytes())))
        except (OSError, orjson.JSONDecodeError, TypeError):
            return set()

    def _write(self) -> None:
        written = self._path.with_name(f"{MARKER}.new")
        written.write_bytes(orjson.dumps(sorted(self._finished)))
        written.replace(self._path)
