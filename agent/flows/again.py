"""Tells a message after the end of a flow that only wants it with another value: "what if it's 1500 instead", 那24期呢."""

import re
from collections.abc import Iterable

from agent.flows.definition import Flow
from agent.flows.spans import Span, places_of

_FILLS = re.compile(
    r"\b(?:what|how|about|if|its?|it'?s|it’s|is|was|were|instead|and|but|or|then|ok(?:ay)?|hm+|so|actually|no|not|sorry|i meant?|make|try|change|to|for|from|my|number|phone|e-?mail|is"
    r"|over|with|at|in|on|of|the|an?|same|again|now|would|be|that|this|much|i|we|do|take|took|spread|rather|only|just|please|can|could|you|will|pay|cost|me"
    r"|per|a|monthly|months?|years?|month|come|out|work|calculate|more|less|longer|shorter|term|amount|sum|loan|instalments?|let'?s|say|dollars|bucks|usd)\b"
    r"|如果|我的|号码|从|起|电话|邮箱|要是|假如|换成|改成|改为|换|改|分|是|那|么|呢|的话|的|每月|每个月|每期|月供|多少|要|还|算|算一下|再|帮我|请|借|贷|按|用|个|期|月|年|不|对|应该|其实|我|您|你|就|好|了|吧|呀|钱|美元|元|块|一下|试试|看看|怎么样|又|会",
    re.IGNORECASE,
)
_REST = re.compile(r"[^\W\d_]", re.UNICODE)


def changes_only(flow: Flow, text: str) -> bool:
    """Whether nothing is said beside values and what holds them together."""
    return only_holds(flow, text, ())


def only_holds(flow: Flow, text: str, values: Iterable[Span]) -> bool:
    """The same where the places of the values are known, such as those of dates."""
    left = text
    for start, end in sorted(values, reverse=True):
        left = f"{left[:start]} {left[end:]}"
    words = {w for slot in flow.slots.values() for w in (slot.label.en, slot.label.zh, *slot.words)}
    words |= {w for slot in flow.slots.values() for one in slot.choices.values() for w in (one.en, one.zh, *one.words)}
    for word in sorted(words, key=len, reverse=True):
        for match in reversed(list(places_of(word, left))):
            left = f"{left[: match.start()]} {left[match.end() :]}"
    return not _REST.search(_FILLS.sub(" ", left))
