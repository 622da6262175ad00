"""Keeps facts that were read from articles in step with what may be read: an article may have become internal since."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol

from agent.types import GraphAnswer
from knowledge.graph import KnowledgeGraph
from knowledge.types import Passage


class Articles(Protocol):
    """The documents, as far as one audience may read them."""

    def passages_shown(self, source_ids: Sequence[str]) -> list[Passage]: ...


class StatedFacts:
    """Tells whether what the graph has from articles still stands in what may be read today."""

    def __init__(self, graph: KnowledgeGraph, documents: Articles) -> None:
        self._graph = graph
        self._documents = documents

    def hold(self, answer: GraphAnswer) -> bool:
        """Whether every fact of an answer that is an article's stands in an article that may be read."""
        stated = [fact for fact in answer.facts if self._graph.is_article(fact.source_id)]
        texts: dict[str, list[str]] = defaultdict(list)
        if stated:
            for passage in self._documents.passages_shown(sorted({fact.source_id for fact in stated})):
                texts[passage.source_id].append(passage.text)
        return all(any(fact.quote in text for text in texts[fact.source_id]) for fact in stated)


def forget_hidden(graph: KnowledgeGraph, documents: Articles) -> int:
    """Takes out of a graph what it read from articles that nobody may read any more; returns from how many."""
    read = graph.article_ids()
    shown = {passage.source_id for passage in documents.passages_shown(read)} if read else set()
    gone = [source_id for source_id in read if source_id not in shown]
    graph.forget_articles(gone)
    return len(gone)
