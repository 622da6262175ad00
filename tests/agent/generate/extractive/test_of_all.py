"""What is said of all things of a kind is read as said of the one asked about."""

import pytest

from agent.generate.extractive.of_all import of_all, tells_of
from knowledge.question.parts import QuestionPart

MILL = QuestionPart(text="is Old Mill open", names=(), things=(("Old Mill", "bakery"),))
LAKE = QuestionPart(text="湖滨店开门吗", names=(), things=(("湖滨店", "门店"),))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On 25 December all bakeries are closed.", "On 25 December Old Mill and all bakeries are closed."),
        ("Cakes are sold in every bakery.", "Cakes are sold in Old Mill and every bakery."),
        ("Wi-Fi is free in all our bakeries.", "Wi-Fi is free in Old Mill and all our bakeries."),
        ("Dogs may enter all bakeries, except Old Mill.", "Dogs may enter all bakeries, except Old Mill."),
        ("Not all bakeries have seats.", "Not all bakeries have seats."),
        ("All customers get a stamp.", "All customers get a stamp."),
        ("Elm Street is closed.", "Elm Street is closed."),
    ],
)
def test_english(text: str, expected: str) -> None:
    assert of_all(text, MILL) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("除夕所有门店均休息。", "除夕湖滨店和所有门店均休息。"),
        ("每家门店都可以自带杯。", "湖滨店和每家门店都可以自带杯。"),
        ("并非所有门店都有座位。", "并非所有门店都有座位。"),
        ("所有商品均可退货。", "所有商品均可退货。"),
    ],
)
def test_chinese(text: str, expected: str) -> None:
    assert of_all(text, LAKE) == expected


def test_where_nothing_is_named_nothing_changes() -> None:
    assert not tells_of("All bakeries are closed.", QuestionPart(text="are you open", names=()))
    assert tells_of("All bakeries are closed.", MILL)
