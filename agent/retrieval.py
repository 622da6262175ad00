"""The retrieve stage: passages and graph, either of which may fail without the other."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Protocol

from agent.errors import ParleyError
from agent.types import EntityMention, GraphAnswer, Language, Retrieval, Understanding
from agent.understand.telling import only_tells
from knowledge.types import GraphStatus, PartAnswer


class PassageSearch(Protocol):
    """The documents, as the retrieve stage needs them."""

    def search(self, question: str, k: int, language: str) -> Retrieval: ...


class GraphSearch(Protocol):
    """The knowledge graph, as the retrieve stage needs it."""

    def answer(self, question: str, mentions: Sequence[EntityMention] | None, language: Language) -> GraphAnswer: ...


Otherwise = Callable[[Understanding, Retrieval, int], Retrieval]
"""What documents say to a question, given what was found for it and how many passages are wanted."""


class RetrievalFailed(ParleyError):
    """Every arm failed; the turn fails with it."""


_DOUBTED = 0.45
"""Score of an answer of the graph to a question about more than it knows, or that says what it lacks: what articles say goes
first, if they say it."""
_GUESSED = 0.62
"""Score of an answer of the graph about a thing that may not be meant: what articles surely say goes first."""
_LACKING = frozenset({GraphStatus.UNKNOWN, GraphStatus.UNSUPPORTED})
_VALUED = frozenset({GraphStatus.ANSWERED, GraphStatus.MISSING})
_OF_ONE = frozenset({"attribute", "is", "boolean"})


class KnowledgeRetriever:
    """Implements `agent.ports.Retriever` over a library of documents and a knowledge graph.

    covered: whether the documents know the words of a question that the graph has no use for; the graph then does not
    refuse what they may answer.
    about_more: whether a question that the graph answers by a relation is also about what the documents know.
    hold: whether the facts of an answer may still be read; else the graph says nothing.
    otherwise: what the documents say to the question in other words, where they have no answer to it as it is put.
    """

    def __init__(
        self,
        documents: PassageSearch,
        graph: GraphSearch,
        *,
        passages: int,
        covered: Callable[[str], bool] = lambda _: False,
        about_more: Callable[[str, str], bool] = lambda *_: False,
        hold: Callable[[GraphAnswer], bool] = lambda _: True,
        otherwise: Otherwise | None = None,
    ) -> None:
        self._documents = documents
        self._graph = graph
        self._passages = passages
        self._covered = covered
        self._about_more = about_more
        self._hold = hold
        self._otherwise = otherwise

    async def retrieve(self, understanding: Understanding) -> Retrieval:
        """All evidence for the standalone question. Raises RetrievalFailed when no arm worked."""
        return await asyncio.to_thread(self._retrieved, understanding)

    def _retrieved(self, understanding: Understanding) -> Retrieval:
        """All in one thread: the graph takes a millisecond, less than it costs two threads to wait for each other."""
        question, language = understanding.question, understanding.language
        failed: dict[str, str] = {}
        documents = Retrieval()
        answer: GraphAnswer | None = None
        whole = cache(partial(self._graph.answer, question, understanding.entities, language))
        parts = self._parts(understanding, whole)
        asked = " ".join(part.question for part in parts if part.graph is None) or question
        try:
            documents = self._documents.search(asked, self._passages, language)
            failed = {**documents.failed_arms}
        except Exception as error:  # noqa: BLE001 - whatever one arm breaks on, the other may answer
            failed["documents"] = f"{type(error).__name__}: {error}"
        tells = only_tells(question)
        if tells:
            documents = _without_rows(documents)
        try:
            told_of_one = tells and whole().form in _OF_ONE
            answer = None if told_of_one else self._weighed(question, whole(), bool(documents.passages))
            answer = _of_a_guess(answer) if answer and _is_guess(understanding) else answer
        except Exception as error:  # noqa: BLE001
            failed["graph"] = f"{type(error).__name__}: {error}"
        if {"documents", "graph"} <= failed.keys():
            raise RetrievalFailed(f"no part of the knowledge can be read: {failed}")
        if self._otherwise and documents.passages and not parts and (answer is None or answer.score <= _GUESSED):
            documents = self._otherwise(understanding, documents, self._passages)
        return replace(documents, graph=answer, parts=parts, failed_arms=failed)

    def _parts(self, understanding: Understanding, whole: Callable[[], GraphAnswer]) -> tuple[PartAnswer, ...]:
        """What the graph surely says to each of several questions; () where it says nothing, has to ask back, or says more to the
        whole of them.
        """
        questions, language = understanding.parts, understanding.language
        if not questions or _is_guess(understanding):
            return ()
        try:
            answers = [self._graph.answer(question, None, language) for question in questions]
            together = whole()
        except Exception:  # noqa: BLE001 - the whole question is put to it once more, and says what broke
            return ()
        if any(answer.status is GraphStatus.AMBIGUOUS for answer in answers):
            return ()
        parts = tuple(
            PartAnswer(question=question, graph=answer if self._sure(question, answer) else None)
            for question, answer in zip(questions, answers, strict=True)
        )
        told = {fact for part in parts if part.graph for fact in part.graph.facts}
        more = together.form == "compare" and bool(told) and told < set(together.facts)
        return parts if any(part.graph for part in parts) and not more else ()

    def _sure(self, question: str, graph: GraphAnswer) -> bool:
        """Whether the graph answers a part of a message, and no article may know better."""
        weighed = self._weighed(question, graph, True)
        return weighed is not None and weighed.status is GraphStatus.ANSWERED and weighed.score > _DOUBTED

    def _weighed(self, question: str, graph: GraphAnswer, has_passages: bool) -> GraphAnswer | None:
        """The graph's answer as far as it is to be trusted; None where it is not to be given."""
        if graph.status in _LACKING and has_passages and self._covered(question):
            return None
        if not self._hold(graph):
            return None
        valued = graph.status in _VALUED and graph.form in _OF_ONE
        doubted = graph.status in _LACKING or (valued and self._about_more(question, graph.relation))
        return replace(graph, score=_DOUBTED) if doubted and has_passages else graph


def _without_rows(found: Retrieval) -> Retrieval:
    """Without the records of tables."""
    passages, foreign = (
        tuple(one for one in kind if one.passage.row is None) for kind in (found.passages, found.foreign)
    )
    return replace(found, passages=passages, foreign=foreign)


def _is_guess(understanding: Understanding) -> bool:
    """Whether what a question names may be no thing of the graph."""
    return any(one.is_guess for one in understanding.entities)


def _of_a_guess(answer: GraphAnswer) -> GraphAnswer | None:
    """An answer about a thing that may not be meant; None where it only says that something is lacking."""
    return None if answer.status in _LACKING else replace(answer, score=min(answer.score, _GUESSED))
