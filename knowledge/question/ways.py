"""From where to where: a place that a question says with "to" is not where something comes from."""

import re

_WHENCE = re.compile(r"\b(?:from|origin|departures?|start)\b|起点|出发|始发|起始", re.IGNORECASE)
_WHITHER = re.compile(r"\b(?:to|destination|arrivals?|end)\b|终点|目的|到达|终到", re.IGNORECASE)
_TO = r"(?:\b(?:to|towards?|into)\s+(?:the\s+)?|[到去至往飞])"
_FROM = r"(?:\b(?:from|leaving)\s+(?:the\s+)?|[从自由])"
_NAME = r"([\u4e00-\u9fff]{1,2}|[^\W\u4e00-\u9fff][\w-]*)"
_PLACE = re.compile(rf"(?:{_TO}|{_FROM}){_NAME}", re.IGNORECASE)


def is_that_way(question: str, column: str, value: str) -> bool:
    """Whether a question does not say "to" of what a column tells the origin of, nor "from" of a destination."""
    said = re.escape(value)
    if _WHENCE.search(column):
        return not re.search(rf"{_TO}{said}", question, re.IGNORECASE)
    if _WHITHER.search(column):
        return not re.search(rf"{_FROM}{said}|{said}\s*(?:to\b|[到去至飞])", question, re.IGNORECASE)
    return True


def places_said(question: str) -> list[str]:
    """How what is said after "from" and "to" begins: a word, or two Chinese characters."""
    return [place[1] for place in _PLACE.finditer(question)]
