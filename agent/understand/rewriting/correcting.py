"""Hears a customer correct themselves: "sorry, I meant a day pass", 不对，是次卡, "not the mat, the towel"."""

import re
from dataclasses import dataclass

from agent.understand.content_words import DULL
from knowledge.text.han import HAN

_OOPS = r"(?:sorry|oops|whoops|actually|rather|correction|my (?:bad|mistake)|apologies|i (?:mean|meant|said)|make that|no(?=\s*[,.!]|\s+(?:sorry|wait|i|actually)\b)|wait)"
_THE = r"(?:(?:the|an?|my|your|our)\s+)?"
_NAMED = r"[\w&'’-]+(?:\s+[\w&'’-]+){0,3}"
_EN = re.compile(
    rf"\W*(?:{_OOPS}\b[\s,.!…:-]*)+(?:it['’]?s\s+)?(?:not\s+{_THE}(?P<wrong>{_NAMED})\s*[,;-]\s*(?:but\s+)?)?{_THE}(?P<right>{_NAMED})\W*"
    rf"|\W*not\s+{_THE}(?P<wrong2>{_NAMED})\s*[,;-]\s*(?:but\s+|i mean\s+)?{_THE}(?P<right2>{_NAMED})\W*",
    re.IGNORECASE,
)
_ZH = re.compile(
    r"[\W]*(?:(?:哦|啊|嗯|抱歉|不好意思|等等|等下)[，,。\s]*)*"
    r"(?:(?:不对|不|(?:我)?(?:说|打|弄|搞|写|问)?错了|更正(?:一下)?)[，,。！!\s]*(?:应该)?(?:我(?:说|指|问|要)的)?(?:是)?"
    r"|(?:不是|并非)(?P<wrong>[^，,。\s]{1,10})[，,。\s]*(?:我(?:说|指|问|要)的)?(?:而|应该)?是|(?:我(?:说|指|问|要)的|我|应该)(?:其实|应该)?是(?:说|指|问|想问|要)?)"
    r"[，,\s]*(?P<right>[^，,。！!？?\s]{2,10}?)(?:啦|啊|哦|才对|吧)?[\W]*"
)
_NO_NAMES = DULL - {"all", "more", "most", "off", "only", "other"}
_QUESTION = re.compile(r"[?？]|吗|呢$|多少|怎么|什么|哪|几")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """wrong: what is taken back, where that is said; right: what is to stand in its place."""

    wrong: str
    right: str


def correction_in(text: str) -> Correction | None:
    """What a message that does nothing else puts right; None where it says more, or asks something."""
    if _QUESTION.search(text):
        return None
    found = (_ZH if HAN.search(text) else _EN).fullmatch(text)
    if found is None:
        return None
    said = found.groupdict()
    right = said["right"] or said.get("right2") or ""
    if not HAN.search(right) and any(word.lower() in _NO_NAMES for word in right.split()):
        return None
    return Correction(wrong=said["wrong"] or said.get("wrong2") or "", right=right)
