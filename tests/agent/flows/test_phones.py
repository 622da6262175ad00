"""Telephone numbers as they are written, of a country that is known or not."""

import pytest

from agent.flows.phones import phones_in


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("0301 555 0199", "03015550199"),
        ("020 7946 0958", "02079460958"),
        ("0800 555 0142", "08005550142"),
        ("call me on 03015550199", "03015550199"),
        ("(030) 555-0199.", "0305550199"),
        ("my number is 555 123 4567 89", "555123456789"),
        ("555 0142", "5550142"),
        ("+1 301 555 0199", "+13015550199"),
        ("+49 (0)30 901820", "+4930901820"),
        ("010-8888-6666", "01088886666"),
        ("打我电话13800138001", "13800138001"),
    ],
)
def test_a_number_is_taken_as_written(said: str, number: str) -> None:
    assert [found for found, _ in phones_in(said, "", asked=True)] == [number]


@pytest.mark.parametrize("said", ["123", "LO-10488", "+1 23", "4111 1111 1111 1111 1", "a03015550199b"])
def test_what_no_telephone_has_is_none(said: str) -> None:
    assert list(phones_in(said, "", asked=True)) == []


def test_a_short_number_must_be_asked_for_or_called_one() -> None:
    assert list(phones_in("5550142", "", asked=False)) == []
    assert list(phones_in("call 5550142", "", asked=False))
    assert list(phones_in("03015550199", "", asked=False))


@pytest.mark.parametrize(
    ("said", "region", "number"),
    [
        ("020 7946 0958", "GB", ["+442079460958"]),
        ("650-253-0001", "US", ["+16502530001"]),
        ("13800138001", "CN", ["+8613800138001"]),
        ("555 0142", "US", []),
        ("0301 555 0199", "US", []),
    ],
)
def test_a_known_country_holds_a_number_to_its_own(said: str, region: str, number: list[str]) -> None:
    assert [found for found, _ in phones_in(said, region, asked=True)] == number
