"""Where a text can be cut: clauses that could stand alone, in both languages."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text.clauses import clauses


def cut(text: str) -> list[str]:
    return [text[begins:ends] for begins, ends in clauses(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("refund the phone, and where is my other order?", ["refund the phone", "where is my other order?"]),
        ("What is my balance? I also lost my card.", ["What is my balance?", "I also lost my card."]),
        ("cancel my order; also, change my address", ["cancel my order", "change my address"]),
        ("tell me my balance and set an alarm for five", ["tell me my balance", "set an alarm for five"]),
        ("my parcel is late. By the way, do you repair phones", ["my parcel is late.", "do you repair phones"]),
        ("手机我要退款，另外那个订单到哪了？", ["手机我要退款", "那个订单到哪了？"]),
        ("我要退货。顺便问一下保修多久", ["我要退货。", "问一下保修多久"]),
        ("包裹没到，还有怎么开发票", ["包裹没到", "怎么开发票"]),
        ("I want a refund\nwhere is the shop", ["I want a refund", "where is the shop"]),
    ],
)
def test_what_could_stand_alone_is_cut_apart(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "where is my parcel?",
        "can I pay by Visa and Mastercard",
        "Hi, where is my order?",
        "what is the fee and how much is it?",
        "I was charged 3.50 twice",
        "手表还有货吗",
        "我的卡丢了，怎么办",
        "退款，谢谢",
    ],
)
def test_what_leans_on_the_rest_stays_with_it(text: str) -> None:
    assert cut(text) == [text]


def test_nothing_has_no_clauses() -> None:
    assert clauses("") == []
    assert clauses(" ,; ") == []


@given(st.text(st.sampled_from("abc also, and. where is my ?！，另外还有退款\n"), max_size=120))
def test_clauses_follow_each_other_and_only_marks_and_joints_are_left_out(text: str) -> None:
    found = clauses(text)
    assert all(0 <= begins < ends <= len(text) for begins, ends in found)
    assert all(before[1] <= after[0] for before, after in pairwise(found))
    assert all(text[begins:ends].strip() for begins, ends in found)
