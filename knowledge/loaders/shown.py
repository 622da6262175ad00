"""Values of a spreadsheet as people see them there: 0.05 formatted as `0.0%` is 5.0%."""

import re
from datetime import datetime, time
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

_DROPPED = re.compile(r'\[(?!\$)[^\]]*\]|_.|\*.|"(?=")')
_LITERAL = re.compile(r'"([^"]*)"|\[\$([^\]-]*)(?:-[^\]]*)?\]|\\(.)')
_DIGITS = re.compile(r"[#0?][#0?,]*(?:\.([#0?]+))?")
_MOST_DIGITS = 15


def shown(value: object, pattern: str | None) -> str:
    """The text of a cell with its number format; dates are written 2026-01-31, whatever their format."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, pattern or "General")
    if isinstance(value, datetime) and value.time() != time():
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, datetime):
        return str(value.date())
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return "" if value is None else " ".join(str(value).split())


def _number(value: float, pattern: str) -> str:
    plain = _plain(value)
    sections = pattern.split(";")
    negative = value < 0 and len(sections) > 1 and sections[1].strip() != ""
    section = _DROPPED.sub("", sections[1] if negative else sections[0])
    if section.strip() in {"", "General", "@"} or "E+" in section.upper() or "/" in section:
        return plain
    literals: list[str] = []

    def keep(match: re.Match[str]) -> str:
        literals.append(match[1] or match[2] or match[3] or "")
        return f"\x00{len(literals) - 1}\x01"

    section = _LITERAL.sub(keep, section)
    digits = _DIGITS.search(re.sub(r"\x00\d+\x01", lambda found: "\x02" * len(found[0]), section))
    if not digits:
        return plain
    number = _digits(abs(value) if negative else value, digits, percent="%" in section)
    text = section[: digits.start()] + number + section[digits.end() :]
    if text.startswith("-"):
        text = "-" + text[1:]
    whole = re.sub(r"\x00(\d+)\x01", lambda found: literals[int(found[1])], text).strip()
    return f"-{whole.replace('-', '', 1)}" if value < 0 and not negative and "-" in whole else whole


def _digits(value: float, pattern: re.Match[str], *, percent: bool) -> str:
    places = pattern[1] or ""
    least = places.count("0")
    thousands = "," in pattern[0].split(".")[0].rstrip(",")
    try:
        exact = Decimal(str(value)) * (100 if percent else 1)
        rounded = exact.quantize(Decimal(1).scaleb(-len(places)), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        return _plain(value)
    text = f"{rounded:{',' if thousands else ''}f}"
    if len(places) > least and "." in text:
        head, _, tail = text.partition(".")
        tail = tail[:least] + tail[least:].rstrip("0")
        text = f"{head}.{tail}" if tail else head
    return text


def _plain(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    if value.is_integer() and abs(value) < 10**_MOST_DIGITS:
        return str(int(value))
    return f"{value:.{_MOST_DIGITS - 5}g}"
