"""The retrieve stage: passages and graph at the same time, either of which may fail without the other."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from agent.errors import ParleyError
from agent.types import EntityMention, GraphAnswer, Language, PassageEvidence, Retrieval, Understanding
from knowledge.types import GraphStatus


class PassageSearch(Protocol):
    """The documents, as the retrieve stage needs them."""

    def search(self, question: str, k: int, language: str) -> Retrieval: ...


class GraphSearch(Protocol):
    """The knowledge graph, as the retrieve stage needs it."""

    def answer(self, question: str, mentions: tuple[EntityMention, ...], language: Language) -> GraphAnswer: ...


class RetrievalFailed(ParleyError):
    """Every arm failed; the turn fails with it."""


_LACKING = frozenset({GraphStatus.UNKNOWN, GraphStatus.UNSUPPORTED})


class KnowledgeRetriever:
    """Implements `agent.ports.Retriever` over a library of documents and a knowledge graph.

    covered: whether the documents know the words of a question that the graph has no use for; the graph then does not
    refuse what they may answer.
    """

    def __init__(
        self,
        documents: PassageSearch,
        graph: GraphSearch,
        *,
        passages: int,
        covered: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._documents = documents
        self._graph = graph
        self._passages = passages
        self._covered = covered

    async def retrieve(self, understanding: Understanding) -> Retrieval:
        """All evidence for the standalone question. Raises RetrievalFailed when no arm worked."""
        question, language = understanding.question, understanding.language
        documents, graph = await asyncio.gather(
            asyncio.to_thread(self._documents.search, question, self._passages, language),
            asyncio.to_thread(self._graph.answer, question, understanding.entities, language),
            return_exceptions=True,
        )
        failed: dict[str, str] = {}
        passages: tuple[PassageEvidence, ...] = ()
        answer: GraphAnswer | None = None
        if isinstance(documents, BaseException):
            failed["documents"] = f"{type(documents).__name__}: {documents}"
        else:
            passages, failed = documents.passages, {**documents.failed_arms}
        if isinstance(graph, BaseException):
            failed["graph"] = f"{type(graph).__name__}: {graph}"
        else:
            lacking = graph.status in _LACKING and bool(passages)
            answer = None if lacking and await asyncio.to_thread(self._covered, question) else graph
        if isinstance(documents, BaseException) and isinstance(graph, BaseException):
            raise RetrievalFailed(f"no part of the knowledge can be read: {failed}")
        return Retrieval(passages=passages, graph=answer, failed_arms=failed)
