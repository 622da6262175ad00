"""How a question put to the graph is read: what it asks, of what, under which conditions; by the cues of one graph's lexicon."""

from knowledge.graph.reading.reader import Reader
from knowledge.graph.reading.reading import Reading

__all__ = ["Reader", "Reading"]
