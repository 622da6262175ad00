"""Units that are written into every cell of a column ("1290 EUR", 288元), so that what stands there counts as numbers."""

import re
from collections.abc import Mapping, Sequence

from knowledge.graph.unit_names import pattern_of
from knowledge.graph.values import number_of

_CELL = re.compile(r"(?P<sign>[$¥￥€£]?)(?P<number>-?\d[\d,]*(?:\.\d+)?)\s*(?P<unit>[^\W\d][^\d]{0,24}|[%°\"]|)")
_THOUSANDTHS = re.compile(r"\.\d{3}$")
"""2.450 may be two thousand or not three: such numbers are left as they are written."""
_LEAST = 2


def common_unit(cells: Sequence[str]) -> dict[str, str]:
    """Language → how a number of these cells is said, "{}" for it; nothing where they have no unit, or not all the same."""
    found = [_CELL.fullmatch(cell.strip()) for cell in cells]
    written = {(match["sign"], match["unit"].strip()) for match in found if match}
    numbers = [match["number"] for match in found if match]
    if len(found) < _LEAST or not all(found) or len(written) != 1 or any(map(_THOUSANDTHS.search, numbers)):
        return {}
    ((sign, unit),) = written
    if any(number_of(number) is None for number in numbers) or not (sign or unit):
        return {}
    return {language: sign + pattern_of(unit, language) for language in ("en", "zh")}


def without_unit(cell: str, unit: Mapping[str, str]) -> str:
    """A cell without the unit in which its column is said, where it is written with it."""
    match = _CELL.fullmatch(cell.strip())
    if not match or not (match["sign"] or match["unit"]):
        return cell
    said = {_bare(pattern) for pattern in unit.values()}
    written = {_bare(match["sign"] + pattern_of(match["unit"].strip(), language)) for language in unit}
    return match["number"] if said & written else cell


def _bare(pattern: str) -> str:
    return pattern.replace(" ", "").casefold()
