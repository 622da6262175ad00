"""The vector index: Chroma, in this process on disk or its own server, fed with our own vectors only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from knowledge.embedders.embedder import Vectors
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

_BATCH = 2000
_PAGE = 5000
# Chroma compares new vectors one by one until it has so many, and saves its graph after so many more: with its own 100
# and 1,000, vectors go in half as fast.
_BUFFERED, _UNSAVED = 1000, 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorPlace:
    """Where vectors lie: in a folder, or in a collection of the Chroma server at `url` where there is one."""

    folder: Path
    collection: str = "passages"
    url: str = ""


class VectorIndex:
    """Nearest passages by cosine similarity. Chroma is imported and opened at its first use."""

    def __init__(self, place: VectorPlace) -> None:
        self._place = place
        self._lock = Lock()
        self._opened: tuple[ClientAPI, Collection] | None = None

    def upsert(self, ids: Sequence[str], vectors: Vectors, languages: Sequence[str] | None) -> None:
        """Adds or replaces passages; `vectors` is [n, d].

        languages: of the passages, where they are ever searched by it; to note it takes Chroma as long as everything else of a vector.
        """
        collection = self._collection()
        for start in range(0, len(ids), _BATCH):
            part = slice(start, start + _BATCH)
            collection.upsert(
                ids=[*ids[part]],
                embeddings=vectors[part],
                metadatas=None if languages is None else [{"language": language} for language in languages[part]],
            )

    def delete(self, ids: Sequence[str]) -> None:
        """Removes passages; unknown ids are no error."""
        for start in range(0, len(ids), _BATCH):
            self._collection().delete(ids=list(ids[start : start + _BATCH]))

    def search(self, vector: Vectors, limit: int, languages: Iterable[str] = ()) -> dict[str, float]:
        """Passage ids with their cosine similarity, best first.

        languages: only passages of these, where any are named; of passages that were added by their language.
        """
        collection = self._collection()
        inside: dict[Literal["$in", "$nin"], list[str | int | float | bool]] = {"$in": [*languages]}
        found = collection.query(
            query_embeddings=[vector.tolist()],
            n_results=limit,
            where={"language": inside} if inside["$in"] else None,
            include=["distances"],
        )
        distances = found["distances"]
        return dict(zip(found["ids"][0], (1 - float(d) for d in distances[0]), strict=True)) if distances else {}

    def ids(self) -> set[str]:
        """Ids of all passages held."""
        collection = self._collection()
        found: set[str] = set()
        for offset in range(0, collection.count(), _PAGE):
            found.update(collection.get(include=[], limit=_PAGE, offset=offset)["ids"])
        return found

    def count(self) -> int:
        """Number of passages held."""
        return self._collection().count()

    def drop(self) -> None:
        """Removes the collection from a server; a folder is its owner's to remove."""
        if self._place.url:
            self._collection()
            with self._lock:
                if self._opened:
                    self._opened[0].delete_collection(self._place.collection)
        self.close()

    def close(self) -> None:
        """Lets go of the files; the next use opens them again."""
        with self._lock:
            if self._opened:
                _close(self._opened[0])
            self._opened = None

    def _collection(self) -> "Collection":
        with self._lock:
            if self._opened is None:
                from chromadb.api.collection_configuration import CreateCollectionConfiguration, CreateHNSWConfiguration

                client = _client(self._place)
                graph = CreateHNSWConfiguration(
                    space="cosine", ef_search=200, batch_size=_BUFFERED, sync_threshold=_UNSAVED
                )
                # No embedding function: Chroma's default one would download a model.
                self._opened = (
                    client,
                    client.get_or_create_collection(
                        self._place.collection,
                        embedding_function=None,
                        configuration=CreateCollectionConfiguration(hnsw=graph),
                    ),
                )
            return self._opened[1]


def _close(client: "ClientAPI") -> None:
    """Closes a client, and the two sessions that one of a server leaves open."""
    servers = [getattr(one, "_server", None) for one in (client, getattr(client, "_admin_client", None))]
    client.close()  # type: ignore[attr-defined]
    for session in (getattr(server, "_session", None) for server in servers):
        if session is not None:
            session.close()


def _client(place: VectorPlace) -> "ClientAPI":
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    if not place.url:
        return chromadb.PersistentClient(str(place.folder), settings=settings)
    address = urlsplit(place.url)
    secure = address.scheme == "https"
    port = address.port or (443 if secure else 80)
    try:
        return chromadb.HttpClient(host=address.hostname or "", port=port, ssl=secure, settings=settings)
    except Exception as error:  # Chroma raises whatever its HTTP client does, and ValueError.
        raise KnowledgeError(
            f"The Chroma server at {place.url} does not answer ({type(error).__name__}). "
            "Start it (chroma run), or clear knowledge.chroma_url."
        ) from error
