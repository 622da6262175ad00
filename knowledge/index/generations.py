"""The generations of a library's vectors: the one it answers from, and the one that is being made beside it."""

import shutil
from pathlib import Path
from threading import RLock, Timer
from uuid import uuid4

from knowledge.index.generation import Generation
from knowledge.passages import PassageStore

_GRACE_S = 30.0


class Generations:
    """Which generation is live stands in one row of the passages' file, so that a switch is one write.

    One that is no longer live is closed, and removed where we replaced it, only after a while: somebody may be asking it.
    """

    def __init__(self, folder: Path, store: PassageStore, chroma_url: str) -> None:
        self._folder = folder
        self._store = store
        self._chroma_url = chroma_url
        self._lock = RLock()
        self._live: tuple[str, Generation] | None = None
        self._retired: list[tuple[Generation, bool]] = []
        self._timer: Timer | None = None

    def live(self) -> Generation:
        """The generation in use; another process may have switched to another one, or added to it."""
        with self._lock:
            noted = self._store.metas("vectors_at", "generation")
            written, name = noted.get("vectors_at", ""), noted.get("generation")
            if not name:
                name = uuid4().hex[:12]
                self._store.set_meta("generation", name)
            if self._live is None or self._live[1].name != name:
                if self._live is not None:
                    self._retire(self._live[1], replaced=False)
                self._live = (written, self._open(name))
            elif self._live[0] != written:
                self._live[1].look_again()
                self._live = (written, self._live[1])
            return self._live[1]

    def written(self, generation: Generation) -> None:
        """Notes that we have brought the live generation up to the passages, for other processes to see."""
        with self._lock:
            self._live = (self._stamp(), generation)

    def beside(self, kind: str) -> Generation:
        """A generation for a kind of embedder: the one that was begun and not finished, else a new one."""
        began, _, of = (self._store.meta("rebuilding") or "").partition("/")
        if began and of == kind and self._place(began).is_dir():
            return self._open(began)
        if began:
            self._open(began).remove()
        name = uuid4().hex[:12]
        self._store.set_meta("rebuilding", f"{name}/{kind}")
        return self._open(name)

    def switch(self, beside: Generation, embedder: str) -> None:
        """Makes a generation that holds all passages the live one, and forgets the one before."""
        before = self._store.meta("generation")
        with self._store.transaction():
            self._store.set_meta("generation", beside.name)
            self._store.set_meta("embedder", embedder)
            self._store.set_meta("rebuilding", "")
            self._store.settle_all()
        with self._lock:
            if self._live is not None:
                self._retire(self._live[1], replaced=True)
            elif before:
                self._open(before).remove()
            self._live = (self._stamp(), beside)
        shutil.rmtree(self._folder / "chroma", ignore_errors=True)  # where an older version kept its vectors

    def close(self) -> None:
        """Lets go of all files, and removes what we replaced."""
        with self._lock:
            if self._live:
                self._live[1].close()
            self._live = None
        self._forget_retired()

    def _stamp(self) -> str:
        stamp = uuid4().hex[:12]
        self._store.set_meta("vectors_at", stamp)
        return stamp

    def _retire(self, generation: Generation, *, replaced: bool) -> None:
        self._retired.append((generation, replaced))
        if self._timer is not None:
            self._timer.cancel()
        self._timer = Timer(_GRACE_S, self._forget_retired)
        self._timer.daemon = True
        self._timer.start()

    def _forget_retired(self) -> None:
        with self._lock:
            retired, self._retired = self._retired, []
            if self._timer is not None:
                self._timer.cancel()
            self._timer = None
        for generation, replaced in retired:
            if replaced:
                generation.remove()
            else:
                generation.close()

    def _open(self, name: str) -> Generation:
        return Generation(self._place(name), self._chroma_url)

    def _place(self, name: str) -> Path:
        return self._folder / "vectors" / name
