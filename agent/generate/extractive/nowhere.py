"""Where there is none: asked for a shop in a town that no article speaks of, who reads where the shops are knows the answer."""

import re
from collections.abc import Sequence

import numpy as np

from agent.generate.extractive.candidates import Candidate, SpanSource
from agent.generate.extractive.facets import facets_of
from agent.generate.extractive.selection import SUPPORT_FEATURES, Selection
from agent.types import Understanding
from knowledge.embedders import glosses
from knowledge.question.parts import QuestionPart
from knowledge.text.dictionary import is_common
from knowledge.text.han import HAN
from knowledge.text.words import words
from knowledge.types import Passage, PassageEvidence

SURE_OF_NONE = 0.85
"""Probability that there is none where no article says the name of the place, and several shops stand with their addresses."""

_PLACE = (
    r"(?P<place>(?!the\b|my\b|your\b|this\b|that\b|a\b|an\b|stock\b|store\b)[^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*)?)"
)
_ANY_KIND = r"stores?|shops?|branch(?:es)?|outlets?|showrooms?|offices?|locations?|dealers?"
_KINDS = rf"(?P<kind>{_ANY_KIND}|clubs?|gyms?|hotels?|clinics?|salons?|studios?|restaurants?|practices?)"
_ASKS = re.compile(
    rf"(?:(?:so|and|but|hi|hello|hey|please)\b[\s,]*)?(?:do you (?:guys |also |even )?(?:have|run)|have you got|is there|are there|you got|got|any)"
    rf"\s+(?:(?:an?|any|another|some|one of your|also an?)\s+)?(?:\w+ )?{_KINDS}\s+(?:of yours )?(?:in|near|around|at)\s+{_PLACE}\W*",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    rf"(?:(?:(?:and|or|what about|how about|also)\b[\s,]*){{1,2}}(?:is there one\s+)?|(?=in\s))(?P<at>(?:in|near|at)\s+)?{_PLACE}\W*",
    re.IGNORECASE,
)
_PLACE_ZH = r"(?P<place>[\u4e00-\u9fff]{2,4}?)"
_ANY_KIND_ZH = "门店|分店|实体店|线下店|店铺|店面|专卖店|体验店|店|网点"
_KINDS_ZH = rf"(?P<kind>{_ANY_KIND_ZH}|营业厅|酒店|场馆|诊所|校区|展厅)"
_ASKS_ZH = re.compile(
    rf"(?:请问|那么?|你好)?[，,]?(?:你们|您们|贵[店司])?(?:家|店)?在?{_PLACE_ZH}(?:市|那边|这边|地区)?(?:也|还)?(?:有没有|有无|开了?|有)(?:你们的?|开)?{_KINDS_ZH}(?:吗|么|嘛|没有?|呢)?\W*"
)
_GOES_ON_ZH = re.compile(rf"(?:那么?)?在?{_PLACE_ZH}(?:市|那边)?(?:呢|也?有吗|有没有|有么)\W*")
_SPEAKS_OF = re.compile(rf"\b{_KINDS}\b|{_KINDS_ZH.replace('?P<kind>', '?:')}", re.IGNORECASE)
_WHATEVER = re.compile(f"{_ANY_KIND}|{_ANY_KIND_ZH}", re.IGNORECASE)
"""Words for a place of business that say nothing of what business it is."""
_ADDRESS = re.compile(
    r"\W*(?:(?:street )?address|location|street|town|city|地址|位置|所在地|城市)\s*[:：]", re.IGNORECASE
)
_PINYIN = re.compile(
    r"(?:(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?(?:[iu]?ang|i?ong|eng|ing|i?ao|uai|[iu]?an|ai|ei|ou|[eiu]n|ia|ie|iu|u[aeio]|[aeiou])){2,5}",
    re.IGNORECASE,
)
_IN_CHINA = re.compile(
    r"\b(?:hong ?kong|maca[uo]|taipei|kowloon|canton|peking|harbin|lhasa|tibet|urumqi|hohhot)\b", re.IGNORECASE
)
"""Places whose English name is no pinyin."""
_LONGEST = 100  # characters
_LEAST = 2  # places with their addresses
_SAID = {
    "en": "None of the addresses that I have names {place}. These are the ones I found:",
    "zh": "我查到的地址里没有提到{place}。查到的有：",
}
"""No more than that is known: Berlin is in Germany, and its address may not say so."""


def nowhere(
    part: QuestionPart, understanding: Understanding, evidence: Sequence[PassageEvidence], source: SpanSource
) -> tuple[str, Selection] | None:
    """What is said first, and the addresses of those that there are; None where nothing of the kind is asked, or some article
    speaks of the place.
    """
    (place, kind), language = _asked(understanding), understanding.language
    if not place or _is_spoken_of(place, source):
        return None
    rows = (one.passage for one in evidence if one.passage.row is not None and one.passage.language in {language, ""})
    spans = [found for passage in rows if _is_called(passage, kind) and (found := _address(passage))]
    is_best = bool(spans) and spans[0].passage.id == evidence[0].passage.id
    if len(spans) < _LEAST or not (kind or is_best):
        return None
    features = np.zeros(len(SUPPORT_FEATURES), dtype=np.float32)
    said = _SAID[language].format(place=place)
    return said, Selection(part=part, spans=tuple(spans), features=features, void=False)


def _is_spoken_of(place: str, source: SpanSource) -> bool:
    """Whether some article may say the name of a place: in the other language it may stand there, too."""
    terms = [term for term in words(place) if len(term) > 1]
    if not terms or source.known_share(terms) > 0:
        return True
    if not HAN.search(place):
        return "zh" in source.languages() and bool(_PINYIN.fullmatch(place.replace(" ", "")) or _IN_CHINA.search(place))
    if "en" not in source.languages():
        return False
    return not glosses.is_available() or source.known_share(words(glosses.shared().english(place))) > 0


def _asked(understanding: Understanding) -> tuple[str, str]:
    """The place in which one is asked for, "" for none, and what it is called, "" where a follow-up names the place alone."""
    text = understanding.text.strip()
    if len(text) > _LONGEST:
        return "", ""
    in_chinese = bool(HAN.search(text))
    if found := (_ASKS_ZH if in_chinese else _ASKS).fullmatch(text):
        return found["place"], found["kind"]
    found = (_GOES_ON_ZH if in_chinese else _GOES_ON).fullmatch(text)
    if not found or not _SPEAKS_OF.search(understanding.question):
        return "", ""
    # "What about returns?" names no place.
    place = found["place"]
    named = in_chinese or found["at"] or place[0].isupper() or not is_common(place.lower())
    return place if named else "", ""


def _is_called(passage: Passage, kind: str) -> bool:
    """Whether a record may be of what was asked for: a hotel is no shop."""
    said = f"{passage.source_id} {passage.title} {passage.text}".lower()
    return not kind or bool(_WHATEVER.fullmatch(kind)) or kind.lower().removesuffix("s") in said


def _address(passage: Passage) -> Candidate | None:
    """The field of a record that says where it is."""
    found = (Candidate(passage=passage, facets=one) for one in facets_of(passage) if _ADDRESS.match(one.span.text))
    return next(found, None)
