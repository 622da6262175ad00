"""Words that say that a relation does not hold: of what is "sugar-free", "sugar" and "with sugar" say the opposite."""

import re
from collections.abc import Iterable, Iterator

from knowledge.graph.reading.expressions import one_or_several, whole_words
from knowledge.text.folding import folded
from knowledge.text.han import HAN

_WITHOUT = re.compile(
    r"(?:不含有?|不添加|不带|没有|无|零|0|非)(?P<zh>[\u3400-\u9fff]{2,})"
    r"|(?:(?:free (?:of|from)|without|contains no|no) |non-)(?P<behind>[a-z][a-z ]+)|(?P<before>[a-z][a-z ]+)[ _-]free",
    re.IGNORECASE,
)
_HAS_ZH = "(?:含有?|添加|有|带)?"
_HAS = r"(?:\b(?:with|contain(?:s|ing|ed)?|has|have|having|includ(?:e|es|ing))(?: any)? )?"


def opposite_expressions(affirming: Iterable[str], denying: Iterable[str]) -> Iterator[str]:
    """Expressions for the words that deny what affirming words say, those that are given first."""
    for words in denying:
        yield whole_words(one_or_several(words.lower())).pattern
    for words in affirming:
        if match := _WITHOUT.fullmatch(words.strip()):
            thing = folded(next(filter(None, match.groups())).strip().lower())
            lacked = rf"(?:{_HAS_ZH if HAN.search(thing) else _HAS}){one_or_several(thing)}(?![ _-]free)"
            yield whole_words(lacked).pattern
