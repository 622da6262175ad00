"""Which column of a table names what its rows are about, where no header says "name"."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from knowledge.text.han import HAN

NAMES = ("title", "name", "名称", "标题", "品名")
"""Headers that say it themselves."""

_LOOK = 200  # records that are looked at
_LONGEST = 60  # characters of a name
_FILLED, _DISTINCT = 0.9, 0.95
_LEAST = 2
_NO_NAME = re.compile(
    r"[\d\W]*\d[\d\W]*(?:[a-z%€$£¥]{1,3}|[元天年月日号块])?"  # 12, $4.50, 2026-01-05, 10 km
    r"|\S+@\S+|https?://\S+|(?:yes|no|true|false|是|否|有|无)",
    re.IGNORECASE,
)
_KEYS = re.compile(
    r"(?:id|key|code|sku|no|nr|number|编号|编码|代码|序号|货号)\.?|.*[ _](?:id|code|no|nr|number)\.?", re.IGNORECASE
)


def naming_field(records: Iterable[Mapping[str, str]]) -> str | None:
    """The first field whose values are short words, hardly ever missing, and never twice the same; None where there is none."""
    seen = list(islice(records, _LOOK))
    fields = dict.fromkeys(field for record in seen for field in record)
    if len(seen) < _LEAST or any(field.strip().lower() in NAMES for field in fields):
        return None
    return next((field for field in fields if _names([record.get(field, "").strip() for record in seen], field)), None)


def named(field: str, value: str) -> str:
    """A row's title: what it is and its name, "Station: Harbour"; the name alone where it says what it is (海港网点)."""
    kind = field.strip()
    if kind.lower() in value.lower():
        return value
    return f"{kind}：{value}" if HAN.search(kind) else f"{kind}: {value}"


def _names(values: Sequence[str], field: str) -> bool:
    filled = [value for value in values if value]
    return (
        not _KEYS.fullmatch(field.strip())
        and len(filled) >= max(_LEAST, _FILLED * len(values))
        and len({value.casefold() for value in filled}) >= _DISTINCT * len(filled)
        and all(len(value) <= _LONGEST for value in filled)
        and not any(_NO_NAME.fullmatch(value) for value in filled)
    )
