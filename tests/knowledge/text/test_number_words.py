"""Numbers that Chinese characters write."""

import pytest

from knowledge.text.number_words import chinese_number, english_number


@pytest.mark.parametrize(
    ("characters", "number"),
    [
        ("三十五", 35),
        ("十", 10),
        ("一万二千", 12_000),
        ("二〇二四", 2024),
        ("一百二", 120),
        ("三千六", 3600),
        ("两万五", 25_000),
        ("一千零二", 1002),
        ("三百〇五", 305),
        ("二百五十", 250),
        ("一百零", 100),
    ],
)
def test_numbers_are_read_as_they_are_written_and_as_they_are_spoken(characters: str, number: int) -> None:
    assert chinese_number(characters) == number


@pytest.mark.parametrize(("words", "number"), [("Two", 2), ("twenty-one", 21), ("thirty five", 35), ("a dozen", 12)])
def test_english_numbers_are_read(words: str, number: int) -> None:
    assert english_number(words) == number
