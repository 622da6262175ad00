"""The bundles in use of a running agent: a version that is promoted speaks within seconds, without a restart.

A thread of its own looks at each task's pointer file, loads what is new and swaps it in whole; a turn only reads what
is loaded. What can't be loaded leaves who spoke before speaking, and is said in the log and by `parley doctor`.
"""

import hashlib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol

from agent.errors import BundleError, ParleyError
from agent.ports import M, SentimentScorer, Speaking, Voice
from agent.training.speakers import BUILT_IN, Mode, Speakers
from agent.training.versions import Versions
from agent.types import Sentiment

_LOG = logging.getLogger(__name__)
_LOOK_S = 0.5
_AGAIN_S = 30.0  # between tries of what could not be loaded
_PARTING_S = 1.0


@dataclass(frozen=True, slots=True)
class _Loaded(Generic[M]):
    """What is in memory, swapped whole. percent: of the conversations in which the one on trial speaks."""

    speaking: Speaking[M] | None
    tried: Speaking[M] | None = None
    mode: Mode = Mode.SHADOW
    percent: float = 0.0


class InUse(Generic[M]):
    """Implements `agent.ports.Voice`: the model in use of one task.

    load a version's folder and raises BundleError; built_in: speaks where no bundle does.
    """

    def __init__(self, versions: Versions, load: Callable[[Path], M], built_in: M | None = None) -> None:
        self._versions = versions
        self._load = load
        self._built_in = None if built_in is None else Speaking(version=BUILT_IN, model=built_in)
        self._cache: dict[tuple[str, int, int], Speaking[M]] = {}
        self._loaded: _Loaded[M] = _Loaded(self._built_in)
        self._seen: tuple[int, int, int] | str | None = "never"
        self._whole = True
        self._changing = threading.Lock()

    def of(self, conversation_id: str = "") -> Speaking[M] | None:
        """Who speaks in a conversation, always the same while a trial lasts; None where nothing is trained or built in."""
        loaded = self._loaded
        if (
            loaded.tried
            and loaded.mode is Mode.SHARE
            and in_share(loaded.tried.version, conversation_id, loaded.percent)
        ):
            return loaded.tried
        return loaded.speaking

    @property
    def shadow(self) -> Speaking[M] | None:
        """Who listens without speaking."""
        loaded = self._loaded
        return loaded.tried if loaded.mode is Mode.SHADOW else None

    def refresh(self, *, again: bool = False) -> None:
        """Looks at the pointer, and loads what is new. again: also what could not be loaded before."""
        with self._changing:
            seen = self._signature()
            if seen == self._seen and (self._whole or not again):
                return
            try:
                speakers = self._versions.speakers()
            except BundleError as error:
                self._complain(str(error))
                first = self._seen == "never"
                self._seen = seen
                self._whole = False
                if not first:
                    return
                speakers = Speakers()
            else:
                self._seen, self._whole = seen, True
            self._swap(speakers)

    def _swap(self, speakers: Speakers) -> None:
        before = self._loaded
        speaking = self._first_whole(speakers, before.speaking)
        trial = speakers.trial
        tried = self._opened(trial.version) if trial else None
        self._loaded = _Loaded(
            speaking, tried, trial.mode if trial else Mode.SHADOW, trial.percent if trial and tried else 0.0
        )
        kept = {version for version in (speaking, tried) if version}
        self._cache = {key: model for key, model in self._cache.items() if model in kept}
        if speaking is not before.speaking and before.speaking is not None:
            _LOG.info("%s: %s speaks now", self._versions.task.value, _name(speaking))

    def _first_whole(self, speakers: Speakers, before: Speaking[M] | None) -> Speaking[M] | None:
        """Who should speak; where that can't be loaded, who speaks; at the start, who did before."""
        wanted = speakers.version
        if wanted == BUILT_IN:
            return self._built_in
        if (found := self._opened(wanted)) is not None:
            return found
        if before is not None and before.version != BUILT_IN:
            return before
        for version in speakers.line[-2:0:-1]:
            if (found := self._opened(version)) is not None:
                return found
        return self._built_in

    def _opened(self, version: str) -> Speaking[M] | None:
        """A version loaded, once; None, with a complaint, when that fails."""
        folder = self._versions.root / version
        try:
            stat = (folder / "bundle.json").stat()
            key = (version, stat.st_ino, stat.st_mtime_ns)
            if key not in self._cache:
                self._cache[key] = Speaking(version=version, model=self._load(folder))
            return self._cache[key]
        except Exception as error:  # noqa: BLE001 - whatever a bundle breaks on, who speaks goes on speaking
            self._whole = False
            known = isinstance(error, ParleyError | OSError)
            self._complain(f"{folder} can't be used: {error if known else repr(error)}")
            return None

    def _complain(self, what: str) -> None:
        _LOG.error("%s: %s; see: parley doctor", self._versions.task.value, what)

    def _signature(self) -> tuple[int, int, int] | None:
        try:
            stat = self._versions.pointer.stat()
        except OSError:
            return None
        return stat.st_ino, stat.st_mtime_ns, stat.st_size


def in_share(version: str, conversation_id: str, percent: float) -> bool:
    """Whether a conversation is among these percent: by a hash, so that it stays there, also when the share grows.

    The version goes into it: each trial draws its conversations anew. What is no conversation is in no share.
    """
    if not conversation_id:
        return False
    digest = hashlib.sha256(f"{version}:{conversation_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64 < percent / 100


class SentimentInUse:
    """Implements `agent.ports.SentimentScorer` by whoever speaks where there is no conversation."""

    def __init__(self, voice: Voice[SentimentScorer]) -> None:
        self._voice = voice

    def score(self, texts: Sequence[str]) -> list[Sentiment]:
        """A Sentiment for each text; none where nobody speaks."""
        speaking = self._voice.of()
        return speaking.model.score(texts) if speaking else []


class Refreshed(Protocol):
    """What looks for news when it is told to. again: also at what failed before."""

    def refresh(self, *, again: bool = False) -> None: ...


@contextmanager
def watched(models: Sequence[Refreshed], *, every_s: float = _LOOK_S) -> Iterator[None]:
    """Refreshes the models all the while, in a thread; see that they are loaded before."""
    done = threading.Event()

    def watch() -> None:
        tries_in = _AGAIN_S
        while not done.wait(every_s):
            tries_in -= every_s
            again = tries_in <= 0
            tries_in = _AGAIN_S if again else tries_in
            for model in models:
                try:
                    model.refresh(again=again)
                except Exception:  # noqa: BLE001 - the thread must live as long as the server
                    _LOG.exception("looking for new bundles failed")

    thread = threading.Thread(target=watch, name="bundles", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(_PARTING_S)  # a load that is under way is let go with the process


def _name(speaking: Speaking[M] | None) -> str:
    return (speaking.version if speaking else BUILT_IN) or "what is built in"
