"""What a price is for, where a table tells that in a column beside it: 18 EUR, "per square metre"; 25元, 平方米."""

import re
from collections.abc import Mapping

from knowledge.text.han import HAN

_PRICE = re.compile(r"(?:.*\b)?(?:price|cost|fee|rate|charge)s?|.*(?:价格|单价|售价|费用|收费|价钱)", re.IGNORECASE)
_UNIT = re.compile(r"(?:price |billing )?(?:unit|per)|(?:计价|计费|收费)?单位", re.IGNORECASE)
_NOTE = re.compile(r"notes?|remarks?|comments?|billing|basis|备注|说明|计价方式|计费方式|收费方式", re.IGNORECASE)
_PER = re.compile(r"(?:(?:per|each|every|an?) |/).*|[每按/].*", re.IGNORECASE)
_LONGEST = 40


def with_units(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields of a record, where what its only price is for stands behind it, no longer in a field of its own."""
    prices = [key for key, value in fields.items() if _PRICE.fullmatch(key) and any(map(str.isdigit, value))]
    units = [key for key, value in fields.items() if _tells_unit(key, value)]
    if len(prices) != 1 or len(units) != 1 or _PER.search(fields[prices[0]], 1):
        return dict(fields)
    (price,), (unit,) = prices, units
    said = {key: value for key, value in fields.items() if key != unit}
    return said | {price: _joined(fields[price], fields[unit])}


def _tells_unit(key: str, value: str) -> bool:
    if not value or len(value) > _LONGEST:
        return False
    return _UNIT.fullmatch(key) is not None or (_NOTE.fullmatch(key) is not None and _PER.fullmatch(value) is not None)


def _joined(price: str, unit: str) -> str:
    if not _PER.fullmatch(unit):
        return f"{price}/{unit}" if HAN.match(unit) else f"{price} / {unit}"
    return f"{price}（{unit}）" if HAN.search(unit) else f"{price} {unit}"
