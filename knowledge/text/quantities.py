"""The quantities that a text states, each with what it counts: "$95", "30 days", 两年; and the text without them."""

import re
import unicodedata
from dataclasses import dataclass

from knowledge.text.number_words import CHINESE_CHARACTERS, ENGLISH, chinese_number
from knowledge.text.words import words

_HAN_UNIT = r"个?(?:工作日|自然日|星期|小时|分钟|秒|天|日|周|月|年)|元|美元|美金|块|万元|次|折|倍|件|台|张|人|岁|积分|分|笔|%|％"
_UNIT = (
    r"%|percent(?:age points?)?|(?:(?:business|working|calendar|full|consecutive|more)[ -])?"
    r"(?:days?|weeks?|months?|years?|hours?|minutes?|seconds?|times?|cents?|dollars?|euros?|pounds?|items?|points?|miles?"
    r"|transactions?|transfers?|withdrawals?|attempts?|characters?|users?|employees?|checks?|am|pm|a\.m\.|p\.m\.|x|km|kg|cm|g|gb|mb)\b"
)
_QUANTITY = re.compile(
    rf"""(?P<date>(?<!\d)\d{{4}}(?:-\d{{1,2}}-\d{{1,2}}|年\d{{1,2}}月(?:\d{{1,2}}日)?))
    |(?<![A-Za-z0-9_.])(?P<money>[$€£¥]\s?)(?P<amount>\d[\d,]*(?:\.\d+)?)(?P<scale>\s?(?:k|m|million|billion)\b)?
    |(?<![A-Za-z0-9_.\#第])(?P<number>\d[\d,]*(?:[.:]\d+)*)(?:\s*-?\s*(?P<unit>{_UNIT}|{_HAN_UNIT}))?(?![A-Za-z0-9_])
    |\b(?P<word>{"|".join(sorted((*ENGLISH, "a", "an"), key=len, reverse=True))})[ -](?P<unit_word>{_UNIT})
    |(?P<percent>百分之(?P<share>[{CHINESE_CHARACTERS}]+))
    |(?P<han>[{CHINESE_CHARACTERS}]+)(?P<unit_han>{_HAN_UNIT})
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SCALES = {"k": 1e3, "m": 1e6, "million": 1e6, "billion": 1e9}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """value: in one form, so that 1,000 is 1000 and 两 is 2; unit: stemmed, "" where none stands beside it."""

    value: str
    unit: str


def take_out(text: str) -> tuple[tuple[Quantity, ...], str]:
    """The quantities in order, and what is left of the text."""
    plain = unicodedata.normalize("NFKC", text)
    found = [_quantity(match) for match in _QUANTITY.finditer(plain)]
    return tuple(found), _QUANTITY.sub(" ", plain)


def _quantity(match: re.Match[str]) -> Quantity:
    if date := match["date"]:
        return Quantity(value="-".join(part.zfill(2) for part in re.findall(r"\d+", date)), unit="date")
    if match["money"]:
        scale = _SCALES.get((match["scale"] or "").strip().lower(), 1)
        return Quantity(value=_number(match["amount"], scale), unit=match["money"].strip())
    if number := match["number"]:
        return Quantity(value=_number(number), unit=_unit(match["unit"] or ""))
    if word := match["word"]:
        return Quantity(value=str(ENGLISH.get(word.lower(), 1)), unit=_unit(match["unit_word"]))
    if share := match["share"]:
        return Quantity(value=str(chinese_number(share)), unit="%")
    return Quantity(value=str(chinese_number(match["han"])), unit=_unit(match["unit_han"]))


def _number(text: str, scale: float = 1) -> str:
    plain = text.replace(",", "")
    if plain.count(".") + plain.count(":") > 1 or ":" in plain:
        return plain
    return f"{float(plain) * scale:.15g}" if len(plain) < 15 else plain


def _unit(text: str) -> str:
    if not text.isascii():
        return text.strip().removeprefix("个")
    return "%" if text.lower().startswith("percent") else " ".join(words(text)) or text.strip()
