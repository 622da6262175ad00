"""English compounds in the one form that articles are written in: models of language cut "trade-ins" into "trade" and "ins"."""

import re

_SEVERAL = re.compile(
    r"\b([A-Za-z]{2,}-(?:in|up|out|off|on|over|down|back|away|through|by))s\b",
    re.IGNORECASE,
)


def of_one(text: str) -> str:
    """The text with compounds of several things as of one: trade-ins, top-ups, add-ons."""
    return _SEVERAL.sub(r"\1", text)
