"""Which places a text names, each with how large it is: what is said of one country says nothing of another.

Countries are those that have a telephone code. Chinese provinces and cities are those that a dictionary marks; English
towns no list here knows.
"""

import re
from enum import StrEnum
from functools import cache, lru_cache

from knowledge.text.han import HAN

_RUN = re.compile(rf"{HAN.pattern}{{2,}}")
_LONGEST = 5  # characters of a Chinese place
_MOST = 400  # characters: what is longer is no question, and no sentence that answers one
_PROVINCES = frozenset(
    "河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 内蒙古 广西 西藏"
    " 宁夏 新疆".split()
)
_CITIES_TOO = frozenset("北京 上海 天津 重庆".split())
_COUNTRIES_TOO = frozenset("香港 澳门 台湾".split())
_SPOKEN = "england|scotland|wales|great britain|the uk|the us|usa|holland|russia|(?:south )?korea|vietnam|hong kong|taiwan|macau|czech republic"
_ENGLISH = "aa"  # the name that all languages take which have none of their own
_NOT_MEANT = frozenset({"Georgia", "Jersey", "Turkey", "Chad", "Jordan", "Guinea", "Niger"})
"""Countries that are called as a state, a garment, a bird or a person is."""
_OF_MANY = re.compile(
    r"\b(?:eu|e\.u\.|europe\w*|schengen|asia\w*|africa\w*|world\w*|international\w*|abroad|overseas"
    r"|(?:all|any|every) (?:other )?(?:countr(?:y|ies)|cit(?:y|ies)|places?|regions?)|other (?:countries|cities|places|regions)|everywhere|anywhere|elsewhere"
    r"|outside|the rest|nationwide|domestic\w*|such as|for example|including|etc)\b"
    r"|欧盟|欧洲|申根|亚洲|东南亚|海外|国外|境外|国际|全球|全国|各[地国省市]|其[他它余]|以外|之外|国内|大陆|内地|等(?![待于级候])|[例比]如|偏远|周边"
    r"|港澳|江浙|京津|[长珠]三角|东北|华[东北南中]|西[北南]|北上广",
    re.IGNORECASE,
)


class PlaceKind(StrEnum):
    """How large a place is."""

    COUNTRY = "country"
    PROVINCE = "province"
    OTHER = "other"


def tells_of_many(text: str) -> bool:
    """Whether a text tells of more places than it names: "all other countries", "such as Peru", 海外, 各地, 新疆等."""
    return bool(_OF_MANY.search(text))


@lru_cache(maxsize=4096)
def places_in(text: str) -> dict[str, frozenset[PlaceKind]]:
    """The places that a text names and what each is: a city that is a province is both."""
    if len(text) > _MOST:
        return {}
    if HAN.search(text):
        return {place: kinds for run in _RUN.findall(text) for place, kinds in _chinese(run).items()}
    return {found.group().lower(): frozenset({PlaceKind.COUNTRY}) for found in _english().finditer(text)}


def _chinese(run: str) -> dict[str, frozenset[PlaceKind]]:
    """Every piece that is a place to the dictionary: how a sentence is cut into words is not sure enough (办法国签证)."""
    found: dict[str, frozenset[PlaceKind]] = {}
    at = 0
    while at < len(run) - 1:
        pieces = (run[at : at + size] for size in range(min(_LONGEST, len(run) - at), 1, -1))
        piece, kinds = next(((piece, kinds) for piece in pieces if (kinds := _kinds(piece))), ("", frozenset()))
        if piece:
            found[piece] = kinds
        at += len(piece) or 1
    return found


@lru_cache(maxsize=8192)
def _kinds(piece: str) -> frozenset[PlaceKind]:
    """What a piece of Chinese is as a place; nothing where it is none."""
    import rjieba  # imported here: its dictionary takes a moment

    bare = piece.removesuffix("省") if len(piece) > 2 else piece
    if bare in _COUNTRIES_TOO:
        return frozenset({PlaceKind.COUNTRY, PlaceKind.PROVINCE})
    if bare in _PROVINCES:
        return frozenset({PlaceKind.PROVINCE})
    if piece in _CITIES_TOO:
        return frozenset({PlaceKind.PROVINCE, PlaceKind.OTHER})
    if not rjieba.has_word(piece) or rjieba.tag(piece) != [(piece, "ns")]:  # of words that it lacks it only guesses
        return frozenset()
    is_country = piece in _called("zh") or (piece.endswith("国") and len(piece) > 1)
    return frozenset({PlaceKind.COUNTRY if is_country else PlaceKind.OTHER})


@cache
def _called(language: str) -> frozenset[str]:
    """What countries are called in a language."""
    from phonenumbers.geodata.locale import LOCALE_DATA  # imported here: it holds the names in all languages

    return frozenset(name for told in LOCALE_DATA.values() if not (name := told.get(language, "*")).startswith("*"))


@cache
def _english() -> re.Pattern[str]:
    """The names of countries, the longest first; those by which something else may be meant only with their capital."""
    names = sorted(_called(_ENGLISH), key=lambda name: (-len(name), name))
    clear = "|".join(re.escape(name) for name in names if name not in _NOT_MEANT)
    return re.compile(rf"\b(?:(?i:{_SPOKEN}|{clear})|{'|'.join(sorted(_NOT_MEANT))})\b")
