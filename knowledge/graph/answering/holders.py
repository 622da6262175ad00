"""Finds the things of which a value is stated that a question names: which club somebody manages, who somebody is."""

import re
from collections.abc import Iterator
from functools import cached_property

from knowledge.graph.facts import GraphFacts
from knowledge.graph.name_table import fold
from knowledge.graph.reading.question import Question
from knowledge.types import Fact, GraphAnswer, GraphStatus

_WHO = re.compile(r"^\W*who(?: is|'s|s)\b|是(?:谁|什么人)", re.IGNORECASE)
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]{2}")
_GOES_ON = re.compile(r"(?<=[a-z])[a-z]")
_NUMBERED = re.compile(r"\d")
_LONGEST = 40
"""Characters of a value that may be a name."""
_STEM = 5
"""Letters that a relation and what is done by it share: who is the manager manages."""
_MOST = 20


class Holders:
    """Knows whose the values of one graph are that look like names."""

    def __init__(self, facts: GraphFacts) -> None:
        self._facts = facts

    def of_named(self, question: Question) -> GraphAnswer | None:
        """The things of which the value is stated, with the facts; None where a question names none, or asks for more than that."""
        text = fold(question.text)
        named = set(self._in(text))
        if len(named) != 1:
            return None
        ((relation, value),) = named
        if not (_WHO.search(text) or self._asks(question, relation, value)):
            return None
        facts = tuple(self._stating(relation, value))
        return GraphAnswer(
            status=GraphStatus.ANSWERED,
            form="attribute",
            subjects=tuple(fact.head for fact in facts[:_MOST]),
            relation=relation,
            results=tuple(fact.tail for fact in facts[:_MOST]),
            facts=facts[:_MOST],
            total=len(facts),
            score=0.9,
        )

    def _asks(self, question: Question, relation: str, value: str) -> bool:
        """Whether nothing is asked but which things they are."""
        words = set(fold(value).split())
        own = fold(relation)
        left = [word for word in question.reading.rest.unread if word not in words]
        about = relation in question.reading.asked or any(word[:_STEM] in own for word in left if len(word) >= _STEM)
        phrasing = question.reading.phrasing
        chosen = bool(question.reading.type) or phrasing.listing or phrasing.compare
        return about and chosen and all(len(word) >= _STEM and word[:_STEM] in own for word in left)

    def _in(self, text: str) -> Iterator[tuple[str, str]]:
        """The relations and values that a text names."""
        for match in _WORD.finditer(text):
            yield from (
                (relation, value)
                for folded, relation, value in self._by_beginning.get(match.group(), ())
                if text.startswith(folded, match.start()) and not _GOES_ON.match(text, match.start() + len(folded))
            )

    def _stating(self, relation: str, value: str) -> Iterator[Fact]:
        nodes = (node for held in self._facts.by_type.values() for node in held)
        return (
            self._facts.fact(node, relation, value) for node in nodes if value in self._facts.values(node, relation)
        )

    @cached_property
    def _by_beginning(self) -> dict[str, list[tuple[str, str, str]]]:
        """The first word of a value, or its first two characters → the value as it is compared, its relation, the value."""
        found: dict[str, list[tuple[str, str, str]]] = {}
        for relation in set(self._facts.relations) - self._facts.flags - self._facts.sets:
            for value in self._facts.seen(relation):
                folded = fold(value)
                like_name = (
                    1 < len(folded) <= _LONGEST
                    and not _NUMBERED.search(folded)
                    and (" " in folded or not folded.isascii())
                )
                if like_name and (first := _WORD.match(folded)):
                    found.setdefault(first.group(), []).append((folded, relation, value))
        return found
