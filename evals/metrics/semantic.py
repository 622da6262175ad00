"""How like two texts are in meaning."""

from collections.abc import Sequence

from knowledge.embedders.embedder import Embedder


def semantic_similarity(answers: Sequence[str], references: Sequence[str], embedder: Embedder) -> list[float]:
    """Cosine of each answer's embedding with its reference's (Reimers & Gurevych 2019), −1…1; all are embedded in one go.

    What it is worth depends on the embedder and its languages.
    """
    vectors = embedder.embed_documents([*answers, *references])
    return [float(one @ other) for one, other in zip(vectors[: len(answers)], vectors[len(answers) :], strict=True)]
