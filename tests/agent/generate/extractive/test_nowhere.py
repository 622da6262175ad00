"""Asked for a shop in a town that no article speaks of: that there is none, and where the others are."""

from collections.abc import Collection
from dataclasses import replace

import pytest

from agent.generate.extractive.nowhere import nowhere
from agent.types import Language, Understanding
from knowledge.embedders import glosses
from knowledge.question.parts import QuestionPart
from knowledge.text.words import words
from knowledge.types import PassageEvidence
from tests.support.evidence import passage

SHOPS = (
    "Shop: Bath\n- Address: 4 Milsom Street, Bath\n- Phone: 01225 555 010",
    "Shop: York\n- Address: 9 Stonegate, York",
)
SHOPS_ZH = ("门店：观前店\n- 地址：苏州市观前街88号", "门店：三阳店\n- 地址：无锡市中山路33号")


class Source:
    """What of a library is needed: the words that it holds, and its languages."""

    def __init__(self, *languages: str, text: str) -> None:
        self._languages, self._held = frozenset(languages), {*words(text)}

    def languages(self) -> frozenset[str]:
        return self._languages

    def known_share(self, terms: Collection[str]) -> float:
        return sum(term in self._held for term in terms) / len(terms) if terms else 1.0


def found(
    text: str, question: str = "", *, records: tuple[str, ...] = SHOPS, languages: tuple[str, ...] = ("en",)
) -> str:
    language: Language = "zh" if records == SHOPS_ZH else "en"
    rows = [replace(passage(one, n), row=n, language=language) for n, one in enumerate(records, start=1)]
    evidence = [PassageEvidence(passage=one, score=1) for one in rows]
    understanding = Understanding(text=text, question=question or text, language=language)
    source = Source(*languages, text=" ".join(records))
    said = nowhere(QuestionPart(text=text, names=()), understanding, evidence, source)
    return "\n".join((said[0], *(one.span.text for one in said[1].spans))) if said else ""


@pytest.mark.parametrize(
    "question", ["do you have a shop in Leeds?", "is there a branch in hull", "any stores near Milton Keynes"]
)
def test_none_there_and_where_the_others_are(question: str) -> None:
    assert "9 Stonegate, York" in found(question)


def test_a_place_named_after_a_shop_was_talked_of() -> None:
    assert "names Leeds" in found("and in Leeds?", "and in Leeds? (bath shop open)")
    assert "成都" in found("成都呢", "门店的成都呢", records=SHOPS_ZH, languages=("zh",))
    assert "names Leeds" in found("what about Leeds?", "what about Leeds? (bath shop open)")
    assert not found("and in Leeds?", "and in Leeds? (delivery cost)")
    assert not found("what about returns?", "what about returns? (bath shop open)")


@pytest.mark.parametrize(
    "question",
    [
        "do you have a shop in Bath?",  # there is one
        "do you have a shop in the station",
        "do you have shoes in red",
        "is there parking in Leeds",
        "is there a hotel in Leeds",  # none of these is one
        "is there a shop manager in Leeds who speaks French",
    ],
)
def test_what_is_known_or_asks_for_something_else_stays(question: str) -> None:
    assert not found(question)


@pytest.mark.skipif(not glosses.is_available(), reason="the dictionary is not installed")
def test_what_articles_may_say_in_the_other_language_is_not_denied() -> None:
    both = ("en", "zh")
    assert not found("do you have a shop in Suzhou", languages=both)
    assert "Leeds" in found("do you have a shop in Leeds", languages=both)
    assert found("南京有店吗", records=SHOPS_ZH, languages=both)
    assert not found("南京有店吗", records=SHOPS_ZH[:1], languages=both)  # one alone is no list
    english = Source("en", "zh", text="Shop: Vienna")
    asked = Understanding(text="维也纳有店吗", question="维也纳有店吗", language="zh")
    rows = [replace(passage(one, n), row=n, language="zh") for n, one in enumerate(SHOPS_ZH)]
    evidence = [PassageEvidence(passage=one, score=1) for one in rows]
    assert nowhere(QuestionPart(text="", names=()), asked, evidence, english) is None
