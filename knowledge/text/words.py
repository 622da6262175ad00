"""Text to index terms: English stemmed without stop words, Chinese as characters and their bigrams, mixed freely.

Full-width letters count as their narrow selves, letters with accents as those without, traditional characters as simplified ones.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import Stemmer  # type: ignore[import-not-found]

from knowledge.text.folding import narrowed, simplified, unaccented
from knowledge.text.piecewise import Piecewise
from knowledge.types import Passage

_TOKEN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+(?:[.,'’][a-z0-9]+)*|[^\W_]+")
_STOP = frozenset(
    """a an and are as at be been but by can could did do does for from had has have he her him his how i if in is it
    its me my of on or our she so than that the their them then there these they this to us was we were what when
    where which who why will with would you your im ive id ill youre dont doesnt didnt am any just about into also
    some""".split()
)
_STOP_ZH = frozenset("的了吗呢吧啊呀是我你您他她它们在有和与就都也还很这那个么什怎请")


def words(text: str) -> list[str]:
    """Index terms of a text in order, with repetitions."""
    return _WORDS(text)


def _terms(piece: str) -> Iterator[str]:
    if not piece.isascii():
        piece = unaccented(narrowed(piece)).replace("’", "'")
    for token in _TOKEN.findall(piece.lower()):
        if "\u3400" <= token[0] <= "\u9fff":
            simple = simplified(token)
            yield from (character for character in simple if character not in _STOP_ZH)
            yield from (simple[start : start + 2] for start in range(len(simple) - 1))
        elif (term := _stem(token)) not in _STOP:
            yield term


_WORDS = Piecewise(_terms)


def _stem(token: str) -> str:
    bare = token.removesuffix("'s").replace("'", "").replace(",", "")
    # A stemmer must not be shared between threads; a fresh one costs microseconds, and its words are remembered.
    return bare if bare in _STOP else str(Stemmer.Stemmer("english", 0).stemWord(bare))


def is_stop_word(word: str) -> bool:
    """Whether a word says nothing by itself."""
    return word in _STOP or word in _STOP_ZH


def head_of(passage: Passage) -> str:
    """What stands above a passage: title, headings, and the words of its id or path, which often name the product."""
    path = re.sub(r"[#/_.\d-]+", " ", passage.source_id) if passage.source_id != passage.title else ""
    return "\n".join([passage.title, *passage.section, path])


def with_pairs(terms: Sequence[str]) -> list[str]:
    """Terms and pairs of neighbours, so that "Silver Plus" is more than "silver" and "plus"."""
    return [*terms, *(f"{left} {right}" for left, right in pairwise(terms))]
