"""Tells a question that stands by itself from one that leans on the conversation, and both from nonsense."""

import re
from collections.abc import Collection, Sequence
from typing import Protocol

from knowledge.embedders import glosses
from knowledge.text.openers import GOING_ON
from knowledge.text.words import is_stop_word, words
from knowledge.types import QuestionOutline

_HAN = re.compile(r"[\u4e00-\u9fff]")
_TOKEN = re.compile(r"[A-Za-z0-9][\w'’-]*")
_KNOWN = 0.5  # share of words from which on a text is about something that is known
_POINTS = re.compile(r"\b(?:it|its|this|these|those|they|them|their|he|she|him|her|same)\b", re.IGNORECASE)
_LEANS = re.compile(rf"{_POINTS.pattern}|\b(?:ones?|either|else|that(?! ))\b|^(?:{GOING_ON})\b", re.IGNORECASE)


class Outliner(Protocol):
    """The graph, as far as it reads questions that name nothing."""

    def outline(self, question: str) -> QuestionOutline: ...


class Vocabulary(Protocol):
    """The documents, as far as it matters which words they use."""

    def known_share(self, terms: Collection[str]) -> float: ...

    def entitles(self, term: str) -> bool: ...


class Standing:
    """Judges questions by what the graph and the documents know."""

    def __init__(self, graph: Outliner, documents: Vocabulary) -> None:
        self._graph = graph
        self._documents = documents

    def asks(self, question: str) -> bool:
        """Whether the question itself says what is wanted: of the graph's things, or of the documents."""
        outline = self._graph.outline(question)
        return outline.asks or self._documented(outline)

    def alone(self, question: str, types: Collection[str]) -> bool:
        """Whether the question needs nothing of what was said before, which was about the graph's things of these types.

        It says itself which things it means, asks about another type of thing, or about what only the documents know.
        """
        outline = self._graph.outline(question)
        if outline.chooses and not _POINTS.search(question):
            return True
        if not types or _LEANS.search(question):
            return False
        other = bool(_TOKEN.search(question)) and outline.asks and bool(outline.type) and outline.type not in types
        return other or self._documented(outline)

    def compares(self, question: str, words: Collection[str]) -> bool:
        """Whether a choice or a comparison may be one of the graph's things, and is not about what articles are entitled with."""
        outline = self._graph.outline(question)
        return not outline.type and (outline.asks or not any(self.has_subject([word]) for word in words))

    def unread(self, question: str) -> frozenset[str]:
        """The words of a question that the graph has no use for, in lower case."""
        return frozenset(word.lower() for word in self._graph.outline(question).rest)

    def chooses_of_unnamed(self, question: str) -> bool:
        """Whether the question chooses among things without saying of which kind ("which is the cheapest?", 哪个最便宜？)."""
        outline = self._graph.outline(question)
        return outline.chooses and not outline.type

    def chooses_of_kind(self, question: str) -> bool:
        """Whether the question chooses things of a kind that it names ("which phones are waterproof?")."""
        outline = self._graph.outline(question)
        return outline.chooses and bool(outline.type)

    def ranked_kind(self, question: str) -> str:
        """The kind of which a question asks for the best by some measure ("which phone is the lightest?"), "" for none."""
        outline = self._graph.outline(question)
        return outline.type if outline.ranks else ""

    def kind(self, question: str) -> str:
        """The kind of thing that a question speaks of, "" for none."""
        return self._graph.outline(question).type

    def has_subject(self, pieces: Sequence[str]) -> bool:
        """Whether pieces of a Chinese question hold a word that articles are entitled with, so that it says what it is about."""
        pairs = {term for piece in pieces for term in words(piece) if len(term) > 1}
        return any(self._documents.entitles(pair) for pair in pairs)

    def covered(self, question: str) -> bool:
        """Whether the documents use all the words that the graph has no use for, so that they may know what it lacks.

        Of Chinese words, asked of English articles, half of their glosses are enough.
        """
        rest = self._graph.outline(question).rest
        terms = {term for text in rest for term in words(text) if len(term) > 1}
        if bool(terms) and self._documents.known_share(terms) == 1.0:
            return True
        # Where the articles are English, the Chinese words stand there in English.
        zh = "".join(text for text in rest if _HAN.search(text))
        english = set(words(glosses.shared().english(zh))) if zh and glosses.is_available() else set[str]()
        return bool(english) and self._documents.known_share(english) >= _KNOWN

    def about_more(self, question: str, relation: str) -> bool:
        """Whether a question that the graph answers by a relation is about more: about what articles are entitled with.

        "How much does a repair of the P4 cost" asks for no price of the P4, where an article is entitled Repairs. The
        relation's own words (hours, of battery_hours) say nothing more.
        """
        own = set(words(relation.replace("_", " ")))
        terms = {term for text in self._graph.outline(question).rest for term in words(text) if len(term) > 1}
        return any(self._documents.entitles(term) for term in terms - own)

    def makes_sense(self, question: str) -> bool:
        """Whether enough of its words are known for it to mean anything."""
        outline = self._graph.outline(question)
        rest = {word.lower() for word in outline.rest}
        tokens = _TOKEN.findall(question)
        if _HAN.search(question):
            return outline.asks or outline.chooses or bool(outline.type or rest)
        known = [t for t in tokens if t.lower() not in rest or is_stop_word(t.lower()) or self._knows([t])]
        return len(known) >= _KNOWN * len(tokens) and bool(tokens)

    def _documented(self, outline: QuestionOutline) -> bool:
        """Whether the documents know what the graph has no use for."""
        rest = "".join(outline.rest)
        # One Chinese character is enough where nothing else is asked (能退吗), too little where something is.
        if not rest or (_HAN.search(rest) and len(rest) < 2 and outline.asks):
            return False
        return self._knows(outline.rest)

    def _knows(self, texts: Sequence[str]) -> bool:
        terms = {term for text in texts for term in words(text)}
        # Nearly every Chinese character stands somewhere; pairs of them are words.
        pairs = {term for term in terms if len(term) > 1}
        return bool(terms) and self._documents.known_share(pairs or terms) >= _KNOWN
