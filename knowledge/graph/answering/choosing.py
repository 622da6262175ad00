"""Understands which of several things of one name a customer means, when asked back: 第二个, "the one in Pudong"."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from knowledge.graph.facts import GraphFacts
from knowledge.graph.name_table import fold
from knowledge.text.words import is_stop_word

_PLACES = ("一1", "二两2", "三3", "四4", "五5", "六6", "七7", "八8")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_LAST = re.compile(r"最后(?:一)?[个家款]|\b(?:the )?(?:last|latter)\b", re.IGNORECASE)
_FORMER = re.compile(r"前(?:者|面那?[个家款])|\bformer\b", re.IGNORECASE)
_LATTER = re.compile(r"后(?:者|面那?[个家款])", re.IGNORECASE)
_WORD = re.compile(r"[a-z0-9][a-z0-9'-]*|[\u3400-\u9fff]+")
_ZH_DULL = re.compile(
    r"我(?:问|说|指|想问|想要|要问|要)?(?:的是|的)?|就是|是|请问|那(?:个|家|款)|这(?:个|家|款)|的|那|在|吧|啊|呢|哦|嗯|对|里|店里?"
)
_PARTIAL = 75
_SHOWN = len(_PLACES)  # choices that a question back names; a place is one among these
_LONGEST = 60  # characters of a reply that names a choice; a longer one is a question of its own


class Choosing:
    """Chooses among entities by what is said of one of them."""

    def __init__(self, facts: GraphFacts) -> None:
        self._facts = facts

    def chosen(self, nodes: Sequence[str], said: str) -> str:
        """The one that is meant, "" where none or several fit."""
        if not nodes or len(said) > _LONGEST:
            return ""
        text = fold(said)
        named = [node for node in nodes if fold(self._facts.telling(node)) in text]
        if len(named) == 1:
            return named[0]
        place = _place(text, min(len(nodes), _SHOWN))
        if place is not None:
            return nodes[place]
        return self._described(nodes, text)

    def _described(self, nodes: Sequence[str], text: str) -> str:
        """By words that only one of them has: in its name, else in what is stated of it."""
        words = _telling_words(text)
        if not words:
            return ""
        names = {node: fold(self._facts.telling(node)) for node in nodes}
        own = {node: " ".join((names[node], *self._stated(node))) for node in nodes}
        for texts in (names, own):
            fitting = [node for node in nodes if all(_holds(texts[node], word) for word in words)]
            if len(fitting) == 1:
                return fitting[0]
        scores = sorted(((fuzz.partial_ratio("".join(words), names[node]), node) for node in nodes), reverse=True)
        clear = scores[0][0] >= _PARTIAL and scores[0][0] > scores[1][0] + 10
        return scores[0][1] if clear else ""

    def _stated(self, node: str) -> list[str]:
        relations = self._facts.stated(node) | self._facts.leads(node)
        return [fold(fact.tail) for relation in relations for fact in self._facts.facts(node, relation)]


def _place(text: str, count: int) -> int | None:
    """The place in the list that is named, None for none."""
    if _LAST.search(text) or (count == 2 and _LATTER.search(text)):
        return count - 1
    if _FORMER.search(text):
        return 0
    bare = text.strip(" 。.!！?？#")
    for number, signs in enumerate(_PLACES[:count]):
        ordinal = rf"第[{signs}](?:个|家|款|间|种|位|项)?|\b{_ORDINALS[number]}\b|(?:number|no\.?|#|选|option)\s*[{signs[-1]}](?!\d)"
        if bare in {*signs, f"{signs[-1]}号"} or re.search(ordinal, text):
            return number
    return None


def _telling_words(text: str) -> list[str]:
    """The words of a reply that tell things apart."""
    words = []
    for word in _WORD.findall(text):
        if word.isascii():
            kept = "" if is_stop_word(word) or word in {"one", "ones", "mean", "meant", "please"} else word
        else:
            kept = _ZH_DULL.sub("", word)
        if kept:
            words.append(kept)
    return words


def _holds(text: str, word: str) -> bool:
    return bool(re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", text)) if word.isascii() else word in text
