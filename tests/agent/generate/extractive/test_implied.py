"""What there must be, as customers are told to use it."""

import pytest

from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.facets import facets_of
from agent.generate.extractive.implied import implied
from knowledge.question.parts import QuestionPart
from tests.support.evidence import passage

TOLD = passage(
    "Freeze a ticket in the Tern mobile app. Claims can be sent on our website. Get it in the app store. There is no way to pay"
    " through the kiosk. We pay for the hotel. Bookings made through a travel agency are refunded there."
    " 在小程序中可以查询进度。 不能在柜台办理。",
    1,
)
SPANS = [Candidate(passage=TOLD, facets=facets) for facets in facets_of(TOLD)]


def found(question: str) -> list[str]:
    places = implied(QuestionPart(text=question, names=()), SPANS, range(len(SPANS)))
    return [SPANS[place].span.text for place in places]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("do you have a mobile app?", "Freeze a ticket in the Tern mobile app."),
        ("hi, is there an app", "Freeze a ticket in the Tern mobile app."),
        ("have you got a website", "Claims can be sent on our website."),
        ("你们有小程序吗", "在小程序中可以查询进度。"),
    ],
)
def test_what_customers_are_told_to_use(question: str, expected: str) -> None:
    assert found(question) == [expected]


@pytest.mark.parametrize(
    "question",
    [
        "do you have an android app",
        "do you have a kiosk",
        "do you have a hotel",
        "do you have a travel agency",
        "what can I do in the app",
        "你们有柜台吗",
        "有公众号吗",
    ],
)
def test_nothing_else_is_implied(question: str) -> None:
    assert not found(question)


CHINESE = passage("用支付宝App付款。可在青竹App中预约。", 2)


@pytest.mark.parametrize(
    "question", ["do you have a mobile app?", "is there an app", "有手机app吗", "你们有应用程序吗", "有客户端吗"]
)
def test_an_app_is_called_so_in_either_language(question: str) -> None:
    spans = [Candidate(passage=CHINESE, facets=facets) for facets in facets_of(CHINESE)]
    places = implied(QuestionPart(text=question, names=()), spans, range(len(spans)))
    assert [spans[place].span.text for place in places] == ["可在青竹App中预约。"]


@pytest.mark.parametrize("question", ["有手机app吗", "do you have a smartphone app"])
def test_an_english_article_is_told_of_it_too(question: str) -> None:
    assert found(question) == ["Freeze a ticket in the Tern mobile app."]
