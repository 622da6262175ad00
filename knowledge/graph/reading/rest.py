"""What is left of a question when all that the graph has words for is taken away."""

import re
from dataclasses import dataclass

from knowledge.graph.reading.blanks import BLANK, blanked
from knowledge.graph.reading.lexicon import Lexicon
from knowledge.graph.reading.qualifiers import Qualifiers
from knowledge.graph.reading.scales import DISTANCE, SINCE
from knowledge.text.han import HAN

_SOMEONE = re.compile(
    r"老板|店长|经理|主管|主厨|厨师|大厨|员工|店员|服务员|保安|司机|创始人|负责人|业主|房东|股东|法人"
    r"|\b(?:owners?|managers?|founders?|chefs?|staff|employees?|waiters?|boss|director|ceo)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"(?<!['’])(?:[a-z]|\d+[a-z])[a-z0-9'’-]*")
_CLITIC = re.compile(r"['’](?:s|m|re|ve|ll|d)$|n['’]t$")
_HANS = re.compile(rf"{HAN.pattern}+")
_UNREAD = 2
"""Unexplained characters from which on one of the conditions may be among them."""
UNEXPLAINED = 3
"""Chinese characters that no cue explains from which on a question asks for something the graph does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """What no cue explains.

    left: runs of Chinese characters; unread: English words.
    unclear: whether there is a number of which it is not understood what it limits.
    """

    left: tuple[str, ...]
    unread: tuple[str, ...]
    unclear: bool

    @property
    def residue(self) -> str:
        """All Chinese characters that no cue explains."""
        return "".join(self.left)

    @property
    def asks_else(self) -> bool:
        """Whether the question asks for something that the graph does not have, or about a person or thing that belongs to
        the entity (老板电话) and not the entity itself.
        """
        return len(self.residue) >= UNEXPLAINED or bool(_SOMEONE.search(" ".join((*self.left, *self.unread))))

    @property
    def explained(self) -> bool:
        """Whether nothing is left that may be a condition."""
        return len(self.residue) < _UNREAD and not self.unread and not self.unclear


class RestReader:
    """Takes away what the lexicon of one graph explains."""

    def __init__(self, lexicon: Lexicon, qualifiers: Qualifiers) -> None:
        self._lexicon = lexicon
        self._qualifiers = qualifiers

    def read(self, text: str, *, unclear: bool) -> Rest:
        """What is left of a text. unclear: whether it holds a number of which it is not understood what it limits."""
        for cue, _ in self._lexicon.relation_cues:
            text = cue.sub(BLANK, text)
        comparative = self._lexicon.comparative(text)
        # One Chinese character may be part of another word: 快充 says nothing of 更快.
        whole = comparative and (comparative.said.isascii() or comparative.concept in {DISTANCE, SINCE})
        for scale in (comparative if whole else None, self._lexicon.superlative(text)):
            text = blanked(text, scale.span) if scale else text
        _, text = self._qualifiers.read(text)
        unread = (word for word in _WORD.findall(text.lower()) if not self._says_nothing(word))
        left = _HANS.findall(self._lexicon.fillers.sub(BLANK, text))
        return Rest(left=tuple(left), unread=tuple(unread), unclear=unclear)

    def _says_nothing(self, word: str) -> bool:
        plain = self._lexicon.plain_words
        return word in plain or _CLITIC.sub("", word) in plain
