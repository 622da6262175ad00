"""What a model may say of its tools' results: inventions planted by the hundred are withheld, what was given is said."""

import json
import random
from datetime import date

import pytest

from agent.checking.acted import result_text
from agent.checking.guard import GroundingGuard
from agent.ports import GenerationRequest
from agent.types import DecisionKind, Draft, Emotion, Language, Retrieval, Sentiment, Understanding
from tests.support.scripted_runner import EchoPhrases

TODAY = date(2026, 11, 26)
ORDER = {
    "order_number": "LO-10482",
    "customer": "王晓梅",
    "items": "Kestrix Rogue 15",
    "status": "shipped",
    "carrier": "SwiftParcel",
    "placed": "2026-11-04",
    "eta": "2026-11-27",
    "total_usd": 1449.0,
    "warranty_months": 24,
    "track": "https://parcels.example/LO-10482",
}
ASKED = {"en": "Where is my parcel LO-10482, and what did it cost?", "zh": "我的订单LO-10482到哪了？多少钱？"}
TRUE: dict[Language, tuple[str, ...]] = {
    "en": (
        "Your order LO-10482 is on its way with SwiftParcel.",
        "It arrives tomorrow, Friday, November 27.",
        "The Kestrix Rogue 15 cost $1,449.00.",
        "You placed it on 4 November 2026.",
        "It has a warranty of 24 months.",
        "You can follow it here: https://parcels.example/LO-10482",
    ),
    "zh": (
        "您的订单LO-10482已由SwiftParcel发出。",
        "预计明天（11月27日，星期五）送达。",
        "Kestrix Rogue 15的价格为1449美元。",
        "下单日期是2026年11月4日。",
        "保修期为24个月。",
        "物流信息：https://parcels.example/LO-10482",
    ),
}
FALSE: dict[Language, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "en": (
        ("It cost {}.", ("$1,299", "1,449 euros", "$14.49", "nine hundred dollars", "£1,449")),
        ("It arrives in {}.", ("five days", "27 hours", "two weeks", "December", "31 minutes")),
        ("It comes on {}.", ("Monday", "November 28", "Sunday", "May 27", "the day of 30 November")),
        ("{} brings it.", ("DHL", "Maria Lopez", "NorthPost", "Mr Tanaka", "FedEx")),
        ("Your order {} is on its way.", ("LO-10483", "LO-20482", "RF-10482", "XK-77", "LO-1048")),
        ("Follow it at {}", ("https://evil.example/x", "parcels.example/LO-99", "help@shop.example", "www.dhl.com")),
    ),
    "zh": (
        ("价格为{}。", ("1299美元", "1449元", "14.49美元", "九百美元", "1449欧元")),
        ("预计{}内送达。", ("五天", "27小时", "两周", "31分钟", "十个工作日")),
        ("预计{}送达。", ("后天", "11月28日", "星期一", "五月27日", "周末")),
        ("由{}配送。", ("顺丰速运", "李娜", "NorthPost", "DHL", "王小明")),
        ("您的订单{}已发货。", ("LO-10483", "LO-20482", "RF-10482", "XK-77", "LO-1048")),
        ("查询：{}", ("https://evil.example/x", "parcels.example/LO-99", "help@shop.example", "www.dhl.com")),
    ),
}


def heard(
    text: str, language: Language = "en", *results: object, asked: str = "", feels: Sentiment | None = None
) -> Draft:
    given = tuple(result_text(one if isinstance(one, str) else json.dumps(one), TODAY) for one in results)
    kind = DecisionKind.ACT if given else DecisionKind.CLARIFY
    asked = asked or ASKED[language]
    understanding = Understanding(text=asked, question=asked, language=language)
    if feels:
        understanding = Understanding(text=asked, question=asked, language=language, sentiment=feels)
    request = GenerationRequest(understanding=understanding, retrieval=Retrieval(), history=())
    draft = Draft(text=text, decision=kind, generator="m", given=given)
    return GroundingGuard(EchoPhrases(), wrong_answer_cost=1).check(draft, request)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_hundred_planted_inventions_are_withheld_and_what_was_given_is_said(language: Language) -> None:
    draw = random.Random(language)
    seen = []
    for _ in range(100):
        pattern, values = draw.choice(FALSE[language])
        invention, true = pattern.format(draw.choice(values)), draw.choice(TRUE[language][:5])
        space = " " if language == "en" else ""
        draft = heard(f"{true}{space}{invention}", language, ORDER)
        assert draft.text.startswith(true)
        if draft.text != true:
            seen.append(invention)
        alone = heard(invention, language, ORDER)
        assert (alone.text, alone.decision) == (f"<flow_hand_over {language}>", DecisionKind.HANDOFF)
    assert seen == []
    for true in TRUE[language]:
        assert heard(true, language, ORDER).text == true


@pytest.mark.parametrize(
    ("language", "asks", "states"),
    [
        ("en", "Sorry, I can't find that order. Which e-mail address did you use?", "Your refund is on its way."),
        ("en", "Please tell me your order number.", "I have cancelled the order for you."),
        ("zh", "请提供您的订单号。", "您的退款已经办理成功。"),
        ("zh", "请问您要退的是哪个订单呢？", "订单已取消。"),
    ],
)
def test_without_a_result_nothing_is_stated(language: Language, asks: str, states: str) -> None:
    assert heard(asks, language).text == asks
    assert heard(states, language).decision is DecisionKind.HANDOFF
    assert heard(f"{states} {asks}", language).text == asks


def test_who_is_upset_hears_no_cheer_and_everyone_their_own_language() -> None:
    angry = Sentiment(polarity=-0.8, emotion=Emotion.ANGER, confidence=0.9)
    assert heard(f"Great news! {TRUE['en'][0]}", "en", ORDER, feels=angry).text == TRUE["en"][0]
    assert heard(f"{TRUE['en'][0]} {TRUE['zh'][4]}", "en", ORDER).text == TRUE["en"][0]


def test_a_result_that_is_no_json_and_a_date_that_is_none_are_evidence_as_they_stand() -> None:
    assert heard("There are 12 left.", "en", "12 left, since 2026-13-40").text == "There are 12 left."
