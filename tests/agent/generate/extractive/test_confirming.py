"""What is to be confirmed, asked plainly."""

import pytest

from agent.generate.extractive.confirming import plainly


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("is it true that points expire?", "points expire?"),
        ("So is it really true the pool is closed", "the pool is closed"),
        ("Can you confirm that I need a visa?", "I need a visa?"),
        ("am I right in thinking that kids are free", "kids are free"),
        ("is it correct", "is it correct"),
        ("is it true", "is it true"),
        ("do points expire", "do points expire"),
        ("积分会过期，对吧？", "积分会过期吗"),
        ("自带杯减2元是吧", "自带杯减2元吗"),
        ("积分会过期吗", "积分会过期吗"),
    ],
)
def test_plainly(question: str, expected: str) -> None:
    assert plainly(question) == expected
