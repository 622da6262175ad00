"""Brings files into the passage store: what is unchanged is skipped, what changed is replaced, what broke is named."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from knowledge.cutting import chunking
from knowledge.errors import UnreadableSource
from knowledge.loaders.page import Page, fetch_page
from knowledge.loaders.registry import load, read_bytes
from knowledge.passages import CutDocument, Origin, PassageStore
from knowledge.progress import Progress
from knowledge.release import Release
from knowledge.sources import Found, Item, is_url, look
from knowledge.types import Document
from knowledge.web.reading import NEVER, Stamp, Web

_BATCH = 2500
_READING = "reading-2"
"""Names what loaders make of bytes; a change of name has every source read again, and what is the same in it kept."""
_AHEAD = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenSource:
    """One file, page or record that could not be read, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What an ingest did, in documents. touched: source ids of those that were added or changed."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    broken: tuple[BrokenSource, ...] = ()
    touched: frozenset[str] = frozenset()


@dataclass(slots=True, kw_only=True)
class _Tally:
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    broken: list[BrokenSource] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    seen: dict[str, str] = field(default_factory=dict)

    def note(self, error: UnreadableSource) -> None:
        self.broken.append(BrokenSource(source=error.source, reason=error.reason))


_Content: TypeAlias = "Page | UnreadableSource | None"
"""What an item holds: None for a page that has not changed."""


class Ingest:
    """One run over some sources into one collection.

    release: what is said of all documents in them. web: opens the client for pages, where there are any.
    """

    def __init__(
        self,
        store: PassageStore,
        collection: str,
        progress: Progress,
        release: Release | None = None,
        web: Callable[[], Web] = Web,
    ) -> None:
        self._store = store
        self._collection = collection
        self._progress = progress
        self._release = release or Release()
        self._web = web
        self._how = _hash(f"{chunking.CHUNKING}/{_READING}/{self._release}".encode())[:12]
        self._tally = _Tally()

    def run(self, given: Sequence[str], prune: bool) -> IngestReport:
        """Reads all sources; each file is committed as it is done, so that an interrupted run resumes."""
        web = self._web()
        try:
            found = [look(one, web) for one in given]
            for error in (error for one in found for error in one.broken):
                self._tally.note(error)
            # A page that a sitemap lists and that is named itself, too, is read once.
            items = list({item.path: item for one in reversed(found) for item in reversed(one.items)}.values())[::-1]
            for number, (item, content) in enumerate(self._contents(items, web)):
                self._progress("reading", number, len(items))
                self._try(item, content)
        finally:
            web.close()
        self._progress("reading", len(items), len(items))
        if prune:
            self._prune(found)
        tally = self._tally
        return IngestReport(
            added=tally.added,
            changed=tally.changed,
            unchanged=tally.unchanged,
            removed=tally.removed,
            broken=tuple(tally.broken),
            touched=frozenset(tally.touched),
        )

    def clear(self) -> int:
        """Forgets every document of the collection; returns how many there were."""
        for path in self._store.origins(self._collection):
            self._forget(path)
        return self._tally.removed

    def _contents(self, items: Sequence[Item], web: Web) -> Iterator[tuple[Item, _Content]]:
        """Each item and its bytes, in order; a few pages are fetched ahead of their turn."""
        with ThreadPoolExecutor(_AHEAD, thread_name_prefix="fetch") as pool:
            ahead: dict[str, Future[_Content]] = {}
            pages = (item for item in items if item.is_page)
            for item in items:
                while len(ahead) < _AHEAD and (page := next(pages, None)):
                    ahead[page.path] = pool.submit(self._fetch, page, web)
                try:
                    yield item, ahead.pop(item.path).result() if item.is_page else _file(item)
                except BaseException:
                    pool.shutdown(wait=False, cancel_futures=True)
                    raise

    def _fetch(self, item: Item, web: Web) -> _Content:
        before = self._store.origin(self._collection, item.path)
        stamp = NEVER
        if before is not None and before.digest.startswith(self._how):
            stamp = Stamp(etag=before.etag, modified=before.modified)
        try:
            return fetch_page(item.path, web, stamp)
        except UnreadableSource as error:
            return error

    def _try(self, item: Item, content: _Content) -> None:
        try:
            if isinstance(content, UnreadableSource):
                raise content
            self._read(item, content)
        except UnreadableSource as error:
            self._tally.note(error)

    def _read(self, item: Item, page: Page | None) -> None:
        before = self._store.documents_of(self._collection, item.path)
        known = self._store.origin(self._collection, item.path)
        digest = known.digest if page is None and known else f"{self._how}:{_hash(page.data if page else b'')}"
        stamp = page.stamp if page else NEVER
        origin = Origin(digest=digest, root=item.root, etag=stamp.etag, modified=stamp.modified)
        if before and known and known.digest == digest:
            self._tally.unchanged += len(before)
            self._tally.seen.update(dict.fromkeys(before, item.source_id))
            self._note_read(item, origin if page else replace(known, root=item.root), known)
            return
        if page is None:
            raise UnreadableSource(item.source_id, "its server says that it has not changed; read it again")
        broken_before = len(self._tally.broken)
        kept = self._write(item, self._documents(item, page))
        if len(self._tally.broken) > broken_before:
            return
        # Only a file read whole tells which of its documents are gone.
        with self._store.transaction():
            for source_id in set(before) - kept:
                self._store.remove_document(self._collection, source_id)
                self._tally.removed += 1
            self._store.set_origin(self._collection, item.path, origin)

    def _note_read(self, item: Item, origin: Origin, known: Origin) -> None:
        if origin != known:
            with self._store.transaction():
                self._store.set_origin(self._collection, item.path, origin)

    def _documents(self, item: Item, page: Page) -> Iterator[Document | UnreadableSource]:
        """Documents of one file or page; those of a page cite it where they name nothing themselves."""
        for found in load(item.source_id, page.suffix, page.data, self._release):
            if isinstance(found, Document) and page.url and not found.url:
                yield replace(found, url=page.url)
            else:
                yield found

    def _write(self, item: Item, loaded: Iterator[Document | UnreadableSource]) -> set[str]:
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
                    self._tally.seen[found.source_id] = item.source_id
                    kept.add(found.source_id)
                    batch.append(found)
                if len(batch) >= _BATCH:
                    self._commit(item, batch)
                    batch = []
        finally:
            self._commit(item, batch)
        return kept

    def _commit(self, item: Item, documents: Sequence[Document]) -> None:
        digests = {document.source_id: _digest(document) for document in documents}
        before = self._store.document_hashes(self._collection, digests)
        cut = [
            CutDocument(
                source_id=document.source_id,
                digest=digests[document.source_id],
                passages=chunking.split(document, self._collection),
            )
            for document in documents
            if before.get(document.source_id) != digests[document.source_id]
        ]
        self._tally.unchanged += len(documents) - len(cut)
        if not cut:
            return
        with self._store.transaction():
            self._store.put_documents(self._collection, item.path, cut, before.keys())
        self._tally.touched.update(document.source_id for document in cut)
        changed = sum(document.source_id in before for document in cut)
        self._tally.changed += changed
        self._tally.added += len(cut) - changed

    def _prune(self, found: Sequence[Found]) -> None:
        """Removes what came from these sources and is no longer in them; of one that was not seen whole nothing goes."""
        seen = {item.path for one in found for item in one.items}
        for one in found:
            if not one.whole:
                continue
            for path in self._came_from(one.given):
                if path not in seen:
                    self._forget(path)

    def _came_from(self, given: str) -> list[str]:
        """Places of what a source gave before."""
        if is_url(given):
            return self._store.listed_by(self._collection, given)
        root = Path(given).resolve()
        files = (path for path in self._store.origins(self._collection) if not is_url(path))
        return [path for path in files if root == Path(path) or root in Path(path).parents]

    def _forget(self, path: str) -> None:
        with self._store.transaction():
            for source_id in self._store.documents_of(self._collection, path):
                self._store.remove_document(self._collection, source_id)
                self._tally.removed += 1
            self._store.forget_origin(self._collection, path)


def _file(item: Item) -> _Content:
    try:
        return Page(data=read_bytes(Path(item.path)), suffix=Path(item.path).suffix, url="")
    except UnreadableSource as error:
        return UnreadableSource(item.source_id, error.reason)


def _digest(document: Document) -> str:
    """Hash of all that passages keep of a document; what has its usual value adds nothing, so old hashes stay true."""
    parts = [chunking.CHUNKING, document.title, document.content, document.url or "", document.language]
    added = {
        "audience": document.audience if document.audience != "public" else None,
        "from": document.valid_from,
        "until": document.valid_until,
        "pages": document.pages or None,
        "row": document.row,
    }
    parts += [f"{name}={value}" for name, value in added.items() if value is not None]
    return _hash("\x1f".join(parts).encode("utf-8", "surrogatepass"))


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
