"""A file of lines, each under a key, that is written to at once: what a killed run had is there for the next one."""

from pathlib import Path
from types import TracebackType
from typing import IO, Generic, TypeVar

from filelock import FileLock, Timeout
from pydantic import BaseModel, ValidationError

from agent.errors import CallerError

_PATIENCE_S = 5.0  # what a killed command has started is gone by then


class Keyed(BaseModel):
    """What a line holds. key: tells it apart by what it was made of."""

    key: str


Line = TypeVar("Line", bound=Keyed)


class KeptLines(Generic[Line]):
    """Use as a context. `lines`: by key, those of earlier runs and those added; a line that cannot be read is as none.

    One process writes at a time; who comes while another does waits a little, then raises CallerError.
    """

    def __init__(self, path: Path, kind: type[Line]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._kind = kind
        self._file: IO[bytes] | None = None
        self._lock = FileLock(path.with_suffix(".lock"))
        self.lines: dict[str, Line] = {}

    def __enter__(self) -> "KeptLines[Line]":
        try:
            self._lock.acquire(timeout=_PATIENCE_S)
        except Timeout as error:
            raise CallerError(
                f"{self._path.parent}: another run writes there; wait for it, or give another --out"
            ) from error
        whole = self._read()
        self._file = self._path.open("r+b" if self._path.exists() else "wb", buffering=0)
        self._file.truncate(whole)  # a line that a kill cut in two
        self._file.seek(whole)
        return self

    def __exit__(self, _kind: type[BaseException] | None, _: BaseException | None, _tb: TracebackType | None) -> None:
        assert self._file is not None
        self._file.close()
        self._lock.release()

    def add(self, line: Line) -> None:
        """Keeps a line, at once."""
        assert self._file is not None
        self._file.write(line.model_dump_json().encode() + b"\n")
        self.lines[line.key] = line

    def _read(self) -> int:
        """Takes in every whole line; how many bytes they are."""
        if not self._path.exists():
            return 0
        whole = 0
        with self._path.open("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    break
                whole += len(line)
                try:
                    read = self._kind.model_validate_json(line)
                except ValidationError:
                    continue
                self.lines[read.key] = read
        return whole
