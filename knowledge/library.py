"""The library: documents in, passages out. One folder holds the passages (the truth) and the indexes made of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock

import numpy as np
from filelock import FileLock

from knowledge.embedders import minilm
from knowledge.embedders.choose import EmbedderChoice, EmbedderKind
from knowledge.embedders.embedder import Embedder, Vectors
from knowledge.expansion import load_expansion
from knowledge.fusion import load_weights
from knowledge.indexing import Indexing
from knowledge.ingest import Ingest, IngestReport, Progress
from knowledge.names import Name
from knowledge.parts import QuestionPart, take_apart
from knowledge.passages import PassageStore
from knowledge.rerankers.reranker import RerankerChoice
from knowledge.search import Search
from knowledge.spans import Span, split_spans
from knowledge.types import Passage, PassageEvidence, Retrieval

ARMS = ("vector", "lexical")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchTuning:
    """How passages are searched. chroma_url: of a server that holds the vectors, "" to keep them in the folder;
    diversity: how much a passage counts for being unlike those before it, 0…1.
    """

    chroma_url: str = ""
    diversity: float = 0.0
    reranker: RerankerChoice = field(default_factory=RerankerChoice)


class Library:
    """Everything the agent has read. Blocking and thread-safe: call it from threads.

    Nothing heavy (Chroma, the embedding model) is loaded before a search or a change needs it.
    """

    def __init__(self, folder: Path, choice: EmbedderChoice, tuning: SearchTuning) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._store = PassageStore(folder / "passages.db")
        self._indexing = Indexing(folder, self._store, choice, tuning.chroma_url)
        self._search = Search(
            self._store,
            self._indexing,
            load_weights(folder),
            load_expansion(folder),
            tuning.reranker.make(),
            tuning.diversity,
        )
        self._write = FileLock(folder / "write.lock")
        self._thread = RLock()

    @classmethod
    def open(
        cls, folder: Path, embedder: EmbedderKind | EmbedderChoice = "auto", tuning: SearchTuning = SearchTuning()
    ) -> "Library":
        """The library in `folder`, made when there is none.

        Raises IndexMismatch, at once, when the index was made with another embedder than the one wanted.
        """
        choice = embedder if isinstance(embedder, EmbedderChoice) else EmbedderChoice(kind=embedder)
        library = cls(folder, choice, tuning)
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
            library._indexing.rebuild(progress or _silent)
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
    ) -> IngestReport:
        """Reads files, folders and https pages; see `IngestReport`. An interrupted ingest resumes when run again."""
        report_progress = progress or _silent
        with self._thread, self._write:
            report = Ingest(self._store, collection, report_progress).run([str(path) for path in paths], prune)
            self._indexing.catch_up(report_progress)
        return report

    def remove_collection(self, collection: str) -> int:
        """Forgets all documents filed under a name; returns how many there were."""
        with self._thread, self._write:
            removed = Ingest(self._store, collection, _silent).clear()
            self._indexing.catch_up(_silent)
        return removed

    def repair(self) -> bool:
        """Finishes what a crash left undone between the indexes; returns whether there was anything."""
        with self._thread, self._write:
            return self._indexing.repair()

    def warm(self) -> None:
        """Loads model and indexes, so that the first question need not wait."""
        self.search("hello", 1, "en")

    def search(self, question: str, k: int = 8, language: str = "") -> Retrieval:
        """The k best passages. A failing arm is named in `failed_arms`; KnowledgeError when all fail."""
        return self._search.search(question, k, language)

    def search_arm(self, arm: str, question: str, k: int = 10, language: str = "") -> tuple[PassageEvidence, ...]:
        """The k best passages of one arm alone: "vector" or "lexical"."""
        return self._search.search_arm(arm, question, k, language)

    def embed_query(self, text: str) -> Vectors:
        """[d] float32, unit length; remembered, so that a turn embeds its question once."""
        return self._search.embed_query(text)

    def compares(self, language: str) -> bool:
        """Whether cosines of questions and spans of this language mean what the composer's weights were fitted on."""
        embedder = self._indexing.embedder()
        return embedder.name == minilm.NAME and language in embedder.languages

    def question_parts(self, question: str) -> tuple[QuestionPart, ...]:
        """The question itself, then the things that it asks for, where it asks for several."""
        return take_apart(question, self._indexing.names())

    def terms(self) -> tuple[str, ...]:
        """Names that the documents are organised by, as words, longest first."""
        return self._indexing.names().spoken()

    def name_match(self, passage_id: str, names: Sequence[Name]) -> float:
        """1 where the passage stands under one of the names, 0 where under others only, a half where under none."""
        return self._indexing.names().match(passage_id, names)

    def known_share(self, terms: Collection[str]) -> float:
        """Share of index terms that stand in any passage at all; 1 without terms."""
        return self._indexing.lexical().known_share(terms)

    def span_vectors(self, passage_ids: Sequence[str]) -> dict[str, Vectors]:
        """[n_spans, d] float32, unit length, of each passage: row i belongs to `split_spans(passage.text)[i]`."""
        return self._indexing.span_vectors(passage_ids)

    def passages(self, passage_ids: Sequence[str] | None = None) -> list[Passage]:
        """Passages by id, or all."""
        return self._store.passages(passage_ids)

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


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Progress for nobody."""
