"""Asks of the things that a reply listed what points to them: "which of those is cheapest?", 其中有货的是哪个, 都有货吗."""

import re

from agent.understand.pointing import ZH_LEAD
from agent.understand.rewriting.names import KnownNames
from agent.understand.standing import Standing
from agent.understand.talk import Talk
from knowledge.text.han import HAN

_POINTS = re.compile(
    r"\b(?:of|among|amongst|between|out of) (?:all )?(?:them|those|these|the(?:se)? (?:two|three|four|five))\b"
    r"|\b(?:are|do|does|have|can|is) (?:they|those|these|both|all of them)(?: all| both)?\b|\ball of (?:them|those|these)\b|\bthey all\b",
    re.IGNORECASE,
)
_POINTS_ZH = re.compile(
    r"其中|(?:在)?(?:这|那|上面|以上)(?:上面)?(?:几|些|两|三|四)(?:个|家|款|种)?(?:里面|当中|之中|里|中)?(?:的)?|它们(?:里面|当中|之中|里|中)?"
)
_ALL_ZH = re.compile(r"^\W*(?:那|那么)?[，,]?都.{1,20}[吗嘛么]\W*$")
_WHICH_ZH = re.compile(r"哪一?[个款家种]|谁")


class Listed:
    """Names what a question points to."""

    def __init__(self, names: KnownNames, standing: Standing | None) -> None:
        self._names = names
        self._standing = standing

    def asked_of(self, question: str, talk: Talk) -> str:
        """The question with the names of the things listed last that it points to; "" for all else."""
        zh = HAN.search(question) is not None
        if self._names.link(question) or (talk.compared and not zh):
            return ""
        points = (_POINTS_ZH.search(question) or _ALL_ZH.search(question)) if zh else _POINTS.search(question)
        if not points and not (zh and self._chooses(question)):
            return ""
        listed = talk.listed_last if points else talk.listed(0)
        if not listed:
            return ""
        if zh:
            return f"{'、'.join(listed)}{_POINTS_ZH.sub('', ZH_LEAD.sub('', question), count=1)}"
        return f"{question} ({', '.join(listed)})"

    def _chooses(self, question: str) -> bool:
        """Whether a Chinese question chooses by what the graph knows, and says no kind (有货的是哪个)."""
        if self._standing is None or not _WHICH_ZH.search(question) or self._standing.chooses_of_kind(question):
            return False
        return self._standing.asks(question) or self._standing.chooses_of_unnamed(question)
