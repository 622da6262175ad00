"""What is free is read with a sum where its price is asked."""

import pytest

from agent.generate.extractive.free_of_charge import priced
from knowledge.question.parts import QuestionPart

PRICE = QuestionPart(text="how much is it", names=())
PRICE_ZH = QuestionPart(text="多少钱", names=())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Membership is free.", "Membership costs $0.00."),
        ("Lockers are free during your visit.", "Lockers cost $0.00 during your visit."),
        ("A tour takes an hour and is also free of charge.", "A tour takes an hour and costs $0.00."),
        ("Prams travel free of charge.", "Prams travel for $0.00."),
        ("Families sit together at no extra cost.", "Families sit together for $0.00."),
        ("Paying by card costs nothing extra.", "Paying by card costs $0.00."),
        ("Delivery is free from 50 EUR.", "Delivery is free from 50 EUR."),
        ("The bread is free of nuts.", "The bread is free of nuts."),
        ("Feel free to ask for gluten-free cake.", "Feel free to ask for gluten-free cake."),
    ],
)
def test_english(text: str, expected: str) -> None:
    assert priced(text, PRICE) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("会员停车免费。", "会员停车收费0元。"),
        ("住客可免费寄存行李。", "住客可0元寄存行李。"),
        ("质量问题换货不收运费。", "质量问题换货收运费0元。"),
        ("境外刷卡要手续费吗？不收。", "境外刷卡要手续费吗？收费0元。"),
    ],
)
def test_chinese(text: str, expected: str) -> None:
    assert priced(text, PRICE_ZH) == expected


def test_only_where_a_price_is_asked() -> None:
    assert priced("Membership is free.", QuestionPart(text="who may join", names=())) == "Membership is free."
