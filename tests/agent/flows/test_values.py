"""What customers write becomes values of slots, in both languages."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.flows.dates import dates_in
from agent.flows.definition import Slot
from agent.flows.values import nearly, values_in, worded

TODAY = date(2026, 11, 26)  # a Thursday
TEXTS = {"en": "x", "zh": "x"}


def slot(type: str, **more: object) -> Slot:
    return Slot.model_validate({"type": type, "label": TEXTS, "ask": TEXTS, **more})


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("tomorrow", "2026-11-27"),
        ("the day after tomorrow please", "2026-11-28"),
        ("in 3 days", "2026-11-29"),
        ("in two weeks", "2026-12-10"),
        ("Friday", "2026-11-27"),
        ("on Thursday", "2026-12-03"),
        ("next Friday", "2026-12-04"),
        ("December 5", "2026-12-05"),
        ("5th of Dec, 2027", "2027-12-05"),
        ("3 Jan", "2027-01-03"),
        ("2026-12-24", "2026-12-24"),
        ("明天", "2026-11-27"),
        ("大后天", "2026-11-29"),
        ("三天后", "2026-11-29"),
        ("两周后", "2026-12-10"),
        ("周五", "2026-11-27"),
        ("下周五", "2026-12-04"),
        ("星期天", "2026-11-29"),
        ("12月5号", "2026-12-05"),
        ("1月3日", "2027-01-03"),
        ("十二月六号", "2026-12-06"),
        ("那就十二月二十五日吧", "2026-12-25"),
        ("六号", "2026-12-06"),
        ("31号", "2026-12-31"),
        ("in One week", "2026-12-03"),
        ("2026年12月24日", "2026-12-24"),
    ],
)
def test_dates_are_read(said: str, day: str) -> None:
    assert [found.isoformat() for found, _ in dates_in(said, TODAY)] == [day]


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("28/11", ["2026-11-28"]),
        ("28.11.2026", ["2026-11-28"]),
        ("28.12.", ["2026-12-28"]),
        ("12-18", ["2026-12-18"]),
        ("5/12", ["2026-12-05", "2027-05-12"]),
        ("12/5吧", ["2026-12-05"]),
        ("7/7", ["2027-07-07"]),
        ("the 4th", ["2026-12-04"]),
        ("sat", ["2026-11-28"]),
        ("the twelfth of December", ["2026-12-12"]),
        ("in five days", ["2026-12-01"]),
    ],
)
def test_days_that_were_asked_for_may_be_written_in_numbers(said: str, days: list[str]) -> None:
    assert [found.isoformat() for found, _ in dates_in(said, TODAY, asked=True)] == days


def test_of_two_readings_the_one_within_bounds_is_meant() -> None:
    near, far = slot("date", min=0, max=60), slot("date", min=0, max=365)
    assert [(one.value, one.others) for one in values_in(near, "5/12", TODAY, asked=True)] == [("2026-12-05", ())]
    assert [len(one.others) for one in values_in(far, "5/12", TODAY, asked=True)] == [1]


@pytest.mark.parametrize(
    "said", ["人民路1号", "和平里12号", "open 24/7", "5/12", "我住3号楼", "sat down", "海港路18号3栋"]
)
def test_unasked_a_house_number_or_a_fraction_is_no_day(said: str) -> None:
    assert dates_in(said, TODAY) == []


@pytest.mark.parametrize(
    "said",
    ["February 30", "13月40日", "2026-99-01", "I sat in the sun", "version 3.4.2026", "四", "3号线", "2号门", "三个月"],
)
def test_what_is_no_date_is_none(said: str) -> None:
    assert dates_in(said, TODAY) == []


@given(days=st.integers(0, 400))
@settings(max_examples=60)
def test_a_day_that_is_said_back_is_read_as_itself(days: int) -> None:
    day = TODAY + timedelta(days=days)
    for language in ("en", "zh"):
        said = worded(slot("date"), day.isoformat(), language)
        read = [found for found, _ in dates_in(said, TODAY)]
        assert any((one.month, one.day) == (day.month, day.day) for one in read), said


@given(st.text(max_size=60))
@settings(max_examples=150)
def test_no_text_breaks_the_reading(text: str) -> None:
    for kind in ("email", "phone", "date", "amount", "number", "boolean", "text"):
        for found in values_in(slot(kind), text, TODAY, asked=True):
            assert 0 <= found.span[0] <= found.span[1] <= len(text)


@pytest.mark.parametrize(
    ("kind", "said", "value"),
    [
        ("email", "it's Ada@Example.com.", "ada@example.com"),
        ("phone", "call 650-253-0001", "6502530001"),
        ("phone", "电话13800138001", "13800138001"),
        ("amount", "about $1,200.50", 1200.5),
        ("amount", "900美元", 900.0),
        ("amount", "900", 900.0),
        ("amount", "九百", 900.0),
        ("amount", "就一千二百吧", 1200.0),
        ("amount", "一千二百美元", 1200.0),
        ("amount", "1.2万元", 12000.0),
        ("amount", "3千块", 3000.0),
        ("amount", "五百刀", 500.0),
        ("number", "十二", 12),
        ("number", "7", 7),
    ],
)
def test_each_type_is_read(kind: str, said: str, value: object) -> None:
    assert [found.value for found in values_in(slot(kind), said, TODAY, asked=True)] == [value]


def test_a_value_out_of_bounds_is_told_from_none() -> None:
    found = values_in(slot("date", min=1, max=60), "today", TODAY, asked=True)
    assert [one.valid for one in found] == [False]
    assert [one.valid for one in values_in(slot("amount", min=200), "$90", TODAY, asked=True)] == [False]


def test_a_bare_number_means_a_slot_only_when_it_was_asked_for() -> None:
    assert values_in(slot("amount"), "900", TODAY, asked=False) == []
    loose = values_in(slot("amount"), "work out a loan of 10000 over 2 years", TODAY, asked=False, loose=True)
    assert [one.value for one in loose] == [10000.0]
    assert values_in(slot("amount"), "either 900 or 1000", TODAY, asked=False, loose=True) == []
    assert values_in(slot("number", unit=["months"]), "over 12 months", TODAY, asked=False)[0].value == 12


@pytest.mark.parametrize(
    ("kind", "said", "near"),
    [
        ("phone", "0301 55", True),
        ("phone", "room 12", False),
        ("email", "ada@example", True),
        ("email", "ada", False),
        ("date", "the 45th", True),
        ("choice", "3", False),
    ],
)
def test_a_value_that_went_wrong_is_told_from_something_else(kind: str, said: str, near: bool) -> None:
    more = {"choices": {key: {"en": f"x{key}", "zh": f"x{key}"} for key in "ab"}} if kind == "choice" else {}
    assert nearly(slot(kind, **more), said) == near


def test_a_date_is_no_telephone_number() -> None:
    assert values_in(slot("phone"), "make it 2026-12-04", TODAY, asked=True) == []


def test_the_words_of_a_choice_and_of_a_unit_may_be_written_in_traditional_characters() -> None:
    choice = slot("choice", choices={"repair": {"en": "Repair", "zh": "維修"}, "setup": {"en": "Setup", "zh": "設定"}})
    assert [one.value for one in values_in(choice, "我要预约维修", TODAY, asked=True)] == ["repair"]
    assert [one.value for one in values_in(slot("number", unit=["個月"]), "分12个月", TODAY, asked=False)] == [12]
