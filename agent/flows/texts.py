"""Values in words, names and addresses, without the sentence around them: "my name is Bo", 我叫王小明."""

import re
from collections.abc import Sequence
from functools import lru_cache

from agent.flows.definition import Slot
from agent.flows.spans import Span
from knowledge.text.openers import FALTERING

_NAMING = re.compile(r"\bname|姓名|名字|称呼", re.IGNORECASE)
_IS = r"(?:\s*(?:is now|is|are|should be|would be|will be|to|['’]s|[:：=]|应该是|应为|改成|改为|换成|是|叫|为)\s*)"
_OPENS = rf"^\W*(?:(?:{FALTERING}|uh|er|ok(?:ay)?|sure|yes|please|no|sorry|actually)\b[\s,]+|(?:好的?|嗯|哦|不对|不是)[，,\s]+){{0,4}}+"
_IT = r"(?:it(?:['’]s| is| should be| would be)|that(?:['’]s| is| would be))\s+|应该是|就是"
_PERSON = (
    r"(?:i['’]m|i am|this is|(?:you can |please |just )?call me|(?:please )?(?:(?:put|book|reserve) (?:it |that )?)?under(?: the name(?: of)?)?|(?:in|on) the name of|i go by)\s+"
    r"|(?:我的?名字|本人)(?:是|叫)|我叫|叫我|我是|我姓"
)
_ENDS = re.compile(
    r"[\s,，.!。！]*(?:\b(?:please|thanks|thank you|cheers)|谢谢(?:您|你)?|就行|就好|就可以了?|即可|吧)?[\s,，.!。！]*$",
    re.IGNORECASE,
)
_WRONG = re.compile(r"(?:wrong|not|incorrect|false|错|不对|不是|有误)", re.IGNORECASE)
_RIGHT = re.compile(r"(?:\bit['’]s|\bit is|\bit should be|\bshould be|应该是|是)\s*", re.IGNORECASE)


def unwrapped(slot: Slot, text: str) -> str:
    """The value itself; the whole text where nothing stands around it."""
    opened = _opening(tuple(_names(slot)), bool(_NAMING.search(" ".join(_names(slot))))).match(text)
    value = text[opened.end() :] if opened else text
    return _ENDS.sub("", value).strip() or text.strip()


def renamed(slot: Slot, text: str) -> tuple[str, Span] | None:
    """What a correction that names the slot gives in its place: "the address is 9 Oak Row", 地址改成青年路19号."""
    match = _correction(tuple(_names(slot))).search(text)
    if match is None:
        return None
    start, value = match.start("value"), match["value"]
    if _WRONG.match(value):
        right = _RIGHT.search(value)
        if right is None:
            return None
        start, value = start + right.end(), value[right.end() :]
    value = _ENDS.sub("", value).strip()
    return (value, (match.start(), start + len(value))) if value else None


def _names(slot: Slot) -> Sequence[str]:
    return (slot.label.en, slot.label.zh, *slot.words)


@lru_cache(maxsize=512)
def _opening(names: tuple[str, ...], naming: bool) -> re.Pattern[str]:
    """What may stand before a value; naming: whether a name is asked for."""
    person = rf"|{_PERSON}" if naming else ""
    return re.compile(
        rf"{_OPENS}(?:(?:(?:the|my|our|a|new|我们?的?|新)\s*)*(?:{_any(names)}){_IS}+|{_IT}{person})", re.IGNORECASE
    )


@lru_cache(maxsize=512)
def _correction(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?:{_any(names)}){_IS}+(?P<value>[^。;；\n?？]+)", re.IGNORECASE)


def _any(names: Sequence[str]) -> str:
    """One of the names; of several words, "new address", the last one says it, too."""
    each = {*names, *(name.split()[-1] for name in names if name.strip())}
    return "|".join(
        rf"\b{re.escape(n)}\b" if n.isascii() else re.escape(n) for n in sorted(each, key=len, reverse=True)
    )
