"""Places that texts name."""

import pytest

from knowledge.text.places import PlaceKind, places_in, tells_of_many

COUNTRY, PROVINCE, OTHER = PlaceKind.COUNTRY, PlaceKind.PROVINCE, PlaceKind.OTHER


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A permit for Brazil takes 3 weeks.", {"brazil": {COUNTRY}}),
        ("do you ship to scotland or ireland", {"scotland": {COUNTRY}, "ireland": {COUNTRY}}),
        ("how much is a turkey in Turkey", {"turkey": {COUNTRY}}),
        ("a red jersey", {}),
        ("办巴西签证", {"巴西": {COUNTRY}}),
        ("有什么办法国内邮寄", {"法国": {COUNTRY}}),
        ("寄香港", {"香港": {COUNTRY, PROVINCE}}),
        ("北京和南京的门店", {"北京": {PROVINCE, OTHER}, "南京": {OTHER}}),
        ("江苏省包邮", {"江苏省": {PROVINCE}}),
        ("门店几点开门，包邮吗", {}),
    ],
)
def test_places_and_how_large_they_are(text: str, expected: dict[str, set[PlaceKind]]) -> None:
    assert {place: set(kinds) for place, kinds in places_in(text).items()} == expected


def test_what_is_too_long_to_be_a_sentence_is_not_read() -> None:
    assert places_in("a permit for Brazil " * 30) == {}


@pytest.mark.parametrize(
    "text",
    [
        "7 days in other countries",
        "within the EU",
        "海外 9 天",
        "其他地区 5 天",
        "to islands such as Malta",
        "新疆、西藏等地区",
    ],
)
def test_what_is_told_of_many(text: str) -> None:
    assert tells_of_many(text)


@pytest.mark.parametrize("text", ["all orders to Brazil", "巴西 9 天"])
def test_what_is_told_of_those_that_are_named(text: str) -> None:
    assert not tells_of_many(text)
