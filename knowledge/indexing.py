"""Keeps the vector and the lexical index in step with the passages, and mends them after a crash."""

from pathlib import Path
from threading import RLock

import numpy as np

from knowledge.embedders.choose import EmbedderChoice
from knowledge.embedders.corpus import CorpusEmbedder
from knowledge.embedders.embedder import Embedder, embed_passages
from knowledge.embedders.endpoint import EndpointEmbedder
from knowledge.ingest import Progress
from knowledge.lexical import LexicalIndex
from knowledge.names import Names
from knowledge.passages import PassageStore
from knowledge.types import Passage
from knowledge.vectors import VectorIndex

_BATCH = 256
_REFIT_GROWTH = 1.2


class Indexing:
    """Both indexes and the embedder, opened at first use."""

    def __init__(self, folder: Path, store: PassageStore, choice: EmbedderChoice) -> None:
        self._folder = folder
        self._store = store
        self._choice = choice
        self._lock = RLock()
        self._embedder: Embedder | None = None
        self._lexical: tuple[int, LexicalIndex] | None = None
        self._names: tuple[int, Names] | None = None
        self._vectors: tuple[int, VectorIndex] | None = None

    def check(self) -> None:
        """Raises IndexMismatch when the index bears the vectors of another embedder than the one wanted."""
        self._choice.resolve(self._store.meta("embedder"))

    def embedder(self) -> Embedder:
        """The embedder of this index. Raises IndexMismatch."""
        with self._lock:
            if self._embedder is None:
                kind = self._choice.resolve(self._store.meta("embedder"))
                if kind == "corpus" and not (self._folder / "corpus.npz").exists():
                    self._fit()
                self._embedder = self._choice.make(kind, self._folder)
            return self._embedder

    def lexical(self) -> LexicalIndex:
        """The lexical index of the passages as they are now, rebuilt when it is not."""
        with self._lock:
            revision = self._store.revision
            if self._lexical is None or self._lexical[0] != revision:
                index = LexicalIndex.load(self._folder / "lexical", revision)
                if index is None:
                    index = LexicalIndex.build(self._store.passages())
                    index.save(self._folder / "lexical", revision)
                self._lexical = (revision, index)
            return self._lexical[1]

    def names(self) -> Names:
        """The names of the corpus as it is now."""
        with self._lock:
            revision = self._store.revision
            if self._names is None or self._names[0] != revision:
                self._names = (revision, Names.learn(self._store.passages()))
            return self._names[1]

    def passages(self) -> list[Passage]:
        """All passages that are indexed."""
        return self._store.passages()

    def vectors(self) -> VectorIndex:
        """The vector index, mended first when a crash or another process left it behind."""
        with self._lock:
            revision = self._store.revision
            if self._vectors is None:
                self._vectors = (revision, VectorIndex(self._folder / "chroma"))
                self._reconcile(self._vectors[1])
            elif self._vectors[0] != revision:
                self._vectors[1].close()
                self._vectors = (revision, VectorIndex(self._folder / "chroma"))
            return self._vectors[1]

    def repair(self) -> bool:
        """Finishes the outbox and compares what the vector index holds; returns whether anything was wrong."""
        with self._lock:
            was_settled = self._store.is_settled()
            index = self._vectors[1] if self._vectors else VectorIndex(self._folder / "chroma")
            self._vectors = (self._store.revision, index)
            return self._reconcile(index) or not was_settled

    def catch_up(self, progress: Progress) -> None:
        """Does for both indexes all that the passages' changes ask for; cheap when there is nothing."""
        with self._lock:
            if self._store.is_settled():
                return
            if self._needs_fit():
                self._refit()
            index = self._vectors[1] if self._vectors else VectorIndex(self._folder / "chroma")
            self._settle(index, progress)
            self._vectors = (self._store.revision, index)
            self.lexical()

    def reset(self) -> None:
        """Forgets all vectors, for another embedder to make them anew."""
        with self._lock:
            VectorIndex(self._folder / "chroma").clear()
            (self._folder / "corpus.npz").unlink(missing_ok=True)
            self._store.set_meta("embedder", "")
            self._store.set_meta("fitted_on", "0")
            self._store.mark_pending(self._store.passage_ids(), "upsert")
            self._embedder = None
            self._vectors = None

    def close(self) -> None:
        """Lets go of the files, and of the embedding server."""
        with self._lock:
            if isinstance(self._embedder, EndpointEmbedder):
                self._embedder.close()
            self._embedder = None
            if self._vectors:
                self._vectors[1].close()
            self._vectors = self._lexical = None

    def _reconcile(self, index: VectorIndex) -> bool:
        """Makes the index hold exactly the passages; returns whether it did not."""
        if self._store.is_settled() and index.count() == self._store.count():
            return False
        held, wanted = index.ids(), set(self._store.passage_ids())
        self._store.mark_pending(sorted(wanted - held), "upsert")
        self._store.mark_pending(sorted(held - wanted), "delete")
        self._settle(index, lambda _stage, _done, _total: None)
        return True

    def _settle(self, index: VectorIndex, progress: Progress) -> None:
        """Works off the outbox; each batch is noted as done only after the index has it."""
        gone = self._store.pending("delete")
        index.delete(gone)
        self._store.settle(gone, "delete")
        new = self._store.pending("upsert")
        for start in range(0, len(new), _BATCH):
            progress("embedding", start, len(new))
            ids = new[start : start + _BATCH]
            self._embed(index, self._store.passages(ids))
            self._store.settle(ids, "upsert")
        if new:
            progress("embedding", len(new), len(new))

    def _embed(self, index: VectorIndex, passages: list[Passage]) -> None:
        if not passages:
            return
        embedder = self.embedder()
        embedded = embed_passages(embedder, passages)
        self._store.put_vectors(
            {
                passage.id: np.vstack([found.vector, found.spans])
                for passage, found in zip(passages, embedded, strict=True)
            }
        )
        index.upsert(passages, np.stack([found.vector for found in embedded]))
        self._store.set_meta("embedder", embedder.name)

    def _needs_fit(self) -> bool:
        """Whether the corpus-fitted embedder is used and the corpus has grown a good deal since it was fitted."""
        if self._choice.resolve(self._store.meta("embedder")) != "corpus" or not self._store.count():
            return False
        fitted_on = int(self._store.meta("fitted_on") or 0)
        return not (self._folder / "corpus.npz").exists() or self._store.count() > _REFIT_GROWTH * fitted_on

    def _refit(self) -> None:
        self._fit()
        self._embedder = None
        if self._vectors:
            self._vectors[1].close()
        VectorIndex(self._folder / "chroma").clear()
        self._vectors = None
        self._store.mark_pending(self._store.passage_ids(), "upsert")

    def _fit(self) -> None:
        passages = self._store.passages()
        texts = ["\n".join([passage.title, *passage.section, passage.text]) for passage in passages] or [""]
        CorpusEmbedder.fit(texts).save(self._folder / "corpus.npz")
        self._store.set_meta("fitted_on", str(len(passages)))
