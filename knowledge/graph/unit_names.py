"""Units that the names of relations tell: price_usd, 距地铁(米)."""

import re
from collections.abc import Mapping

from knowledge.text.han import HAN

_MONEY = re.compile(r"(?:门票|票价|价格|人均消费)$")
_SUFFIX = re.compile(r"_(usd|eur|gbp|g|kg|gb|tb|hours|months|years|days|minutes|inches|km|cm|mm|m)$", re.IGNORECASE)
_BRACKETS = re.compile(
    r"\s*[(（](?P<unit>[$¥€£]|usd|eur|gbp|cny|rmb|k?m|cm|mm|miles?|k?g|gb|tb|hours?|min(?:ute)?s?|days?|months?|years?|inch(?:es)?|sq ?m|m²|㎡|%"
    r"|[万]?元|美元|欧元|公里|千米|米|厘米|毫米|公斤|千克|克|小时|分钟|天|个月|年|平方米|间|人)[)）]$",
    re.IGNORECASE,
)
_UNITS: Mapping[str, Mapping[str, str]] = {
    "usd": {"en": "${}", "zh": "{}美元"},
    "eur": {"en": "€{}", "zh": "{}欧元"},
    "gbp": {"en": "£{}", "zh": "{}英镑"},
    "cny": {"en": "¥{}", "zh": "{}元"},
    "g": {"en": "{} g", "zh": "{}克"},
    "kg": {"en": "{} kg", "zh": "{}公斤"},
    "gb": {"en": "{} GB", "zh": "{} GB"},
    "tb": {"en": "{} TB", "zh": "{} TB"},
    "hours": {"en": "{} hours", "zh": "{}小时"},
    "months": {"en": "{} months", "zh": "{}个月"},
    "years": {"en": "{} years", "zh": "{}年"},
    "days": {"en": "{} days", "zh": "{}天"},
    "minutes": {"en": "{} minutes", "zh": "{}分钟"},
    "inches": {"en": "{} inches", "zh": "{}英寸"},
    "cm": {"en": "{} cm", "zh": "{}厘米"},
    "mm": {"en": "{} mm", "zh": "{}毫米"},
    "m": {"en": "{} m", "zh": "{}米"},
    "km": {"en": "{} km", "zh": "{}公里"},
}
_SAME: Mapping[str, str] = {
    "米": "m",
    "公里": "km",
    "千米": "km",
    "厘米": "cm",
    "毫米": "mm",
    "克": "g",
    "公斤": "kg",
    "千克": "kg",
    "美元": "usd",
    "$": "usd",
    "欧元": "eur",
    "€": "eur",
    "£": "gbp",
    "元": "cny",
    "rmb": "cny",
    "小时": "hours",
    "分钟": "minutes",
    "天": "days",
    "年": "years",
    "个月": "months",
    "hour": "hours",
    "minute": "minutes",
    "min": "minutes",
    "mins": "minutes",
    "day": "days",
    "month": "months",
    "year": "years",
    "inch": "inches",
}
"""Other writings of these units."""


def unit_of(relation: str, language: str) -> str:
    """The pattern for a number, where the name of the relation tells its unit."""
    if _MONEY.search(relation):
        return "{}元" if language == "zh" else "¥{}"
    suffix = _SUFFIX.search(relation) or _BRACKETS.search(relation)
    if not suffix:
        return ""
    return pattern_of(suffix[1], language)


def pattern_of(unit: str, language: str) -> str:
    """The pattern for a number with a unit behind it, known units as a language writes them."""
    known = _UNITS.get(_SAME.get(unit.lower(), unit.lower()))
    if known or not unit:
        return known[language] if known else "{}"
    return f"{{}}{unit}" if HAN.match(unit) or not unit[0].isalnum() else f"{{}} {unit}"


def bare_label(relation: str) -> str:
    """A relation without its unit: price_usd → price, 距地铁(米) → 距地铁."""
    return _BRACKETS.sub("", _SUFFIX.sub("", relation)).replace("_", " ")
