"""The versions of a task's bundle in a home: `bundles/<task>/2026-11-25-1/`, and who of them speaks.

A version's content never changes. Commands and servers may use the same folder at once: changes are made one at a time
under a lock, and every file and folder appears whole.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from agent.errors import BundleError, CallerError, HomeError
from agent.home import Home
from agent.training.bundle import Task, read_bundle, read_card
from agent.training.speakers import BUILT_IN, VERSION, Mode, Speakers, read_speakers

POINTER = "in_use.json"
_PATIENCE_S = 10.0
_NEW, _GONE = ".new-", ".gone-"


class Versions:
    """Versions of one task."""

    def __init__(self, root: Path, task: Task) -> None:
        self.root = root
        self.task = task
        self.pointer = root / POINTER

    def names(self) -> list[str]:
        """All versions, the newest last."""
        found = [path.name for path in self.root.glob("*-*-*-*") if re.fullmatch(VERSION, path.name) and path.is_dir()]
        return sorted(found, key=lambda name: (name.rsplit("-", 1)[0], int(name.rsplit("-", 1)[1])))

    def folder(self, version: str) -> Path:
        """Where a version lies. Raises CallerError that names those there are."""
        if version not in self.names():
            known = ", ".join(self.names()) or "none; train one first: parley learn train"
            raise CallerError(f"there is no {self.task.value} bundle {version!r}; there are: {known}")
        return self.root / version

    def speakers(self) -> Speakers:
        """Who speaks, who did, and what is tried. Raises BundleError."""
        return read_speakers(self.pointer)

    def speaking(self) -> Path | None:
        """The folder of the version that speaks; None where none does. Raises BundleError."""
        version = self.speakers().version
        return None if version == BUILT_IN else self.root / version

    def add(self, source: Path) -> str:
        """Copies a bundle in and returns its version; the same bundle again is the version that it was.

        Raises BundleError when it can't be read, CallerError when it is for another task.
        """
        card = read_bundle(source).card
        if card.task is not self.task:
            raise CallerError(f"{source} is for {card.task.value}, not for {self.task.value}")
        with self._alone():
            for version in reversed(self.names()):
                try:
                    if read_card(self.root / version) == card:
                        return version
                except BundleError:  # what is damaged is not this one
                    continue
            draft = Path(tempfile.mkdtemp(prefix=_NEW, dir=self.root))
            try:
                shutil.copytree(source, draft, dirs_exist_ok=True)
                draft.chmod(0o755)
                return self._place(draft)
            finally:
                shutil.rmtree(draft, ignore_errors=True)

    def move_in(self, folder: Path, *, why: str) -> None:
        """Moves a folder in as it is, whether or not it can be read, and lets it speak where nothing does."""
        with self._alone():
            if not folder.is_dir():  # another process was quicker
                return
            version, now = self._place(folder), self.speakers()
            if now.version == BUILT_IN:
                self._write(now.promote(version, _now(), why))

    def promote(self, version: str, *, why: str = "") -> Speakers:
        """Lets a version speak everywhere. Raises CallerError, BundleError when it can't be read."""
        read_bundle(self.folder(version))
        return self._change(lambda now: now.promote(version, _now(), why))

    def try_out(self, version: str, mode: Mode, *, percent: float = 0.0) -> Speakers:
        """Tries a version beside who speaks. Raises CallerError, BundleError when it can't be read."""
        read_bundle(self.folder(version))
        return self._change(lambda now: now.try_out(version, mode, _now(), percent=percent))

    def roll_back(self, *, why: str = "") -> Speakers:
        """Ends a trial, or lets who spoke before speak again. Raises CallerError when there is nothing to take back."""
        return self._change(lambda now: now.roll_back(_now(), self.names(), why))

    def prune(self, keep: int) -> list[str]:
        """Removes all but the newest `keep`, never one that is needed; returns those removed."""
        with self._alone():
            needed = self.speakers().needed
            names = self.names()
            gone = [name for name in names[: max(len(names) - keep, 0)] if name not in needed]
            for name in gone:
                self._remove(name)
            return gone

    def withdraw(self, why: str, *, but: str = "") -> None:
        """Removes the versions that were promoted for this reason, as if they had never been there; but not this one."""
        if not self.root.is_dir():
            return
        with self._alone():
            now = self.speakers()
            gone = {change.version for change in now.history if change.how == "promoted" and change.why == why}
            gone -= {but}
            self._write(now.without(gone))
            for name in gone - {BUILT_IN}:
                self._remove(name)

    def _change(self, change: Callable[[Speakers], Speakers]) -> Speakers:
        with self._alone():
            changed = change(self.speakers())
            self._write(changed)
            return changed

    def _write(self, speakers: Speakers) -> None:
        draft = self.pointer.with_name(f".{POINTER}.new")
        with draft.open("w", encoding="utf-8") as stream:
            stream.write(speakers.model_dump_json(indent=1))
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(self.pointer)

    def _place(self, folder: Path) -> str:
        day = _now().date().isoformat()
        taken = [int(name.rsplit("-", 1)[1]) for name in self.names() if name.startswith(day)]
        version = f"{day}-{max(taken, default=0) + 1}"
        folder.replace(self.root / version)
        return version

    def _remove(self, name: str) -> None:
        """A folder vanishes whole, too: nobody finds half of it."""
        bin_ = Path(tempfile.mkdtemp(prefix=_GONE, dir=self.root))
        try:
            (self.root / name).replace(bin_ / name)
        except FileNotFoundError:
            pass
        finally:
            shutil.rmtree(bin_, ignore_errors=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with FileLock(self.root / ".lock", timeout=_PATIENCE_S, is_singleton=False):
                for left in (*self.root.glob(f"{_NEW}*"), *self.root.glob(f"{_GONE}*")):
                    shutil.rmtree(left, ignore_errors=True)  # of a process that was killed: nobody else is here
                yield
        except Timeout as error:
            raise HomeError(f"{self.root} is being changed by another command; try again when it is done") from error
        except OSError as error:
            raise HomeError(
                f"{self.root} can't be written ({error.strerror}); check the disk and its rights"
            ) from error


def versions_of(home: Home, task: Task) -> Versions:
    """The versions of a task in a home."""
    return Versions(home.bundles / task.value, task)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
