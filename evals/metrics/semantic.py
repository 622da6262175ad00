"""How like two texts are in meaning."""

from knowledge.embedders.embedder import Embedder


def semantic_similarity(answer: str, reference: str, embedder: Embedder) -> float:
    """Cosine of the two embeddings (Reimers & Gurevych 2019), −1…1; what it is worth depends on the embedder and its languages."""
    one, other = embedder.embed_documents([answer, reference])
    return float(one @ other)
