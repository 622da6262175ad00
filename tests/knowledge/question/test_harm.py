"""What tells of harm, and what is to be done about it."""

import pytest

from knowledge.question.harm import HARM, has_remedy, what_to_do


@pytest.mark.parametrize(
    "told",
    [
        "my son swallowed a button",
        "she threw up after the meal",
        "there is a rash on my arm",
        "my hands are red since",
        "孩子吃了拉肚子",
        "涂完很痒发红",
        "误食了干燥剂",
    ],
)
def test_who_is_hurt_is_heard(told: str) -> None:
    assert HARM.search(told)
    assert what_to_do(told)


@pytest.mark.parametrize(
    "asked",
    [
        "which plan hurts less",
        "is the red one sold out",
        "my feelings about the skin of the app",
        "手机壳红色的有吗",
        "这个价格吐槽一下",
    ],
)
def test_what_is_no_harm_is_not(asked: str) -> None:
    assert not what_to_do(asked)


def test_a_remedy_is_for_the_harm_that_is_told() -> None:
    assert has_remedy("If you get a rash, stop using the soap.", "I have a rash")
    assert not has_remedy("If you get a rash, stop using the soap.", "I feel dizzy")
    assert not has_remedy("A rash is no reason for a refund.", "I have a rash")
