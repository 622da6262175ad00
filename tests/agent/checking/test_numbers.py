"""Numbers of two texts can be compared, however they are written."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agent.checking.numbers import numbers_in


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("30 days, $1,000.50 or 1,000,000", {"30", "1000.5", "1000000"}),
        ("pages 3,5 and 12,34", {"3", "5", "12", "34"}),
        ("9:00 to 18:30, or 09:00", {"9", "18:30"}),
        ("version 1.20.3", {"1.20.3"}),
        ("room 007, 0 fees, 3.0 kg", {"7", "0", "3"}),
        ("３０天", {"30"}),
        ("1. Open the box\n2) Take 3 screws\n(3) Done", {"3"}),
        ("two years, twenty-four hours, five business days", {"2", "24", "5"}),
        ("one of them, two things", set()),
        ("两年保修，三十五天内，十二个月", {"2", "35", "12"}),
        ("一万二千元，三百零五元，百分之二十", {"12000", "305", "20"}),
        ("二〇二四年", {"2024"}),
        ("十分满意，一下，一次性付款", set()),
        ("十分钟", {"10"}),
        ("", set()),
    ],
)
def test_numbers_have_one_form(text: str, numbers: set[str]) -> None:
    assert numbers_in(text) == numbers


@example("0.")
@given(st.text(alphabet="0123456789.,:零一二两十百千万天年 a\n²３٣", max_size=60))
def test_no_text_is_too_strange(text: str) -> None:
    assert numbers_in(text) == numbers_in(text + " ")


@given(st.integers(0, 10**12))
def test_thousands_may_be_grouped(number: int) -> None:
    assert numbers_in(f"{number:,}") == numbers_in(str(number)) == {str(number)}


def test_a_number_may_be_of_any_length() -> None:
    assert numbers_in("9" * 10_000) == {"9" * 10_000}
