"""A message as features see it: folded, its words and characters, English negation marked; mixed languages too."""

import re
from collections.abc import Sequence
from itertools import pairwise

from knowledge.text.folding import narrowed, simplified
from knowledge.text.han import HAN

_HANDLE = re.compile(r"@\w+|https?://\S+")
_SPACE = re.compile(r"\s+")
_PIECE = re.compile(r"[\u3400-\u9fff]+|[a-z]+(?:'[a-z]+)?|\d+|[^\w\s]")
_NEGATION = re.compile(r"(?:not|no|never|nothing|nobody|cannot|without|neither|nor|hardly|\w+n't)$")
_CLAUSE_END = frozenset(".,!?;:")
_REACH = 3  # words after a negation that are read as negated


def folded(text: str) -> str:
    """Lower case, simplified, narrow; names of users and addresses left out, hashtags as words."""
    plain = simplified(narrowed(text)).lower().replace("’", "'").replace("\\n", " ").replace("#", " # ")
    return _SPACE.sub(" ", _HANDLE.sub(" ", plain)).strip()


def words(text: str) -> list[str]:
    """Words and pairs of words of a text; "not nice" is the pair and a negated "nice"."""
    import rjieba  # imported here: its dictionary takes a moment

    single: list[str] = []
    negated = 0
    for piece in _PIECE.findall(folded(text)):
        if HAN.match(piece):
            single.extend(rjieba.cut(piece))
            continue
        single.append(f"{piece}_not" if negated > 0 and piece.isalpha() else piece)
        negated = 0 if piece in _CLAUSE_END else _REACH if _NEGATION.match(piece) else negated - 1
    return single + [f"{one} {other}" for one, other in pairwise(single)]


def is_chinese(texts: Sequence[str]) -> bool:
    """Whether most of the texts are Chinese."""
    return 2 * sum(bool(HAN.search(text)) for text in texts) > len(texts)
