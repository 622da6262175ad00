"""The retrieve stage: passages and graph, either of which may fail without the other."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol, TypeGuard

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


Asked = tuple[str, tuple[EntityMention, ...]]

_DOUBTED = 0.45
"""Score of an answer of the graph to a question about more than it knows, or that says what it lacks: what articles say goes
first, if they say it."""
_LACKING = frozenset({GraphStatus.UNKNOWN, GraphStatus.UNSUPPORTED})
_VALUED = frozenset({GraphStatus.ANSWERED, GraphStatus.MISSING})
_OF_ONE = frozenset({"attribute", "is", "boolean"})
_OF_ALL = frozenset({"list", "count", "superlative", "compare", "intersection", "path", "table"})


class KnowledgeRetriever:
    """Implements `agent.ports.Retriever` over a library of documents and a knowledge graph.

    covered: whether the documents know the words of a question that the graph has no use for; the graph then does not
    refuse what they may answer.
    about_more: whether a question that the graph answers by a relation is also about what the documents know.
    hold: whether the facts of an answer may still be read; else the graph says nothing.
    apart: the questions that one message asks, each as it stands alone, with the things of the graph that it names.
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
        apart: Callable[[str], Sequence[Asked]] = lambda _: (),
    ) -> None:
        self._documents = documents
        self._graph = graph
        self._passages = passages
        self._covered = covered
        self._about_more = about_more
        self._hold = hold
        self._apart = apart

    async def retrieve(self, understanding: Understanding) -> Retrieval:
        """All evidence for the standalone question. Raises RetrievalFailed when no arm worked."""
        return await asyncio.to_thread(self._retrieved, understanding)

    def _retrieved(self, understanding: Understanding) -> Retrieval:
        """All in one thread: the graph takes a millisecond, less than it costs two threads to wait for each other."""
        question, language = understanding.question, understanding.language
        failed: dict[str, str] = {}
        passages: tuple[PassageEvidence, ...] = ()
        foreign: tuple[PassageEvidence, ...] = ()
        answer = self._of_several(understanding)
        try:
            documents = self._documents.search((answer and answer.beside) or question, self._passages, language)
            passages, foreign, failed = documents.passages, documents.foreign, {**documents.failed_arms}
        except Exception as error:  # noqa: BLE001 - whatever one arm breaks on, the other may answer
            failed["documents"] = f"{type(error).__name__}: {error}"
        try:
            if answer is None:
                graph = self._graph.answer(question, understanding.entities, language)
                answer = self._weighed(question, graph, has_passages=bool(passages))
        except Exception as error:  # noqa: BLE001
            failed["graph"] = f"{type(error).__name__}: {error}"
        if {"documents", "graph"} <= failed.keys():
            raise RetrievalFailed(f"no part of the knowledge can be read: {failed}")
        return Retrieval(passages=passages, foreign=foreign, graph=answer, failed_arms=failed)

    def _of_several(self, understanding: Understanding) -> GraphAnswer | None:
        """The graph's answers to those of several questions that it knows, with the others beside them; None where it knows
        none of them, or compares and lists by all that is said.
        """
        question, language = understanding.question, understanding.language
        try:
            asked = self._apart(question)
            if not asked or self._graph.answer(question, understanding.entities, language).form in _OF_ALL:
                return None
            answers = [
                self._weighed(text, self._graph.answer(text, named, language), has_passages=True)
                for text, named in asked
            ]
        except Exception:  # noqa: BLE001 - it is asked again of the whole, which tells what broke
            return None
        known = list(filter(_is_known, answers))
        if (
            not known
            or len(answers) == 1
            or len({(one.subjects, one.relation, one.results) for one in known}) < len(known)
        ):
            return None
        others = [text for (text, _), one in zip(asked, answers, strict=True) if not _is_known(one)]
        notes = tuple(dict.fromkeys(note for one in known for note in one.notes))
        return replace(known[0], beside="？".join(others), also=tuple(known[1:]), notes=notes)

    def _weighed(self, question: str, graph: GraphAnswer, *, has_passages: bool) -> GraphAnswer | None:
        """The graph's answer as far as it is to be trusted; None where it is not to be given."""
        if graph.status in _LACKING and has_passages and self._covered(question):
            return None
        if not self._hold(graph):
            return None
        valued = graph.status in _VALUED and graph.form in _OF_ONE
        doubted = graph.status in _LACKING or (valued and self._about_more(question, graph.relation))
        return replace(graph, score=_DOUBTED) if doubted and has_passages else graph


def _is_known(answer: GraphAnswer | None) -> TypeGuard[GraphAnswer]:
    return answer is not None and answer.status is GraphStatus.ANSWERED and answer.score > _DOUBTED
