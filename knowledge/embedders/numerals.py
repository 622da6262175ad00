"""Numbers that Chinese writes in characters as English articles write them: 两百块 → 200块, 八折 → 20% off, 三点半 → 3:30."""

import re
from collections.abc import Callable, Mapping

from knowledge.text.number_words import chinese_number

_ONE_TO_NINE = "一二两三四五六七八九"
_FIVES = "点一二三四五六七八九"
_MEASURED = "个?(?:工作日|自然日|月|小时|星期|礼拜)|天|日|年|分钟|秒|周|块|元|倍|次|岁|点|公斤|斤|公里|米"
_NOT_OFF = "叠|旧|扣|腾|返|合|现|抵|算"
_NOT_TENTHS = "为|功|本|员|交|立|都|年|品|长|绩|分|人|就|套"
_BESIDE = "(?<![第几数多好])"

Change = Callable[[re.Match[str]], str]


def _off(match: re.Match[str]) -> str:
    digits = match[1].replace("点", "")
    tenths = digits if digits.replace(".", "").isdigit() else str(chinese_number(digits))
    left = float(tenths) * (1 if "." not in tenths and len(tenths) == 2 else 10)
    return f" {100 - left:g}% off " if left < 100 else match[0]


def _ten_thousands(match: re.Match[str]) -> str:
    return f"{float(match[1].replace(',', '')) * 10_000:.15g}"


_CHANGES: Mapping[re.Pattern[str], Change] = {
    re.compile(rf"打?(?<!\d)([1-9](?:\.\d|\d)?|[{_ONE_TO_NINE}][{_FIVES}]{{0,2}})折(?!{_NOT_OFF})"): _off,
    re.compile(r"打?对折"): lambda _: " 50% off ",
    re.compile(r"百分之([零一二两三四五六七八九十百]+)"): lambda match: f"{chinese_number(match[1])}%",
    re.compile(r"百分之(\d+(?:\.\d+)?)"): lambda match: f"{match[1]}%",
    re.compile(rf"{_BESIDE}([{_ONE_TO_NINE}])成(?!{_NOT_TENTHS})"): lambda match: f"{chinese_number(match[1])}0%",
    re.compile(
        rf"{_BESIDE}((?:[{_ONE_TO_NINE}][十百千万]|十[{_ONE_TO_NINE}])[零{_ONE_TO_NINE}十百千万]*)(?:(多)|([几来余]))?"
    ): (lambda match: f"{' over ' if match[2] else ' about ' if match[3] else ''}{chinese_number(match[1])}"),
    re.compile(r"(?<![二三四五六七八九])十几"): lambda _: " over 10 ",
    re.compile(rf"{_BESIDE}([二两三四五六七八九十])(?={_MEASURED})"): lambda match: str(chinese_number(match[1])),
    re.compile(r"(\d[\d,]*(?:\.\d+)?) ?万"): _ten_thousands,
    re.compile(r"(?<!\d)([12]?\d)点半"): lambda match: f"{match[1]}:30",
    re.compile(r"(?<!\d)([12]?\d)点(?![\d几])钟?"): lambda match: f"{match[1]} o'clock ",
}


def in_digits(text: str) -> str:
    """The text, in simplified characters, with its numbers in digits; a lone 一 stays, as most of them count nothing."""
    for pattern, change in _CHANGES.items():
        text = pattern.sub(change, text)
    return text
