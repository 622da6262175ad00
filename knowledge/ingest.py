"""Brings files into the passage store: what is unchanged is skipped, what changed is replaced, what broke is named."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge import chunking
from knowledge.errors import UnreadableSource
from knowledge.loaders.page import fetch_page
from knowledge.loaders.registry import LOADERS, load, read_bytes
from knowledge.passages import PassageStore
from knowledge.types import Document

_BATCH = 200

Progress = Callable[[str, int, int], None]
"""Called with what is being done ("reading", "embedding"), how many are done, and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenSource:
    """One file, page or record that could not be read, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What an ingest did, in documents."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    broken: tuple[BrokenSource, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Origin:
    """One file or page: its name for the customer (`source_id`) and its place (`path`)."""

    source_id: str
    path: str


@dataclass(slots=True, kw_only=True)
class _Tally:
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    broken: list[BrokenSource] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)

    def note(self, error: UnreadableSource) -> None:
        self.broken.append(BrokenSource(source=error.source, reason=error.reason))


class Ingest:
    """One run over some paths into one collection."""

    def __init__(self, store: PassageStore, collection: str, progress: Progress) -> None:
        self._store = store
        self._collection = collection
        self._progress = progress
        self._tally = _Tally()

    def run(self, paths: Sequence[str], prune: bool) -> IngestReport:
        """Reads all paths; each file is committed as it is done, so that an interrupted run resumes."""
        origins = list(self._origins(paths, prune))
        for number, origin in enumerate(origins):
            self._progress("reading", number, len(origins))
            try:
                self._read(origin)
            except UnreadableSource as error:
                self._tally.note(error)
        self._progress("reading", len(origins), len(origins))
        if prune:
            self._prune(paths, {origin.path for origin in origins})
        tally = self._tally
        return IngestReport(
            added=tally.added,
            changed=tally.changed,
            unchanged=tally.unchanged,
            removed=tally.removed,
            broken=tuple(tally.broken),
        )

    def clear(self) -> int:
        """Forgets every document of the collection; returns how many there were."""
        removed = 0
        for path in self._store.origins(self._collection):
            with self._store.transaction():
                documents = self._store.documents_of(self._collection, path)
                for source_id in documents:
                    self._store.remove_document(self._collection, source_id)
                self._store.forget_origin(self._collection, path)
            removed += len(documents)
        return removed

    def _origins(self, paths: Sequence[str], prune: bool) -> Iterator[_Origin]:
        for given in paths:
            if given.startswith(("https://", "http://")):
                yield _Origin(source_id=given, path=given)
                continue
            path = Path(given)
            if path.is_dir():
                for file in sorted(path.rglob("*")):
                    hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
                    if file.is_file() and not hidden and file.suffix.lower() in LOADERS:
                        name = f"{path.resolve().name}/{file.relative_to(path).as_posix()}"
                        yield _Origin(source_id=name, path=str(file.resolve()))
            elif path.exists() or not prune:
                yield _Origin(source_id=path.name, path=str(path.resolve()))

    def _read(self, origin: _Origin) -> None:
        is_page = origin.path.startswith(("https://", "http://"))
        data, suffix = fetch_page(origin.path) if is_page else (_bytes(origin), Path(origin.path).suffix)
        digest = hashlib.sha256(chunking.CHUNKING.encode() + data).hexdigest()
        before = self._store.documents_of(self._collection, origin.path)
        if before and self._store.origin_hash(self._collection, origin.path) == digest:
            self._tally.unchanged += len(before)
            self._tally.seen.update(dict.fromkeys(before, origin.source_id))
            return
        broken_before = len(self._tally.broken)
        kept = self._write(origin, load(origin.source_id, suffix, data))
        if len(self._tally.broken) > broken_before:
            return
        # Only a file read whole tells which of its documents are gone.
        with self._store.transaction():
            for source_id in set(before) - kept:
                self._store.remove_document(self._collection, source_id)
                self._tally.removed += 1
            self._store.set_origin(self._collection, origin.path, digest)

    def _write(self, origin: _Origin, loaded: Iterator[Document | UnreadableSource]) -> set[str]:
        """Stores the documents of one file in batches; returns their source ids."""
        kept: set[str] = set()
        batch: list[Document] = []
        try:
            for found in loaded:
                if isinstance(found, UnreadableSource):
                    self._tally.note(found)
                elif found.source_id in self._tally.seen:
                    other = self._tally.seen[found.source_id]
                    self._tally.note(UnreadableSource(found.source_id, f"this id stands twice (also in {other})"))
                else:
                    self._tally.seen[found.source_id] = origin.source_id
                    kept.add(found.source_id)
                    batch.append(found)
                if len(batch) >= _BATCH:
                    self._commit(origin, batch)
                    batch = []
        finally:
            self._commit(origin, batch)
        return kept

    def _commit(self, origin: _Origin, documents: Sequence[Document]) -> None:
        if not documents:
            return
        with self._store.transaction():
            for document in documents:
                digest = _digest(document)
                before = self._store.document_hash(self._collection, document.source_id)
                if before == digest:
                    self._tally.unchanged += 1
                    continue
                passages = chunking.split(document, self._collection)
                self._store.put_document(self._collection, document.source_id, origin.path, digest, passages)
                if before is None:
                    self._tally.added += 1
                else:
                    self._tally.changed += 1

    def _prune(self, paths: Sequence[str], seen: set[str]) -> None:
        """Removes documents of files under `paths` that are no longer there."""
        roots = [Path(given).resolve() for given in paths if "://" not in given]
        for path in self._store.origins(self._collection):
            under = any(root == Path(path) or root in Path(path).parents for root in roots)
            if path in seen or not under or "://" in path:
                continue
            with self._store.transaction():
                for source_id in self._store.documents_of(self._collection, path):
                    self._store.remove_document(self._collection, source_id)
                    self._tally.removed += 1
                self._store.forget_origin(self._collection, path)


def _bytes(origin: _Origin) -> bytes:
    try:
        return read_bytes(Path(origin.path))
    except UnreadableSource as error:
        raise UnreadableSource(origin.source_id, error.reason) from error


def _digest(document: Document) -> str:
    parts = [chunking.CHUNKING, document.title, document.content, document.url or "", document.language]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
