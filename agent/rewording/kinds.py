"""A product by its kind, as articles speak of it: they tell how long sofas are guaranteed, and never of the Lund Sofa."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Protocol

from agent.rewording.reworded import Reworded
from agent.types import EntityMention, Language, Understanding
from knowledge.text.han import HAN
from knowledge.text.words import words
from knowledge.types import OfKind

_LEAST = 0.67
"""What is said of a kind has to be nearer to the question than what is said of the thing itself."""


class Kinds(Protocol):
    """The graph, as far as it tells of what kind a thing is."""

    def of_kind(self, mentions: Sequence[EntityMention], language: Language) -> OfKind: ...


class ByKind:
    """known: the share of some words that articles use; entitles: whether a word stands above the text of one."""

    def __init__(
        self, graph: Kinds, known: Callable[[Collection[str]], float], entitles: Callable[[str], bool]
    ) -> None:
        self._graph, self._known, self._entitles = graph, known, entitles

    def __call__(self, understanding: Understanding) -> Iterator[Reworded]:
        """The question with the kind in place of the one thing that it names, with what else it is ("leather sofa") and without;
        then with that alone ("leather").

        Each article of the answer speaks of the kind, or of what else it is, and of no other thing of the kind.
        """
        mentions, question = understanding.entities, understanding.question
        if len({one.span for one in mentions}) != 1 or (len(mentions) > 1 and any(one.is_guess for one in mentions)):
            return
        of = self._graph.of_kind(mentions, understanding.language)
        kind = of.kind if of.kind and self._known(words(of.kind)) == 1 else ""
        traits = [trait for trait in of.traits if self._known(words(trait)) == 1]
        above = [trait for trait in traits if all(map(self._entitles, words(trait)))]
        start, end = mentions[0].span
        speaking = _any_of([*filter(None, (of.kind, *of.types)), *traits], several=True)
        for said in dict.fromkeys((_joined(*above, kind), kind, *traits)):
            if said:
                asked = f"{question[:start]}{said}{question[end:]}"
                yield Reworded(question=asked, of=speaking, lacks=_any_of(of.others), least=_LEAST)


def _joined(*said: str) -> str:
    return ("" if any(map(HAN.search, said)) else " ").join(filter(None, said))


def _any_of(names: Collection[str], *, several: bool = False) -> re.Pattern[str] | None:
    """Any of these words, none as a part of a longer one; several: or more than one of it."""
    end = r"(?:e?s)?\b" if several else r"\b"
    said = [re.escape(name) if HAN.search(name) else rf"\b{re.escape(name)}{end}" for name in names]
    return re.compile("|".join(said), re.IGNORECASE) if said else None
