"""Keeps the vector and the lexical index in step with the passages, and mends them after a crash.

Whoever changes passages holds the library's write lock and catches up; whoever only asks answers from what was last made
whole, and mends what a crash left behind when nobody is writing.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import RLock

from filelock import FileLock, Timeout

from knowledge.embedders.choose import ConcreteKind, EmbedderChoice, kind_of
from knowledge.embedders.corpus import CorpusEmbedder, sample
from knowledge.embedders.embedder import Embedder, Vectors, embed_spans
from knowledge.embedders.endpoint import EndpointEmbedder
from knowledge.errors import IndexMismatch
from knowledge.index.count_words import counting_beside, learn_names, updated_lexical
from knowledge.index.embed_beside import MANY, embedding
from knowledge.index.generation import Embedded, Generation, digest
from knowledge.index.generations import Generations
from knowledge.index.learnt_names import load_names
from knowledge.index.lexical import LexicalIndex
from knowledge.index.names import Names
from knowledge.passages import PassageStore
from knowledge.progress import Progress, silent
from knowledge.types import Passage

_BATCH = 256
_FAST_BATCH = 2048
_PAGE = 20_000
_SMALL = 2000
_REFIT_GROWTH = {"small": 1.2, "large": 2.0}
_RELEARN = 0.01


class Indexing:
    """Both indexes and the embedder, opened at first use."""

    def __init__(self, folder: Path, store: PassageStore, choice: EmbedderChoice, chroma_url: str = "") -> None:
        self._folder = folder
        self._store = store
        self._choice = choice
        self._lock = RLock()
        self._learning = RLock()
        self._embedder: tuple[str, Embedder] | None = None
        self._lexical: LexicalIndex | None = None
        self._names: tuple[int, Names] | None = None
        self._languages: tuple[int, frozenset[str]] | None = None
        self._generations = Generations(folder, store, chroma_url)
        self._mended = False

    def check(self) -> None:
        """Raises IndexMismatch when the index bears the vectors of another embedder than the one wanted."""
        indexed = self._store.meta("embedder")
        self._choice.resolve(indexed)
        if indexed and not self._store.meta("generation"):
            raise IndexMismatch(
                "The index was made by an older version, in another way. Re-index with: parley ingest --rebuild"
            )

    def embedder(self) -> Embedder:
        """The embedder of this index. Raises IndexMismatch."""
        with self._lock:
            generation = self._generations.live()
            if self._embedder is None or self._embedder[0] != generation.name:
                self._embedder = (generation.name, self._make(generation))
            return self._embedder[1]

    def lexical(self) -> LexicalIndex:
        """The lexical index, of the passages as they are now unless someone is just changing them."""
        with self._lock:
            last = self._store.last_change
            if self._lexical is None or self._lexical.upto < last:
                self._lexical = self._newest_lexical() or LexicalIndex.build([], upto=-1)
                if self._lexical.upto < last:
                    with self._nobody_writing() as free:
                        if free:
                            self._update_lexical()
            return self._lexical

    def names(self) -> Names:
        """The names of the corpus; a small change of a large one does not have them learnt anew."""
        with self._learning:
            if self._names is None or self._is_stale(self._names[0]):
                saved = load_names(self._folder / "names.json")
                fresh = saved if saved is not None and not self._is_stale(saved[0]) else None
                self._names = fresh or learn_names(self._folder, self._store)
            return self._names[1]

    def languages(self) -> frozenset[str]:
        """The languages of the passages."""
        last = self._store.last_change
        if self._languages is None or self._languages[0] != last:
            self._languages = (last, self._store.languages())
        return self._languages[1]

    def passages(self) -> list[Passage]:
        """All passages that are indexed."""
        return self._store.passages()

    def _is_stale(self, upto: int) -> bool:
        """Whether names that know of the changes up to one should be learnt anew."""
        missed = self._store.last_change - upto
        if missed <= 0:
            return missed < 0
        count = self._store.count()
        return missed > (0 if count <= _SMALL else count * _RELEARN)

    def vectors(self) -> Generation:
        """The vectors to search, mended first when a crash left them behind."""
        with self._lock:
            generation = self._generations.live()
            if not self._mended:
                with self._nobody_writing() as free:
                    if free:
                        self._mended = True
                        if not (self._store.is_settled() and generation.holds_few(self._store.count())):
                            self._reconcile(generation)
            return generation

    def passage_vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """[1 + n_spans, d] float32 of each passage that has vectors; [1, d] where the embedder reads no short texts."""
        return self._generations.live().vectors(ids)

    def span_vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """[n_spans, d] float32, unit length, of each passage: row i belongs to `split_spans(passage.text)[i]`."""
        if self.embedder().reads_short:
            return {id_: matrix[1:] for id_, matrix in self.passage_vectors(ids).items()}
        return {passage.id: embed_spans(self.embedder(), passage) for passage in self._store.passages(ids)}

    def repair(self) -> bool:
        """Finishes the outbox and compares what the vector index holds; returns whether anything was wrong."""
        was_settled = self._store.is_settled()
        return self._reconcile(self._generations.live()) or not was_settled

    def catch_up(self, progress: Progress) -> None:
        """Does for both indexes all that the passages' changes ask for; cheap when there is nothing."""
        if self._store.is_settled():
            if self._store.last_change > LexicalIndex.saved_upto(self._folder / "lexical"):
                self._update_lexical()
            return
        generation = self._generations.live()
        many = self._store.last_change - LexicalIndex.saved_upto(self._folder / "lexical") > MANY
        with counting_beside(self._folder) if many else nullcontext():
            if self._needs_fit(generation):
                self.rebuild(progress, kind="corpus")
            elif self._is_mostly_replaced(generation):
                self.rebuild(progress, kind=kind_of(generation.meta("embedder")))
            else:
                self._settle(generation, progress)
        self._update_lexical()

    def rebuild(self, progress: Progress, kind: ConcreteKind | None = None) -> None:
        """Makes all vectors anew beside those in use, then switches at once; one that was interrupted goes on.

        kind: of the embedder, None for the one that is wanted whatever the index has.
        """
        wanted = self._choice.resolve(None) if kind is None else kind
        beside = self._generations.beside(wanted)
        embedder = self._make(beside, wanted)
        beside.set_meta("embedder", embedder.name)
        held = beside.digests()
        digests = dict(self._digests())
        beside.delete([id_ for id_ in held if id_ not in digests])
        self._embed_all(beside, embedder, [id_ for id_, key in digests.items() if held.get(id_) != key], progress)
        self._generations.switch(beside, embedder.name)
        with self._lock:
            self._embedder = (beside.name, embedder)

    def close(self) -> None:
        """Lets go of the files, and of the embedding server."""
        with self._lock:
            if self._embedder and isinstance(self._embedder[1], EndpointEmbedder):
                self._embedder[1].close()
            self._generations.close()
            self._embedder = self._lexical = None
            self._mended = False

    def _make(self, generation: Generation, kind: ConcreteKind | None = None) -> Embedder:
        """The embedder of a generation's vectors, whatever is wanted now: another process may have switched to another.

        One that is fitted on the corpus is fitted where it has not been.
        """
        wanted = kind or kind_of(generation.meta("embedder")) or self._choice.resolve(None)
        if wanted == "corpus" and not generation.fitted_embedder.exists():
            self._fit(generation)
        return self._choice.make(wanted, generation.fitted_embedder)

    @contextmanager
    def _nobody_writing(self) -> Iterator[bool]:
        """Whether nobody is changing passages, and nobody will until the end."""
        lock = FileLock(self._folder / "write.lock", is_singleton=False)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()

    def _newest_lexical(self) -> LexicalIndex | None:
        """The index in memory, or the saved one where another process has made a newer one."""
        if self._lexical is None or self._lexical.upto < LexicalIndex.saved_upto(self._folder / "lexical"):
            return LexicalIndex.load(self._folder / "lexical") or self._lexical
        return self._lexical

    def _update_lexical(self) -> None:
        """Brings the lexical index up to the last change and saves it."""
        index = updated_lexical(self._folder, self._store, self._newest_lexical())
        with self._lock:
            self._lexical = index

    def _reconcile(self, generation: Generation) -> bool:
        """Makes the index hold exactly the passages; returns whether it did not."""
        if self._store.is_settled() and generation.index.count() == self._store.count():
            return False
        indexed = generation.index.ids()
        held = indexed & generation.digests().keys()
        wanted = set(self._store.passage_ids())
        with self._store.transaction():
            self._store.mark_pending(sorted(wanted - held), "upsert")
            self._store.mark_pending(sorted(indexed - wanted), "delete")
        self._settle(generation, silent)
        return True

    def _settle(self, generation: Generation, progress: Progress) -> None:
        """Works off the outbox; each batch is noted as done only after the index has it."""
        gone = self._store.pending("delete")
        generation.delete(gone)
        self._store.settle(gone, "delete")
        new = self._store.pending("upsert")
        if not new:
            return
        embedder = self.embedder()
        self._store.set_meta("embedder", embedder.name)
        generation.set_meta("embedder", embedder.name)
        self._embed_all(generation, embedder, new, progress, settling=True)
        self._generations.written(generation)

    def _embed_all(
        self,
        generation: Generation,
        embedder: Embedder,
        ids: Sequence[str],
        progress: Progress,
        *,
        settling: bool = False,
    ) -> None:
        """Embeds passages while those before them are written."""

        def write(part: Sequence[str], embedded: list[Embedded]) -> None:
            if embedded:
                generation.put(embedded, by_language=embedder.reads_short)
            if settling:
                self._store.settle(part, "upsert")

        size = _BATCH if embedder.reads_short else _FAST_BATCH
        parts = [ids[start : start + size] for start in range(0, len(ids), size)]
        with (
            ThreadPoolExecutor(1, thread_name_prefix="vectors") as writer,
            embedding(embedder, generation.fitted_embedder, self._store, parts) as embed,
        ):
            written: Future[None] | None = None
            for number, part in enumerate(parts):
                progress("embedding", number * size, len(ids))
                found = embed(part)
                if written is not None:
                    written.result()
                written = writer.submit(write, part, found)
            if written is not None:
                written.result()
        if ids:
            progress("embedding", len(ids), len(ids))

    def _digests(self) -> Iterator[tuple[str, bytes]]:
        ids = self._store.passage_ids()
        for start in range(0, len(ids), _PAGE):
            for passage in self._store.passages(ids[start : start + _PAGE]):
                yield passage.id, digest(passage)

    def _is_mostly_replaced(self, generation: Generation) -> bool:
        """Whether most passages have other words now, as after a change of chunking."""
        new = self._store.pending("upsert")
        if 2 * len(new) <= self._store.count():
            return False
        held = generation.digests()
        return 2 * sum(id_ in held for id_ in new) > len(held) > 0

    def _needs_fit(self, generation: Generation) -> bool:
        """Whether the embedder was fitted on the corpus, and that has grown a good deal since."""
        fitted_on = int(generation.meta("fitted_on") or 0)
        growth = _REFIT_GROWTH["small" if fitted_on < _SMALL else "large"]
        return fitted_on > 0 and self._store.count() > growth * fitted_on

    def _fit(self, generation: Generation) -> None:
        ids = self._store.passage_ids()
        passages = self._store.passages(sample(ids))
        texts = ["\n".join([passage.title, *passage.section, passage.text]) for passage in passages] or [""]
        CorpusEmbedder.fit(texts).save(generation.fitted_embedder)
        generation.set_meta("fitted_on", str(len(ids)))
