"""The knowledge graph: entities and facts from records and triples, linked in text, and questions answered from them."""

from knowledge.graph.knowledge_graph import ImportReport, KnowledgeGraph

__all__ = ["ImportReport", "KnowledgeGraph"]
