"""Finds the part of a longer message that asks, without the words that only point to what was named before."""

import re
from collections.abc import Iterator, Sequence

from knowledge.graph.reading.blanks import BLANK, without_names
from knowledge.graph.reading.lexicon import Lexicon
from knowledge.types import EntityMention

_CUT = re.compile(r"[，。！？；、,!?;\n]+|\.(?=\s|$)")
_POINTS = r"(?:这|那|该|此)(?:一)?(?:个|家|款|座|间|里|边|儿)?|(?:它|他|她)(?:家|们)?|　+的?|\b(?:this|that|the)\s+"
_TALK = re.compile(
    r"(?:能|可以|可不可以|麻烦|请|方便|顺便)*(?:帮|给|替)(?:我们|我)?(?:再)?(?:查询|查找|查看|查|看|找|问)(?:一下|下|一查|看)?|你?(?:知道|知不知道|告诉我|发给我|发我|说一下)"
    r"|(?:其他|其它|别的|另外)(?:的)?|还有|好吃|美味|好玩|一下|具体|详细|信息|情况|名叫|叫做|名为|好吗|好不好|行吗|不\s*$"
)


class Clauses:
    """Takes messages apart with the words of one graph."""

    def __init__(self, lexicon: Lexicon) -> None:
        types = sorted({cue.pattern for cue, _ in lexicon.type_cues}, key=len, reverse=True)
        self._pointed = re.compile(f"(?:{_POINTS})(?:{'|'.join(types)})", re.IGNORECASE) if types else None

    def asking(self, question: str, mentions: Sequence[EntityMention]) -> Iterator[str]:
        """The clauses of a message, the last first, names blanked."""
        whole = without_names(question, mentions)
        for clause in reversed([piece for piece in _CUT.split(whole) if piece.strip(f" {BLANK}")]):
            plain = self._pointed.sub(BLANK, clause) if self._pointed else clause
            plain = _TALK.sub(BLANK, plain)
            if plain != whole:
                yield plain
