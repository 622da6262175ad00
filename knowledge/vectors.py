"""The vector index: Chroma in this process, on disk, fed with our own vectors only."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from knowledge.embedders.embedder import Vectors
from knowledge.types import Passage

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

_BATCH = 2000
_PAGE = 5000


class VectorIndex:
    """Nearest passages by cosine similarity. Chroma is imported and opened at its first use."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._opened: tuple[ClientAPI, Collection] | None = None

    def upsert(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Adds or replaces passages; `vectors` is [n, d]."""
        collection = self._collection()
        for start in range(0, len(passages), _BATCH):
            part = passages[start : start + _BATCH]
            collection.upsert(
                ids=[passage.id for passage in part],
                embeddings=[vector.tolist() for vector in vectors[start : start + _BATCH]],
                metadatas=[{"collection": passage.collection, "language": passage.language} for passage in part],
            )

    def delete(self, ids: Sequence[str]) -> None:
        """Removes passages; unknown ids are no error."""
        for start in range(0, len(ids), _BATCH):
            self._collection().delete(ids=list(ids[start : start + _BATCH]))

    def search(self, vector: Vectors, limit: int) -> dict[str, float]:
        """Passage ids with their cosine similarity, best first."""
        collection = self._collection()
        found = collection.query(query_embeddings=[vector.tolist()], n_results=limit, include=["distances"])
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

    def clear(self) -> None:
        """Forgets all vectors, so that those of another embedder can come in."""
        self._collection()
        with self._lock:
            if self._opened:
                client = self._opened[0]
                client.delete_collection("passages")
                self._opened = (client, _create(client))

    def close(self) -> None:
        """Lets go of the files; the next use opens them again."""
        with self._lock:
            if self._opened:
                close = getattr(self._opened[0], "close", None)
                if close is not None:
                    close()
            self._opened = None

    def _collection(self) -> "Collection":
        with self._lock:
            if self._opened is None:
                import chromadb
                from chromadb.config import Settings

                client = chromadb.PersistentClient(str(self._folder), settings=Settings(anonymized_telemetry=False))
                self._opened = (client, _create(client))
            return self._opened[1]


def _create(client: "ClientAPI") -> "Collection":
    # No embedding function: Chroma's default one would download a model.
    return client.get_or_create_collection(
        "passages", embedding_function=None, configuration={"hnsw": {"space": "cosine", "ef_search": 200}}
    )
