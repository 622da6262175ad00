"""What is quoted of bands that the customer's own measure lies outside of."""

import pytest

from agent.generate.extractive.bands import Band, bands_in, with_what_holds
from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.facets import facets_of
from tests.support.evidence import passage


def quoted(text: str, asked: str, place: int = 0, most: int = 100) -> list[int]:
    own = passage(text)
    spans = [Candidate(passage=own, facets=facets) for facets in facets_of(own) if facets.quotable]
    return with_what_holds(spans, [place], asked, most)


PARROTS = (
    "Small parrots of up to 2 kg fly with you, for $30.\n\nWe carry no snakes.\n\nHeavier birds go as cargo, for $90."
)
CLASSES = "Kids from 4 to 7 years swim on Mondays, at $9. We lend goggles.\n\nFrom 8 to 12 years they swim on Fridays."


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        (PARROTS, "what does it cost to take a parrot of 5 kilos", [0, 2]),
        (PARROTS, "what does it cost to take a parrot of 1 kg", [0]),
        (PARROTS, "what does it cost to take a parrot", [0]),
        (PARROTS, "what does it cost to take a parrot for 5 days", [0]),
        (CLASSES, "how much is it for my 9 year old", [0, 2]),
        (CLASSES, "how much is it for my 15 year old", [0]),
        ("30公斤以内的箱子免费。请勿上锁。超重的每件收 80 元。", "我的箱子35公斤要多少钱", [0, 2]),
        ("3 岁以下免票。\n\n雨天不开放。\n\n3 岁至 12 岁的儿童 40 元。", "我家孩子5岁要多少钱", [0, 2]),
    ],
)
def test_who_states_a_measure_outside_of_a_band_reads_what_holds_for_it(
    text: str, asked: str, expected: list[int]
) -> None:
    assert quoted(text, asked) == expected


def test_no_more_is_quoted_than_there_is_room_for() -> None:
    assert quoted(PARROTS, "and a parrot of 5 kg", most=12) == [0]


def test_what_stands_under_another_heading_is_left() -> None:
    text = "## Cabin\nBags of up to 8 kg are free.\n\n## Hold\nHeavier bags cost $40."
    assert quoted(text, "my bag is 12 kg") == [0]


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("no more than 8 kg", Band(unit="kg", high=8)),
        ("Over 3,500 km", Band(unit="km", low=3500)),
        ("between 23 and 32 kg", Band(unit="kg", low=23, high=32)),
        ("满 500 元减 50 元", Band(unit="cny", low=500)),
        ("5 公斤以内", Band(unit="kg", high=5)),
        ("6 至 17 岁", Band(unit="year", low=6, high=17)),
        ("不超过20公斤", Band(unit="kg", high=20)),
        ("10 days or more", Band(unit="day", low=10)),
    ],
)
def test_bands_are_read_in_both_languages(text: str, band: Band) -> None:
    assert bands_in(text) == (band,)


def test_a_number_alone_is_no_band() -> None:
    assert not bands_in("It costs $50 and takes 3 days.")
