"""What a graph's types are called in the language that their names are not in: 沙发 for "sofa", "fridge" for 冰箱.

Known by how the names of a type's things end (峡湾沙发, 隆德沙发), and by the dictionary where it is installed.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import islice

from knowledge.embedders import glosses
from knowledge.graph.facts import GraphFacts
from knowledge.graph.reading.expressions import OF_IT
from knowledge.text.folding import folded
from knowledge.text.han import HAN

_LOOKED_AT = 64  # things of each type
_LENGTHS = (4, 3, 2)  # characters of a Chinese word for a kind of thing
_FEWEST, _SHARE = 2, 0.6  # names that have to end alike
_WORDS = 2  # of a gloss that names a type
_OF_IT = re.compile(OF_IT)
_HANS = re.compile(rf"{HAN.pattern}+")


class TypesInChinese:
    """Which English type a Chinese word of a question means, by the dictionary."""

    def __init__(self, types: Iterable[str]) -> None:
        self._types = {_plain(name): name for name in types if not HAN.search(name)}

    @cached_property
    def _is_of_use(self) -> bool:
        return bool(self._types) and glosses.is_available()

    def last(self, text: str) -> tuple[str, tuple[int, int]] | None:
        """The type that a word of two characters or more means, and where it stands; the last such one."""
        if not self._is_of_use or not HAN.search(text):
            return None
        import rjieba  # imported here: its dictionary takes a moment

        found = None
        for run in _HANS.finditer(text):
            start = run.start()
            for word in rjieba.cut(run.group()):
                end = start + len(word)
                if len(word) > 1 and not _OF_IT.match(text, end) and (meant := self._meant(word)):
                    found = meant, (start, end)
                start = end
        return found

    def _meant(self, word: str) -> str:
        senses = glosses.shared().senses(word)
        return next((name for plain, name in self._types.items() if plain in senses), "")


def words_for_types(facts: GraphFacts) -> dict[str, list[str]]:
    """Type → words in the other language for it."""
    ends = {type_: _ends(type_, _in_other(type_, facts, nodes)) for type_, nodes in facts.by_type.items()}
    types = Counter(end for own in ends.values() for end in own)
    learnt = {
        type_: [end for end, often in own.items() if types[end] == 1 and (often or _means(end, type_))]
        for type_, own in ends.items()
    }
    return {type_: [*words[:1], *_glossed(type_)] for type_, words in learnt.items()}


def _in_other(type_: str, facts: GraphFacts, nodes: Sequence[str]) -> list[str]:
    """A name in the language that the type's is not in, of each of its first things that has one."""
    in_chinese = not HAN.search(type_)
    named = (facts.all_names(node) for node in islice(nodes, _LOOKED_AT))
    found = (next((name for name in names if bool(HAN.search(name)) is in_chinese), "") for names in named)
    return [name for name in found if name]


def _ends(type_: str, names: Sequence[str]) -> dict[str, bool]:
    """The words that names end in, the longest first, and whether enough of the names do."""
    in_chinese = not HAN.search(type_)
    sizes = _LENGTHS if in_chinese else (2, 1)
    ends = Counter(end for size in sizes for name in names if (end := _end(name, size, in_chinese=in_chinese)))
    return {end: n >= max(_FEWEST, _SHARE * len(names)) for end, n in ends.items()}


def _end(name: str, size: int, *, in_chinese: bool) -> str:
    """The last characters or words of a name that goes on before them; "" where there are no such."""
    if in_chinese:
        return name[-size:] if len(name) > size and _HANS.fullmatch(name[-size:]) else ""
    words = name.lower().split()
    return " ".join(words[-size:]) if len(words) > size and all(map(str.isalpha, words[-size:])) else ""


def _means(word: str, type_: str) -> bool:
    """Whether a Chinese word means an English type, by the dictionary."""
    return bool(HAN.search(word)) and glosses.is_available() and _plain(type_) in glosses.shared().senses(word)


def _glossed(type_: str) -> list[str]:
    """The English words for a Chinese type, by the dictionary."""
    if not HAN.search(type_) or not glosses.is_available():
        return []
    senses = glosses.shared().senses(type_)
    return sorted(sense for sense in senses if len(sense.split()) <= _WORDS and sense.replace(" ", "").isalpha())


def _plain(type_: str) -> str:
    """As a dictionary has it: in small letters, and one thing."""
    name = folded(type_.replace("_", " ").lower())
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name
