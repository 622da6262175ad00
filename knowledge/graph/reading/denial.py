"""Tells what a question denies: "without a gym", "not in Dunmore", 没有健身房, 杭州以外."""

import re

from knowledge.graph.reading.blanks import blank

_LIGHT_EN = (
    r"a|an|any|the|be|being|really|fully|very|even|currently|also|yet|ones?|that|which|are|is|in|at|on|of|with|have|has|having"
    r"|do|doing|perform|want|offer(?:s|ing)?|includ(?:e|es|ing)|provid(?:e|es|ing)|support(?:s|ing)?|available|located|based|situated"
    r"|[a-z]{2,12} (?:with|in|at|to)"
)
_LIGHT_ZH = "是|支持|具备|具有|带|能|会|可以|可|够|怎么|太|在|位于|属于|设在|提供|配备|配有|设有|配|设|包含|包括|含|有|任何|想|要|住|去|选"
_NOT = re.compile(
    r"(?:\b(?:not|non|no|without|never|neither|nor|lack(?:s|ing)?|except(?: for)?|excluding|other than|outside(?: of)?|free (?:of|from))\b|n['’]t\b)[\s-]*"
    rf"(?:(?:{_LIGHT_EN})\b[\s-]*){{0,4}}$"
    rf"|(?:不|没有|没|非|无|未|缺少|缺乏|缺|除了|除)(?:{_LIGHT_ZH}){{0,2}}\s*$",
    re.IGNORECASE,
)
_ALSO = re.compile(r"　\s*(?:(?:和|或者|或|、|以及|or|nor|and|,)\s*){1,2}(?:(?:a|an|any|the)\s+)?$", re.IGNORECASE)
_OF_US = re.compile(r"(?:你们|咱们|我们|你家|贵店|这里|这边|这儿|怎么|为什么|难道)(?:家|店里)?(?:都|就|是)?$")
_A_NOT_A = re.compile(r"([\u3400-\u9fff]{1,2})[不没](?=\1)|有无|是否")
_ELSEWHERE = re.compile(r"\s*市?[以之]外")


def without_choices(text: str) -> str:
    """The text without what only asks whether: 防不防水 and 有没有 deny nothing."""
    return _A_NOT_A.sub(blank, text)


def denial(before: str) -> re.Match[str] | None:
    """What denies the thing that stands behind this text; None for nothing. 你们没有… asks whether there is such a thing."""
    found = _NOT.search(before)
    return None if found is None or _OF_US.search(before[: found.start()]) else found


def denied_place(text: str, start: int, end: int, denied: int) -> int | None:
    """From where on a thing at this place is denied; None where it is not.

    denied: end of the last thing that is, 0 for none: a denial goes for what is joined to it ("no gym or pool").
    """
    if found := denial(text[:start]):
        return found.start()
    if denied and _ALSO.fullmatch(text, max(0, denied - 1), start):
        return denied
    return start if _ELSEWHERE.match(text, end) else None
