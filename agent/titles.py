"""A title is its own question: who writes one, or presses it where it was offered, is told what the article says first.

The stages of the turn, each around another that takes all else: no rule, no earlier question and no doubt comes between.
"""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Protocol

from agent.closing import closing
from agent.generate.extractive.head import head_of
from agent.ports import GenerationRequest, Generator, Languages, Policy, Retract, Retriever, Understander
from agent.types import (
    Decision,
    DecisionKind,
    Draft,
    IntentScore,
    Language,
    Retrieval,
    Understanding,
    Utterance,
)
from agent.understand.certain import certain_intent
from agent.understand.choosing import asks_back
from agent.understand.small_talk import without_courtesies
from knowledge.types import Passage, PassageEvidence

ARTICLE = "article"
"""The intent of a message that is the title of an article."""
_LONGEST = 300


class Documents(Protocol):
    """The documents, as titles need them."""

    def passages_titled(self, title: str) -> list[Passage]: ...


class Titles:
    """Articles by title."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def article(self, text: str, language: str) -> list[Passage]:
        """The passages of the article with this title, one in the language first; none where there is nothing to quote."""
        title = " ".join(text.split())
        articles: dict[str, list[Passage]] = {}
        for passage in self._documents.passages_titled(title) if 0 < len(title) <= _LONGEST else ():
            articles.setdefault(passage.source_id, []).append(passage)
        found = sorted(articles.values(), key=lambda article: article[0].language not in {language, ""})
        return found[0] if found and head_of(found[0]).text else []


class TitleUnderstander:
    """Implements `agent.ports.Understander`: a title means its article, whatever was talked of before."""

    def __init__(self, inner: Understander, titles: Titles, languages: Languages) -> None:
        self._inner, self._titles, self._languages = inner, titles, languages

    async def understand(
        self, text: str, history: Sequence[Utterance], conversation_id: str = "", page: Language | None = None
    ) -> Understanding:
        """As the Protocol says. What the customer spoke before stays their language, as the title may be in another."""
        understood = await self._inner.understand(text, history, conversation_id, page)
        place = next((n for n in range(len(history) - 1, -1, -1) if history[n].role == "user"), None)
        spoken = self._languages.detect(history[place].content, history[:place]) if place is not None else None
        language = spoken or understood.language
        if not self._titles.article(text, language) or not _may_be_title(text, history, understood):
            return understood
        return replace(
            understood,
            question=text,
            language=language,
            intents=(IntentScore(name=ARTICLE, confidence=1.0),),
            said=(),
            out_of_scope=0.0,
            entities=(),
        )


class TitlePolicy:
    """Implements `agent.ports.Policy`: an article that is asked for is shown, whatever its title calls to mind."""

    def __init__(self, inner: Policy) -> None:
        self._inner = inner

    def decide(self, understanding: Understanding, history: Sequence[Utterance]) -> Decision:
        """As the Protocol says."""
        if is_title(understanding):
            return Decision(kind=DecisionKind.ANSWER, rule="asks for an article by its title")
        return self._inner.decide(understanding, history)


class TitleRetriever:
    """Implements `agent.ports.Retriever`: of an article that is asked for, its own passages."""

    def __init__(self, inner: Retriever, titles: Titles) -> None:
        self._inner, self._titles = inner, titles

    async def retrieve(self, understanding: Understanding) -> Retrieval:
        """As the Protocol says."""
        if is_title(understanding) and (found := self._titles.article(understanding.question, understanding.language)):
            return Retrieval(passages=tuple(PassageEvidence(passage=passage, score=1.0) for passage in found))
        return await self._inner.retrieve(understanding)


class TitleGenerator:
    """Implements `agent.ports.Generator`: of an article that is asked for, its head in its own words."""

    def __init__(self, inner: Generator) -> None:
        self._inner = inner

    async def generate(self, request: GenerationRequest) -> AsyncIterator[str | Retract | Draft]:
        """As the Protocol says."""
        passages = [one.passage for one in request.retrieval.passages]
        if is_title(request.understanding) and passages:
            yield head_of(passages)
            return
        async with closing(self._inner.generate(request)) as steps:
            async for step in steps:
                yield step


def is_title(understanding: Understanding) -> bool:
    """Whether the message was found to be a title."""
    return bool(understanding.intents) and understanding.intents[0].name == ARTICLE


def _may_be_title(text: str, history: Sequence[Utterance], understood: Understanding) -> bool:
    """Whether nothing else is meant: what a flow or a question back waits for or, unless it was offered, a courtesy, a call for
    a person or a thing of the graph.
    """
    last = history[-1] if history else None
    if last and (last.flow or asks_back(last.content)):
        return False
    offered = bool(
        last and re.search(rf"(?:^|[:：;；\n“\"]\s*){re.escape(text.strip())}(?:[;；.。”\"\n]|$)", last.content)
    )
    if not offered and understood.question not in {text, without_courtesies(text)}:
        return False  # it was read as a piece of what was asked before
    return offered or not (understood.entities or certain_intent(text, history))
