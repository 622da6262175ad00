"""A customer who corrects themselves is asked of what they meant."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.types import EntityMention, Utterance
from agent.understand.rewriting.correcting import Correction, correction_in
from agent.understand.rewriting.rewriter import RuleRewriter
from agent.understand.same_head import with_its_object, with_same_head, with_same_preposition


class NothingLinked:
    def link(self, text: str) -> list[EntityMention]:
        return []


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("sorry, I meant a paid class", "", "paid class"),
        ("no, a large locker", "", "large locker"),
        ("actually the weekly ticket!", "", "weekly ticket"),
        ("not the mat, the towel", "mat", "towel"),
        ("no sorry all rooms", "", "all rooms"),
        ("不对，是次卡", "", "次卡"),
        ("说错了，是蓝色礼盒", "", "蓝色礼盒"),
        ("不是积分卡，是礼品卡", "积分卡", "礼品卡"),
        ("我说的是黑色款", "", "黑色款"),
    ],
)
def test_what_is_put_right(text: str, wrong: str, right: str) -> None:
    assert correction_in(text) == Correction(wrong=wrong, right=right)


@pytest.mark.parametrize(
    "text",
    [
        "sorry, what does it cost?",
        "actually can I pay later",
        "no, it is broken",
        "sorry about that",
        "a large locker",
        "不对吧？",
        "我是学生能打折吗",
        "不是",
        "",
    ],
)
def test_what_says_more_or_asks_is_no_correction(text: str) -> None:
    assert correction_in(text) is None


@pytest.mark.parametrize(
    ("asked", "text", "question"),
    [
        ("can I cancel a trial class?", "sorry, I meant a paid class", "can I cancel a paid class?"),
        ("do you sell protein bars", "oops, protein shakes", "do you sell protein shakes"),
        ("is the mat free", "not the mat, the towel", "is the towel free"),
        ("what does the standard cost", "I mean premium", "what does the premium cost"),
        ("how much is a sports massage", "and a back massage?", "how much is a back massage"),
        ("年卡多少钱", "不对，是次卡", "次卡多少钱"),
        ("快递费多少", "错了，是安装费", "安装费多少"),
        ("积分卡打几折", "不是积分卡，是礼品卡", "礼品卡打几折"),
        ("大号纸箱收费吗", "小号纸箱呢", "小号纸箱收费吗"),
    ],
)
def test_the_last_question_is_asked_of_what_was_meant(asked: str, text: str, question: str) -> None:
    assert RuleRewriter(NothingLinked()).standalone(text, [Utterance(role="user", content=asked)]) == question


@pytest.mark.parametrize(
    ("asked", "text", "question"),
    [
        ("do you take PayPal?", "what about amex", "do you take amex"),
        ("do you take PayPal", "and cash?", "do you take cash"),
        ("does the lamp work with Alexa", "what about Siri", "does the lamp work with Siri"),
        ("do you have a shop in Bern?", "and basel?", "do you have a shop in basel"),
        ("do you have a shop in Bern?", "and in Basel?", "do you have a shop in Basel"),
        ("do you have shops in Bern?", "and a showroom?", "do you have showroom"),
        ("can I pay by card on collection", "and on delivery?", "can I pay by card on delivery"),
        (
            "how long does a parcel to Bern take?",
            "what about to the islands",
            "how long does a parcel to the islands take",
        ),
        ("is there a fee for a new card?", "for a new pin?", "is there a fee for a new pin"),
        ("支持花呗吗", "apple pay呢", "支持apple pay吗"),
        ("能寄香港吗", "那澳门呢", "能寄澳门吗"),
        ("有湿巾吗", "棉签呢", "有棉签吗"),
    ],
)
def test_what_was_asked_of_one_thing_is_asked_of_another(asked: str, text: str, question: str) -> None:
    said = RuleRewriter(NothingLinked()).standalone(text, [Utterance(role="user", content=asked)])
    assert said.rstrip("?？") == question


@pytest.mark.parametrize(
    ("asked", "text"),
    [("支持花呗吗", "多少钱呢"), ("面霜孕妇能用吗", "备孕呢"), ("do you take PayPal", "and how much?")],
)
def test_another_question_is_not_put_in_its_place(asked: str, text: str) -> None:
    assert RuleRewriter(NothingLinked()).standalone(text, [Utterance(role="user", content=asked)]).startswith(text[:2])


def test_what_was_wrong_is_not_carried_on() -> None:
    said = [Utterance(role="user", content=text) for text in ("how much is a guest pass", "sorry, I meant a day pass")]
    question = RuleRewriter(NothingLinked()).standalone("can I get a refund on it", said)
    assert "day pass" in question
    assert "guest" not in question


@pytest.mark.parametrize(
    ("new", "asked"), [("gift card", "how long is the warranty"), ("发票", "运费多少"), ("保修期", "分期收费吗")]
)
def test_what_is_of_no_kind_with_it_stays(new: str, asked: str) -> None:
    assert with_same_head(new, asked) == ""


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_taken(text: str, asked: str) -> None:
    correction_in(text)
    with_same_head(text, asked, surely=True)
    with_its_object(text, asked)
    with_same_preposition(text, asked)


@pytest.mark.parametrize("text", ["sorry " * 800, "no, " * 800, "不对" * 1000, "not a " * 500 + ","])
def test_a_long_text_takes_no_time(text: str) -> None:
    started = time.perf_counter()
    correction_in(text)
    assert time.perf_counter() - started < 0.2
