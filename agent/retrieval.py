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
    hold: whether the facts of an answer may still be read; else the graph says nothing.
    """

    def __init__(
        self,
        documents: PassageSearch,
        graph: GraphSearch,
        *,
        passages: int,
        covered: Callable[[str], bool] = lambda _: False,
        hold: Callable[[GraphAnswer], bool] = lambda _: True,
    ) -> None:
        self._documents = documents
        self._graph = graph
        self._passages = passages
        self._covered = covered
        self._hold = hold

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
            answer = graph if await asyncio.to_thread(self._may_answer, question, graph, bool(passages)) else None
        if isinstance(documents, BaseException) and isinstance(graph, BaseException):
            raise RetrievalFailed(f"no part of the knowledge can be read: {failed}")
        return Retrieval(passages=passages, graph=answer, failed_arms=failed)

    def _may_answer(self, question: str, graph: GraphAnswer, has_passages: bool) -> bool:
        if graph.status in _LACKING and has_passages and self._covered(question):
            return False
        return self._hold(graph)
