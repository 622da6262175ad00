"""The knowledge graph: entities and facts from records and triples, linked in text, and questions answered from them."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from knowledge.graph.knowledge_graph import ImportReport, KnowledgeGraph

__all__ = ["ImportReport", "KnowledgeGraph"]


def __getattr__(name: str) -> Any:
    """Loads the whole graph, with its library, when it is first asked for; who needs a small part of it need not wait."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from knowledge.graph import knowledge_graph

    return getattr(knowledge_graph, name)
