"""Titles that begin with a thing and go on with what is told of it: "Fen Plan: prices"."""

import re

_BETWEEN = re.compile(r"\s*(?:[:：|]|\s[-–—]\s|——)\s*")


def head_and_rest(title: str) -> tuple[str, str]:
    """What a title begins with, and what it goes on with; "" for the latter where it is all one."""
    head, *rest = _BETWEEN.split(title, maxsplit=1)
    return head, rest[0] if rest else ""
