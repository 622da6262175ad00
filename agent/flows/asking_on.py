"""Tells a question about what a flow is just asking: why it is needed ("what do you need my e-mail for?"), what there is to choose from."""

import re
from typing import Literal

from agent.flows.definition import Slot
from agent.flows.spans import places_of
from agent.flows.values import names_of

_LONGEST = 70
_LEADS = r"\W*(?:(?:but|and|wait|sorry|ok(?:ay)?|hm+|well|please|那|但是?|等等|请问)[\s,，.]*)*"
_WHY = re.compile(
    rf"{_LEADS}(?:why (?:do|would|must) (?:you|i|we) (?:have to |need to )?(?:need|want|ask(?: for)?|require|give|tell|say|provide|enter|share)\b(?P<en>.{{0,40}})"
    r"|what (?:do|will|would) you (?:need|want|use)(?P<en2>.{2,30}) for|what(?:['’]s| is)(?P<en3>.{2,24}) (?:needed )?for"
    r"|(?:为什么|为啥|干嘛|干吗|凭什么)(?:还|非)?(?:要|得|需要|问|给|填|提供)(?P<zh>.{0,10})|(?:要|拿|用|填|问|给)(?P<zh2>.{0,10}?)(?:来)?(?:干嘛|干吗|干什么|做什么|干啥|有什么用))[呢啊呀]?\W*",
    re.IGNORECASE,
)
_POINTS = re.compile(r"\W*(?:it|that|this|number|它|这个?|号码?|信息)?\W*", re.IGNORECASE)
_OPTIONS = re.compile(
    rf"{_LEADS}(?:what(?:['’]s| is| are)? (?:can|could|may) i (?:choose|pick|select)(?: from)?|(?:what|which) (?:are )?(?:my |the )?(?:options|choices)(?: are there| do i have| for .{{2,20}})?"
    r"|what is there|what do you (?:have|offer)|(?:都)?(?:有|能选|可以选|可选)(?:哪些|什么|啥|哪几[个家种])(?:选择|选项|可选|可以选|能选)?)[的呢啊吗]?\W*",
    re.IGNORECASE,
)
_ARE_THERE = re.compile(
    r"\b(?:what|which)\b.{0,40}\b(?:are there|do you (?:have|offer)|can i (?:choose|pick|select)|are (?:available|possible))\b|(?:有|是)(?:哪些|什么|哪几[个家种])",
    re.IGNORECASE,
)


def asks_on(slot: Slot, text: str) -> Literal["why", "options"] | None:
    """Which of the two a message asks of the slot that is being asked for, and nothing else; None for any other message."""
    if len(text) > _LONGEST:
        return None
    if why := _WHY.fullmatch(text):
        about = next((told for told in why.groupdict().values() if told is not None), "")
        return "why" if _POINTS.fullmatch(about) or _names(slot, about) else None
    if slot.type != "choice":
        return None
    return "options" if _OPTIONS.fullmatch(text) or (_ARE_THERE.search(text) and _names(slot, text)) else None


def _names(slot: Slot, text: str) -> bool:
    """Whether a text says the slot by one of its names, in the singular or the plural."""
    singular = re.sub(r"s\b", "", text)
    return any(next(iter(places_of(name, one)), None) for name in names_of(slot) for one in (text, singular))
