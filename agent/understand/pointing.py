"""The words by which a message points back to what was said before it, or leans on that by what it leaves out."""

import re

from knowledge.text.han import HAN
from knowledge.text.openers import GOING_ON, GOING_ON_ZH, THEN_ZH, WHAT_ABOUT

ZH_PRONOUN = re.compile(
    rf"{THEN_ZH}(?:它们|它|他们|她们|该店|这家(?:店|酒店|餐厅|餐馆)?|那家(?:店|酒店|餐厅|餐馆)?|这款|那款|这里|那里|那儿|这个地方|那个地方|这个|那个)(?!人|月|星期|周|时候)"
)
ZH_SWAP = re.compile(r"^(?:那么?|然后|还有)?(?P<new>.{1,40}?)(?:呢|怎么样|如何)[?？!！。]*$")
ZH_LEAD = re.compile(rf"^(?:{GOING_ON_ZH}|请问)[，,]?")
ZH_LEANS = re.compile(rf"{GOING_ON_ZH}|再")
ZH_ELLIPSIS = re.compile(r"呢[?？!！。]*$|也|还(?![款清贷])|这么|那么|同样|刚才|上面")
EN_SWAP = re.compile(
    rf"^(?:and|ok(?:ay)?|so|but|oh|then)?[,\s]*{WHAT_ABOUT}\s+(?:from |for |with |on |in |to )?(?P<new>[^?.!,]+)",
    re.IGNORECASE,
)
EN_SAME = re.compile(
    r"^(?:and|but|so)?[,\s]*(?:does|do|is|are|can|could|will|has|have)\s+(?:the\s+)?(?P<new>[^?.!,]+?)"
    r"(?:\s+(?:have|has|got|do|offer|include|support|take|allow))?(?:\s+(?:one|ones|it|that|those|them|any|too|also|either|as well|so)){0,2}\W*$",
    re.IGNORECASE,
)
EN_FOLLOW = re.compile(
    r"\b(?:it|its|that|this|those|these|they|them|their|one|ones|he|she|him|her|same|there|then|either|else)\b"
    rf"|^(?:{GOING_ON}|ok(?:ay)?|ouch|{WHAT_ABOUT})\b",
    re.IGNORECASE,
)
EN_OPENER = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|so|well|oh|h+m+|u+m+|uh|right|alright|all right|great|cool|thanks|actually|wait|sorry|hey|hi|no(?=,| wait| sorry| i mean)|i mean(?:t)?)\b[\s,.!…-]*)+",
    re.IGNORECASE,
)
EN_POINTS = re.compile(
    r"\b(?:it|its|that|this|those|these|they|them|their|ones?|same|either|else|too|also|another)\b", re.IGNORECASE
)
EN_IT = re.compile(r"\b(?:it|that one|this one|that|this|them)\b", re.IGNORECASE)
_EN_FRAGMENT = re.compile(
    r"(?:and |or |but )?(?:how (?:many|long|often) )?"
    r"(?:per|for|on|in|with|without|from|to|at|by|after|before|until|under|over|via)\s+"
    r"(?:the |our |my |your |an? )?(?P<new>[^?.!]+)\W*",
    re.IGNORECASE,
)
_LONGEST_FRAGMENT = 6  # words
_THERE_IS = re.compile(
    r"\b(?:is|are|was|were|isn['’]?t|aren['’]?t|will|be)\s+there\b(?=\s+\w)|\bthere\s+(?:is|are|was|were|be)\b",
    re.IGNORECASE,
)
"""Points to nothing: "is there a minimum term?"."""
_VERB = re.compile(
    r"\b(?:is|are|was|were|am|do|does|did|can|could|will|would|shall|should|may|might|must|have|has|had|i|we|you)\b",
    re.IGNORECASE,
)


def fragment_of(text: str) -> re.Match[str] | None:
    """A message that is a piece of a question alone, without a verb: "per year?", "for students?", "how many on Gold?"."""
    short = len(text.split()) <= _LONGEST_FRAGMENT and not _VERB.search(text)
    return _EN_FRAGMENT.fullmatch(text) if short else None


def points_back(text: str) -> bool:
    """Whether anything in a message points to what was said before; one that is only short may lean on that, or stand by itself."""
    text = _THERE_IS.sub(" ", text)
    said = EN_OPENER.sub("", text, count=1) or text
    if HAN.search(text):
        return any((ZH_PRONOUN.search(text), ZH_LEANS.match(text), ZH_LEAD.match(text), ZH_ELLIPSIS.search(text)))
    return bool(fragment_of(said)) or any(EN_FOLLOW.search(one) or EN_SWAP.match(one) for one in (text, said))
