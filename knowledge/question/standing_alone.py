"""Gives a clause what it takes from the one before, so that it can be asked alone: its verb, its topic, the heading over both."""

import re
from collections.abc import Sequence

from knowledge.question.chinese_clauses import chinese_standing_alone
from knowledge.question.coordination import completed
from knowledge.question.question_words import ASKED, AUX, WH
from knowledge.text.clauses import says_little
from knowledge.text.han import HAN
from knowledge.text.openers import WHAT_ABOUT

BARE = re.compile(
    rf"(?:and\s+)?(?:{WH}|when)(?:\s+(?!about\b|is\b|are\b|do|does\b|can\b|must\b|for\b|if\b|it\b)[\w'’-]+){{0,2}}",
    re.IGNORECASE,
)
_INVERTED = re.compile(
    rf"(?P<lead>.*?)\b(?:{WH}|when)(?:\s+(?!(?:{AUX}))[\w'’-]+){{0,4}}?\s+(?P<rest>(?:{AUX}|my\b|the\b).*)",
    re.IGNORECASE,
)
_WITHOUT_VERB = re.compile(
    rf"{WH}\s+(?:do|does|did|can|must|will)\s+(?:i|we|you|he|she|they|(?:my|the)\s+[\w'’-]+)", re.IGNORECASE
)
_SAID_OF_ONE = re.compile(
    r"\b(?:do|does|did|can|must|will)\s+(?:i|we|you|he|she|they|(?:my|the)\s+[\w'’-]+)\s+(?P<rest>.+)", re.IGNORECASE
)
POINTS = re.compile(
    r"\b(?:it|its|they|them|their|those|(?:is|does|do|was|will|can|with|for|after)\s+that)\b", re.IGNORECASE
)
_HEAD = re.compile(r"(?P<head>[^:?]{2,60}?)(?::|\s[-–—])\s+(?P<rest>.+)")
_WHICH = re.compile(r"which\s+(?P<thing>.*)", re.IGNORECASE)
_TOPIC = re.compile(
    rf"(?:(?:.*?\s)??(?:{WH}"
    rf"|when)(?:['’]s)?\s+)?(?:(?:(?!{AUX})[\w'’-]+\s+){{0,3}}(?:{AUX})\s+)?(?:{AUX}\s+)?(?P<thing>.*)",
    re.IGNORECASE,
)
_ABOUT = re.compile(rf"(?:and |but )?{WHAT_ABOUT}", re.IGNORECASE)
_THERE = re.compile(r"(?:is|are) there\b", re.IGNORECASE)
_PRICE_OF_ALL = re.compile(
    r"\b(?:how much|what)\s+(?:is|does)\s+(?:it|that)\s+(?:cost\s+)?(?:(?:per|an?|each|every)\s+(?:day|week|month|year)|monthly|yearly)",
    re.IGNORECASE,
)
"""What is asked of a thing as a whole, not of what was asked of it before."""
_MAX_TOPIC = 8
_MAX_POINTED_AT = 16  # words: what "it" costs is lost with what it is


def standing_alone(asking: Sequence[str]) -> list[str]:
    """The clauses, each with what it leaves out; "what about the limits" only opens the clause after it."""
    found: list[str] = []
    for clause in asking:
        if not found or HAN.search(clause):
            chinese_standing_alone(found, clause)
        elif _ABOUT.match(found[-1]) or (says_little(clause) and not ASKED.match(clause) and not _THERE.match(clause)):
            found[-1] = f"{found[-1]}, {clause}"
        else:
            found.append(_asked_alone(clause, found[-1]))
    return found


def _asked_alone(clause: str, before: str) -> str:
    """A clause with what it takes from the one before: its verb, its topic, or the heading over both."""
    if BARE.fullmatch(clause) and (inverted := _INVERTED.fullmatch(before)):
        return f"{inverted['lead']}{clause} {inverted['rest']}"
    if _WITHOUT_VERB.fullmatch(clause) and (said := _SAID_OF_ONE.search(before)):
        return f"{clause} {said['rest']}"
    if (full := completed(clause, before)) != clause:
        return full
    headed = _HEAD.fullmatch(before)
    head, asked = (f"{headed['head']}: ", headed["rest"]) if headed else ("", before)
    topic = _WHICH.fullmatch(asked) or _TOPIC.fullmatch(asked)
    most = _MAX_POINTED_AT if POINTS.search(clause) and not _PRICE_OF_ALL.search(clause) else _MAX_TOPIC
    if topic and _leans(clause) and 1 < len(topic["thing"].split()) <= most:
        return f"{head}{topic['thing']}: {clause}"
    return clause if _HEAD.fullmatch(clause) else f"{head}{clause}"


def _leans(clause: str) -> bool:
    return bool(POINTS.search(clause) or BARE.fullmatch(clause) or _ABOUT.match(clause))
