"""The words of a message that say what it is about."""

import re
from collections.abc import Sequence

from agent.understand.language import without_addresses

_REFERENCE = re.compile(r"(?<![A-Za-z\d])[A-Za-z]{0,4}[- ]?\d{4,}[\d-]*(?![A-Za-z\d])")
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]+|\d+(?:[.,]\d+)*[%$]?")
_DULL_ZH = re.compile(
    r"怎么(?:办|样)?|什么(?:时候)?|多少钱?|多久|多长时间|几(?:个|天|次|点)?|哪(?:些|里|儿|[一]?[个款台部种])?|吗|呢|吧|啊|如何|可不可以|可以|能不能|是不是|有没有"
    r"|请问|我们?|你们?|您|想|一下|大概|(?<=[\u4e00-\u9fff])[了的是有能会要](?=$|[，。？?！!])|[，,。？?！!、；;\s（）()]"
)
DULL = frozenset(
    "a about after again all also am an and any are as ask at be because been before being but by can could did do does"
    " doing for from get give go got had has have having hello hi how i if in into is it its just know like long may me"
    " might more most much my need no not of off on once one only or other our out over own please put see should so"
    " some such tell than thank thanks that the their them then there these they this those through to too up us use"
    " very want was we were what whats when where which while who why will with would yes you your i'm i've it's that's"
    " don't doesn't what's there's typically typical".split()
)
"""Words that say nothing of what is asked about."""
UNSAID = DULL | frozenset(
    "angry annoyed awful bad cant cheaper cheapest compare compared comparison damn didnt disappointed disappointing"
    " doesnt dont frustrated frustrating furious hm hmm horrible im isnt ive ok okay really ridiculous sad sorry terrible"
    " thats um unacceptable unhappy upset versus vs wait well whats wheres wont".split()
)
"""Words that no follow-up carries: dull ones, what somebody feels, and how something was compared."""


def content_words(text: str, question: str, names: Sequence[str]) -> list[str]:
    """Words of the last question that say what it was about and are not there yet, at most eight."""
    there = {word.lower() for word in _WORD.findall(" ".join((question, *names)))}
    words = (
        word for word in _WORD.findall(impersonal(text)) if word.lower() not in UNSAID and word.lower() not in there
    )
    return list(dict.fromkeys(words))[:8]


def content_pieces(text: str) -> list[str]:
    """The same of a Chinese text: what is left between its dull words."""
    return [piece for piece in _DULL_ZH.split(text) if piece]


def impersonal(text: str) -> str:
    """A message without addresses and the numbers of orders, which are no subject that a conversation goes on with."""
    return _REFERENCE.sub(" ", without_addresses(text))
