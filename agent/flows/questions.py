"""Cuts the question out of a message, from the answer that it gives: "no, but how long does it take?"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from agent.flows.spans import Span
from knowledge.text.openers import ADDING_ZH, FALTERING

_LEADS = (
    rf"{FALTERING}|uh+|er+|ah|wait|actually|and|but|also|then|sorry|hi|hello|please|by the way|quick question"
    r"|one (?:more )?question|first"
)
_OPENS = rf"\W*(?:(?:{_LEADS}|ok(?:ay)?|(?:can|could|would) you (?:please )?tell me|do you know|i wonder|tell me)\b\W*){{0,6}}+"
_SUBJECT = r"(?:i|we|you|it|they|he|she|there|the|an?|my|our|your|this|that|these|those|some|any|all|one|(?-i:[a-z]+s)(?= [a-z]))\b"
_AUXILIARY = r"(?:is|are|was|were|do|does|did|can|could|will|would|may|might|should|shall|has|have|am|isn't|aren't|don't|doesn't|can't)"
_OPEN_EN = r"(?:what(?:['’]s)?|how|when|where|why|who|whose|which)\b"
_CLOSED_EN = rf"(?:{_AUXILIARY} {_SUBJECT})"
_ASKS_EN = re.compile(rf"{_OPENS}(?:{_OPEN_EN}(?=\W+\w)|{_CLOSED_EN})", re.IGNORECASE)
_ASKS_MARKED = re.compile(rf"{_OPENS}(?:{_OPEN_EN}|{_AUXILIARY}\b)", re.IGNORECASE)
_WITHIN = re.compile(rf"\b{_OPEN_EN}[^.!?\n]*\?", re.IGNORECASE)
_ASKS_ZH = re.compile(
    r"什么|怎么|如何|多少|多久|多大|多远|几[点天时号]|哪[里儿些个家]|为什么|为何|吗|[能可]不[能可]|是不是|有没有|有无|是否|(?:^|\W)何时(?=\W*$)|(?P<same>[\u4e00-\u9fff])[不没](?P=same)|谁|[呢么]\W*$"
)
_SENTENCE = re.compile(r"(?:[^.!?。！？；;\n]|\.(?=\S))+[.!?。！？；;\n]*")
_TURN = re.compile(
    rf"(?:,|，| - | – |—|\bbut\b|\band\b(?= (?:also |{_AUXILIARY} (?:i|we|you|it|there)\b|{_OPEN_EN}))|(?={ADDING_ZH}|请问|但是?))",
    re.IGNORECASE,
)
_CUTS = 6  # places at which a sentence may turn to asking
_NOTHING = re.compile(
    rf"(?:(?:{_LEADS}|before that)\b\W*"
    rf"|(?:{ADDING_ZH}|请问|想问一?下?|问一?下|等等|等一下|稍等|哦|嗯|那|不好意思|抱歉|你好|您好|但是?|不过|我|个问题)\W*)*+",
    re.IGNORECASE,
)
"""What leads to a question and answers nothing."""
_LEFT_OVER = re.compile(r"\W*\b(?:but|and)\W*$", re.IGNORECASE)
_NUMBERED = re.compile(r"\d\W*$")
"""How an address ends, or a number: "Which Lane 2" asks nothing."""

_REQUEST_EN = re.compile(
    rf"{_OPENS}(?:(?:can|could|may|might|shall|should|would|will) (?:i|we|you)\b|(?:is|are|would|will|does)\b.*\b(?:ok(?:ay)?|possible|fine|available|free|alright|all right|good"
    r"|works?|suit)\b|(?:how|what) (?:about|if)\b)",
    re.IGNORECASE,
)
_FRAME_EN = re.compile(
    rf"\b(?:{FALTERING}|ah|wait|actually|and|but|ok(?:ay)?|then|sorry|hi|hello|can|could|may|might|shall|should|would|will|is|are|does|i|we|you|us|it|be|do|have|get|take"
    r"|book|reserve|sit|come|go|make|play|eat|choose|pick|use|put|give|start|possible|fine|available|free|alright|all|right|good|works?|suit|please|maybe|rather|the|an?|one|in|on"
    r"|at|to|for|with|instead|me|how|what|about|if|its|it['’]s|like|place|table|seats?|that|this|day)\b",
    re.IGNORECASE,
)
_REQUEST_ZH = re.compile(r"可以|行|能|好|成|可")
_FRAME_ZH = re.compile(
    r"可不可以|能不能|行不行|好不好|可以|可否|请问|麻烦|[能可行好成]|要|坐|来|选|订|约|安排|给|帮|我们|我|您|你|们|想|在|去|放|换|改|到|打|用|那|就|吗|么|呢|吧|的|不|天|个|张|位|人"
)
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Parted:
    """rest: the message without what it asks; asked: that, "" where it asks nothing."""

    rest: str
    asked: str


def parted(text: str) -> Parted:
    """The question of a message, and what is said beside it. Which may be an answer, too: see `requests`."""
    rest: list[str] = []
    asked: list[str] = []
    for sentence in _SENTENCE.findall(text):
        said, question = _of_sentence(sentence)
        rest += [said] if said.strip() else []
        asked += [question] if question.strip() else []
    left = "".join(rest).strip(" ,，-–—")
    if asked and _NOTHING.fullmatch(left):
        return Parted(rest="", asked=text.strip())
    return Parted(rest=left, asked=" ".join(part.strip(" ,，") for part in asked))


def _of_sentence(sentence: str) -> tuple[str, str]:
    """What a sentence tells and what it asks, cut where it turns to asking."""
    for cut in islice((match.start() for match in _TURN.finditer(sentence) if match.start()), _CUTS):
        if _is_question(sentence[cut:]) and not _is_question(sentence[:cut]):
            return _LEFT_OVER.sub("", sentence[:cut]), sentence[cut:]
    if _is_question(sentence):
        return "", sentence
    if within := _WITHIN.search(sentence):
        return sentence[: within.start()], within[0]
    return sentence, ""


def _is_question(part: str) -> bool:
    if _ASKS_ZH.search(part):
        return True
    if "?" in part or "？" in part:
        return bool(_ASKS_MARKED.match(part)) or not part.isascii()
    return bool(_ASKS_EN.match(part)) and not _NUMBERED.search(part)


def requests(text: str, values: Iterable[Span]) -> bool:
    """Whether a question politely says these values and nothing more: "can we have the terrace?", 可以坐露台吗."""
    left = text
    for start, end in sorted(values, reverse=True):
        left = f"{left[:start]} {left[end:]}"
    if _REQUEST_EN.match(text):
        left = _FRAME_EN.sub(" ", left)
    elif _REQUEST_ZH.search(left):
        left = _FRAME_ZH.sub(" ", left)
    return not _LETTER.search(left)
