"""The other cases of a distinction are quoted with the one that answers."""

import pytest

from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.cases import with_other_cases
from agent.generate.extractive.facets import facets_of
from tests.support.evidence import passage


def spans(text: str) -> list[Candidate]:
    own = passage(text)
    return [Candidate(passage=own, facets=facets) for facets in facets_of(own) if facets.quotable]


def quoted(text: str, place: int, asked: str = "?", most: int = 100) -> list[int]:
    return sorted(with_other_cases(spans(text), [place], asked, most))


@pytest.mark.parametrize(
    "text",
    [
        "- Up to 4 hours before: free.\n- After that: $5.\n- No-shows: $10.",
        "- More than 48 hours before sailing: the full fare.\n- Between 12 and 48 hours: half.\n- Less than 12 hours: nothing.",
        "- First kilogram: $8.\n- Each additional kilogram: $2.\n- Over 20 kg: by freight.",
        "- 前一天 18:00 之前取消：免费。\n- 之后取消：收首晚房费。\n- 没有取消也没有到店：不退。",
        "- 首件：10 元。\n- 续件：每件 2 元。\n- 超过 20 公斤：走物流。",
        "- 7 天以内：全额退还。\n- 超过 7 天：扣 20%。\n- 已使用的：不退。",
        "A day pass costs $12. On weekends it costs $4 more. Otherwise ask us.",
        "补考每次收 80 元。节假日每次加收 30 元。其他时间请咨询。",
    ],
)
def test_each_case_brings_those_beside_it(text: str) -> None:
    for place in range(3):
        assert quoted(text, place) == [0, 1, 2]


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("- Members: $8.\n- Non-members: $12.", "How much is it for non-members?", [0, 1]),
        ("- Small dogs: free.\n- Large dogs: $5.", "What about my labrador?", [0, 1]),
        ("- Small dogs: free.\n- Large dogs: $5.", "Are small dogs free?", [0]),
        ("- 白天门诊：20 元。\n- 夜间急诊：100 元。", "挂号要多少钱", [0, 1]),
        ("- 国内航班：提前 2 小时到。\n- 国际航班：提前 3 小时到。", "国内航班什么时候到", [0]),
    ],
)
def test_kinds_that_exclude_each_other_stand_together_unless_one_is_named(
    text: str, asked: str, expected: list[int]
) -> None:
    assert quoted(text, 0, asked) == expected


@pytest.mark.parametrize(
    "text",
    [
        "- Passport: valid.\n- Photo: two of them.",
        "1. Before you start: pack.\n2. Before you leave: pay.",
        "- If you need to move more than that in a single day, plan your payments over several of the days that follow.\n"
        "- Verify who is paid before you submit, as what is corrected later has to be cancelled and started once more.",
        "| Time | Fee |\n|---|---|\n| before noon | free |\n| after noon | $5 |",
        "A session lasts an hour. Mats are free.",
        "- 护照：有效期内。\n- 照片：两张。",
        "Freezing is free.\n\nLater freezes cost $5.",
    ],
)
def test_what_is_no_case_brings_nothing(text: str) -> None:
    assert quoted(text, 0) == [0]


def test_there_is_no_more_than_there_is_room_for() -> None:
    text = "- Up to 4 hours before: free.\n- After that: $5.\n- No-shows: $10."
    assert quoted(text, 0, most=10) == [0, 1]
