"""The library: documents in, passages out. One folder holds the passages (the truth) and the indexes made of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import RLock

import numpy as np
from filelock import FileLock

from knowledge.contradictions import Contradiction, contradictions
from knowledge.cutting.spans import Span, split_spans
from knowledge.embedders.choose import EmbedderChoice, EmbedderKind
from knowledge.embedders.embedder import Embedder, Vectors
from knowledge.index.indexing import Indexing
from knowledge.ingest import Ingest, IngestReport
from knowledge.passages import PassageStore
from knowledge.progress import Progress, silent
from knowledge.release import Release, calls_itself_internal
from knowledge.rerankers.reranker import RerankerChoice
from knowledge.retrieval.expansion import load_expansion
from knowledge.retrieval.fusion import load_weights
from knowledge.retrieval.search import Search
from knowledge.shelf import Calendar, Shelf
from knowledge.types import Audience, Passage
from knowledge.web.reading import Web

ARMS = ("vector", "lexical")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchTuning:
    """How passages are searched. chroma_url: of a server that holds the vectors, "" to keep them in the folder;
    diversity: how much a passage counts for being unlike those before it, 0…1.
    """

    chroma_url: str = ""
    diversity: float = 0.0
    reranker: RerankerChoice = field(default_factory=RerankerChoice)


class Library(Shelf):
    """Everything the agent has read; to read from it is to read what is public, `shelf` gives what others may read.

    Blocking and thread-safe: call it from threads.
    Nothing heavy (Chroma, the embedding model) is loaded before a search or a change needs it.
    """

    def __init__(
        self, folder: Path, choice: EmbedderChoice, tuning: SearchTuning, today: Calendar = date.today
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        store = PassageStore(folder / "passages.db")
        indexing = Indexing(folder, store, choice, tuning.chroma_url)
        search = Search(
            store, indexing, load_weights(folder), load_expansion(folder), tuning.reranker.make(), tuning.diversity
        )
        super().__init__(store, indexing, search, "public", today)
        self._write = FileLock(folder / "write.lock")
        self._thread = RLock()

    @classmethod
    def open(
        cls,
        folder: Path,
        embedder: EmbedderKind | EmbedderChoice = "auto",
        tuning: SearchTuning = SearchTuning(),
        today: Calendar = date.today,
    ) -> "Library":
        """The library in `folder`, made when there is none. today: what day it is, for what is valid.

        Raises IndexMismatch, at once, when the index was made with another embedder than the one wanted.
        """
        choice = embedder if isinstance(embedder, EmbedderChoice) else EmbedderChoice(kind=embedder)
        library = cls(folder, choice, tuning, today)
        library._indexing.check()
        return library

    @classmethod
    def rebuild(
        cls,
        folder: Path,
        embedder: EmbedderKind | EmbedderChoice = "auto",
        tuning: SearchTuning = SearchTuning(),
        progress: Progress | None = None,
    ) -> "Library":
        """The library in `folder` with its vectors made anew by the embedder wanted; no document is read again.

        Others that have it open answer from the old ones until all new ones are made. Interrupted, it goes on next time.
        """
        choice = embedder if isinstance(embedder, EmbedderChoice) else EmbedderChoice(kind=embedder)
        library = cls(folder, choice, tuning)
        with library._write:
            library._indexing.rebuild(progress or silent)
        return library

    def close(self) -> None:
        """Lets go of all files, servers and models."""
        self._search.close()
        self._indexing.close()
        self._store.close()

    def ingest(
        self,
        paths: Sequence[str | Path],
        collection: str = "default",
        prune: bool = False,
        progress: Progress | None = None,
        release: Release | None = None,
        web: Callable[[], Web] = Web,
    ) -> IngestReport:
        """Reads files, folders, https pages and sitemaps; see `IngestReport`. An interrupted ingest resumes when run again.

        release: who may read what is in them and when, where it does not say so itself.
        """
        report_progress = progress or silent
        with self._thread, self._write:
            run = Ingest(self._store, collection, report_progress, release, web)
            report = run.run([str(path) for path in paths], prune)
            self._indexing.catch_up(report_progress)
        return report

    def remove_collection(self, collection: str) -> int:
        """Forgets all documents filed under a name; returns how many there were."""
        with self._thread, self._write:
            removed = Ingest(self._store, collection, silent).clear()
            self._indexing.catch_up(silent)
        return removed

    def repair(self) -> bool:
        """Finishes what a crash left undone between the indexes; returns whether there was anything."""
        with self._thread, self._write:
            return self._indexing.repair()

    def shelf(self, audience: Audience) -> Shelf:
        """What an audience may read; the library's own methods read what is public."""
        return Shelf(self._store, self._indexing, self._search, audience, self._today)

    def contradictions(self, changed: frozenset[str] | None = None) -> list[Contradiction]:
        """Pairs of passages that say the same with other numbers, or yes and no; those over by now are left out.

        changed: source ids; only pairs with one of them.
        """
        today = self._today()
        current = [p for p in self.all_passages() if p.valid_until is None or p.valid_until >= today]
        return contradictions(current, self._indexing.names(), changed)

    def articles(self, audience: Audience, most_titles: int) -> tuple[int, list[str]]:
        """How many documents an audience may read today, and the titles of the first ones."""
        return self._store.articles(audience, self._today(), most_titles)

    def seemingly_internal(self) -> list[str]:
        """Titles of documents that customers may read and that call themselves internal."""
        return list(filter(calls_itself_internal, self._store.titles("public")))

    def all_passages(self) -> list[Passage]:
        """Every passage, whoever may read it and when: for the operator."""
        return self._store.passages()

    def passages_of(self, source_ids: Sequence[str]) -> list[Passage]:
        """All passages of some documents."""
        return self._store.passages_of(source_ids)

    @property
    def ranking(self) -> Search:
        """The search itself, for those who measure or fit it."""
        return self._search

    @property
    def size(self) -> int:
        """Number of passages."""
        return self._store.count()

    @property
    def embedder_name(self) -> str:
        """Fingerprint of the embedder in the index, "" while nothing is indexed."""
        return self._store.meta("embedder") or ""

    @property
    def embedder(self) -> Embedder:
        """The embedder in use."""
        return self._indexing.embedder()


def spans_of(passage: Passage) -> list[Span]:
    """The spans that `Library.span_vectors` has rows for."""
    return split_spans(passage.text)


def similarity(query: Vectors, spans: Vectors) -> Vectors:
    """[n_spans] cosine of a question with each span."""
    return np.asarray(spans @ query, dtype=np.float32)
