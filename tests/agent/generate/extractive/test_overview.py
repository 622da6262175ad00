"""A question that says but a name is answered with the head of the article that tells of it at large."""

from collections.abc import Sequence

import pytest

from agent.generate.extractive.overview import overview
from knowledge.index.names import Name, Names
from knowledge.question.parts import take_apart
from knowledge.types import Passage, PassageEvidence
from tests.support.evidence import passage

GUIDE = passage("Quick reference to core details.\n\n- Fee: $5\n- APY: 2%", 1, title="Gold Card at a glance")
FAQ = passage("- Q: Is it free?\n  A: Yes, for a year.", 2, title="FAQ: Gold Card")
REFERRAL = passage("You earn $50.", 3, title="Gold Card referrals")
OTHER = passage("Gold Card holders pay nothing.", 4, title="Silver Account: benefits with the Gold Card")
CHINESE = passage("年费5元。可积分。", 5, title="金卡简介")
NAMES = Names(
    {("gold", "card"): 3, ("silver", "account"): 3, ("金", "卡"): 3},
    {
        "p1": frozenset({("gold", "card")}),
        "p2": frozenset({("gold", "card")}),
        "p3": frozenset({("gold", "card")}),
        "p4": frozenset({("silver", "account"), ("gold", "card")}),
        "p5": frozenset({("金", "卡")}),
    },
)


class Source:
    """What of a library an overview needs."""

    def names_in(self, text: str) -> tuple[Name, ...]:
        return NAMES.in_question(text)

    def name_match(self, passage_id: str, names: Sequence[Name]) -> float:
        return NAMES.match(passage_id, names)


def quoted(question: str, *passages: Passage) -> list[str]:
    evidence = [PassageEvidence(passage=p, score=1) for p in passages]
    found = overview(take_apart(question, NAMES), evidence, Source())
    return [one.span.text for one in found.spans] if found else []


@pytest.mark.parametrize(
    "question",
    [
        "tell me about the gold card",
        "Gold card",
        "what is the Gold Card?",
        "can you tell me more about the gold card please",
        "what's the gold card exactly?",
        "ok so what's the gold card",
        "I'd like to know more about your gold card",
        "info on the gold card",
        "describe the gold card",
        "介绍一下gold card",
        "请问gold card是什么？",
    ],
)
def test_a_thing_that_is_only_named_is_told_of(question: str) -> None:
    assert quoted(question, OTHER, FAQ, REFERRAL, GUIDE) == ["Fee: $5", "APY: 2%"]


@pytest.mark.parametrize("question", ["介绍一下金卡", "金卡是什么", "什么是金卡？", "我想了解一下金卡", "请介绍下金卡"])
def test_in_chinese(question: str) -> None:
    assert quoted(question, FAQ, CHINESE) == ["年费5元。", "可积分。"]


@pytest.mark.parametrize(
    "question",
    [
        "what is the gold card fee",
        "tell me about fees of the gold card",
        "is the gold card free?",
        "what is the limit on the gold card",
        "tell me about the gold card and the silver account",
        "what about withdrawals with the gold card",
        "金卡的年费是多少",
        "介绍一下金卡的权益怎么用",
        "what is a hold?",
    ],
)
def test_what_asks_anything_of_it_is_none(question: str) -> None:
    assert quoted(question, GUIDE, CHINESE, FAQ) == []


def test_without_an_article_at_large_there_is_none() -> None:
    assert quoted("tell me about the gold card", OTHER, FAQ, REFERRAL) == []
