"""Relations that tell how far something is from what stands near it ("distance to metro (m)", 距地铁站(米)), and those that name it."""

import re
from collections.abc import Iterable, Sequence

from knowledge.graph.unit_names import bare_label

_DISTANCE = re.compile(r"distance|距(?!今)|(?:^|到)离", re.IGNORECASE)
_NEXT_TO = re.compile(r"\b(?:nearest|closest)|metro|subway|\bstation|最近|地铁", re.IGNORECASE)
_PLACE = re.compile(
    r"city|town|country|region|area|district|neighbou?rhood|borough|station|metro|subway"
    r"|城市|地区|区域|行政区|^区$|商圈|街道|地铁|车站",
    re.IGNORECASE,
)
_AROUND = re.compile(r"distance|nearest|closest|最近|距离|距|到|离|的|\b(?:from|to|the|of)\b", re.IGNORECASE)


def tells_distance(names: Iterable[str]) -> bool:
    """Whether a relation of these names and labels is a distance."""
    return any(map(_DISTANCE.search, names))


def names_neighbour(names: Sequence[str]) -> bool:
    """Whether it names what stands near."""
    return not tells_distance(names) and any(map(_NEXT_TO.search, names))


def names_place(names: Iterable[str]) -> bool:
    """Whether a relation of these names and labels says where something is, as a place that others share."""
    return not tells_distance(names) and any(map(_PLACE.search, names))


def distance_from(name: str) -> str:
    """What a distance is measured from: 地铁站 of 距地铁站(米)."""
    return " ".join(_AROUND.sub(" ", bare_label(name)).split())
