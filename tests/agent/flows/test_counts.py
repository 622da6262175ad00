"""Counts as customers give them, and the numbers that count nothing."""

import time
from datetime import date

import pytest

from agent.flows.counts import counts_in

TODAY = date(2026, 11, 27)
UNITS = ("people", "guests", "人", "位")


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("4", 4),
        ("four", 4),
        ("twenty-one", 21),
        ("a dozen", 12),
        ("the three of us", 3),
        ("5 of us at 7:30", 5),
        ("two people at 8pm", 2),
        ("one please", 1),
        ("三", 3),
        ("就我们俩", 2),
        ("一共五个人吧", 5),
        ("晚上八点，六位", 6),
    ],
)
def test_a_count_is_read(said: str, number: int) -> None:
    assert [(one.size, one.others) for one in counts_in(said, UNITS, TODAY, asked=True)] == [(number, ())]


@pytest.mark.parametrize(
    "said",
    "8pm|we come at 7:30|at 7|half past six|on the 5th|the 3rd|020 7946 0000|$20|15 euros|2 hours|28/11/2026|no one is here"
    "|晚上7点|5号|第三|我的电话是13800138000|两个小时|30块".split("|"),
)
def test_what_counts_something_else_is_none(said: str) -> None:
    assert counts_in(said, UNITS, TODAY, asked=True) == []


@pytest.mark.parametrize(
    ("said", "readings"),
    [
        ("between 4 and 6", (4, 6)),
        ("4-6 people", (4, 6)),
        ("five or six", (5, 6)),
        ("两三个人", (2, 3)),
        ("三到五位", (3, 5)),
        ("3 guests and 2 kids", (3, 5)),
    ],
)
def test_what_may_be_either_is_left_to_the_customer(said: str, readings: tuple[int, int]) -> None:
    (count,) = counts_in(said, UNITS, TODAY, asked=True)
    assert (count.size, *count.others) == readings


def test_without_a_unit_of_its_own_a_measure_is_counted() -> None:
    assert [one.size for one in counts_in("12 months", (), TODAY, asked=True)] == [12]
    assert counts_in("4", UNITS, TODAY, asked=False) == []


@pytest.mark.parametrize("said", ["4 to ", "二三", "one and ", "1:", "at 7 ", "$5 ", "5 people and "])
def test_a_long_message_takes_no_time(said: str) -> None:
    began = time.perf_counter()
    counts_in(said * 200 + "x", UNITS, TODAY, asked=True)
    assert time.perf_counter() - began < 0.5
