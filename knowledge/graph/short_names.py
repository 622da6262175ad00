"""Names said by the part that tells a thing from others of its kind: "the sorrento" for the Sorrento Sofa, 海棠 for 海棠破壁机."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from knowledge.graph.name_table import NameTable
from knowledge.text.dictionary import is_common

_LONGEST = 200  # characters of a text in which names are so said
_SHARED = 4  # things that one part may stand for; what more of them begin with is a brand, or a word like any other
_NEAR = 64  # names that begin with the same two characters and are looked at
_LEAST = 4  # letters
_PARTS = (4, 3, 2)  # characters of the part of a Chinese name
_WORD = re.compile(r"[a-z0-9][a-z0-9'’.-]*(?<![.'’-])")
_AT_A_PLACE = re.compile(
    r"(?:\b(?:in|to|from|near|at|around|outside|mr|mrs|ms|dr|name is|i am|i'm|called)\b\.?|@)\s*(?:the\s+)?$"
)
_CLITIC = re.compile(r"['’]s$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Where a part stands, the entities that it may stand for, and whether it is a word that may mean something else."""

    span: tuple[int, int]
    ids: Sequence[str]
    is_a_word: bool


def begun_in_words(text: str, names: NameTable, is_unheard: Callable[[str], bool]) -> Iterator[Beginning]:
    """Beginnings of names of several words, as much of each as is said; none of which all words are everyday English.

    is_unheard: whether a word of a question asks for nothing and says no kind of thing. What goes on with such a word ("the calder
    valley shop") is another name.
    """
    if len(text) > _LONGEST:
        return
    said = [(_CLITIC.sub("", word.group()), word.span()) for word in _WORD.finditer(text)]
    over = 0
    for at, (word, (start, _)) in enumerate(said):
        if at < over or len(word) < _LEAST or not word.isalpha() or not names.beginning_with(word):
            continue
        size, ids = _longest([word for word, _ in said[at:]], names)
        whole = [word for word, _ in said[at : at + size]]
        if not 0 < len(ids) <= _SHARED or all(map(is_common, whole)) or not is_unheard(word):
            continue
        after = said[at + size][0] if at + size < len(said) else ""
        if _AT_A_PLACE.search(text[:start]) or (after and is_unheard(after) and after not in names.types):
            continue
        over = at + size
        end = start + len(_CLITIC.sub("", text[start : said[over - 1][1][1]]))
        yield Beginning(span=(start, end), ids=ids, is_a_word=False)


def begun_in_chinese(text: str, start: int, names: NameTable, is_unheard: Callable[[str], bool]) -> Iterator[Beginning]:
    """Beginnings of names at a place, the longest first: all of a name but the word for its kind."""
    near = names.beginning_with(text[start : start + 2])
    if not 0 < len(near) <= _NEAR or len(text) > _LONGEST:
        return
    import rjieba  # imported here: its dictionary takes a moment

    for size in _PARTS:
        part = text[start : start + size]
        begun = [(name, id_) for id_ in near for name in names.in_chinese(id_) if name.startswith(part)]
        if len(part) < size or not 0 < len(begun) <= _SHARED:
            continue
        if all(_ends_with_kind(name, size, names) for name, _ in begun) and is_unheard(part):
            ids = list(dict.fromkeys(id_ for _, id_ in begun))
            yield Beginning(span=(start, start + size), ids=ids, is_a_word=rjieba.has_word(part))


def _ends_with_kind(name: str, size: int, names: NameTable) -> bool:
    """Whether behind so many characters of a Chinese name only the word for its kind follows, of two characters at least."""
    import rjieba

    return len(name) > size + 1 and (name[size:] in names.types or size in accumulate(map(len, rjieba.cut(name))))


def _longest(words: list[str], names: NameTable) -> tuple[int, list[str]]:
    """How many words from the first on begin names, and whose names those are."""
    ids, size = list(names.beginning_with(words[0])), 1
    while ids and size < len(words):
        longer = [id_ for id_ in ids if any(own[: size + 1] == words[: size + 1] for own in names.in_words(id_))]
        if not longer:
            break
        ids, size = longer, size + 1
    return size, ids
