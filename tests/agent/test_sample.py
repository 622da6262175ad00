"""The sample shop: every question that it suggests is answered rightly, in any order, and its knowledge agrees with itself."""

import csv
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.build import open_agent
from agent.home import Home
from agent.homes import load_suggestions
from agent.loop import Agent
from agent.samples import sample_path
from agent.samples.install import sample_settings
from agent.settings import load_settings
from agent.types import Utterance
from tests.support.embedders import EMBEDDERS
from tests.support.homes import sample_shop

EXPECTED = {
    "How long do I have to return something?": ("answer", ["30 days"], []),
    "Which phones under $600 are waterproof?": ("answer", ["Norvane P5", "Norvane P4"], ["P5 Lite", "P5 Pro", "Fold"]),
    "What does express delivery cost?": ("answer", ["$12.90"], []),
    "Where is my order?": ("clarify", ["order number"], []),
    "Can I pay in instalments?": ("answer", ["you can pay in instalments", "$200"], []),
    "I want to talk to a person": ("handoff", ["colleague"], []),
    "退货期限是多久？": ("answer", ["30天"], []),
    "最便宜的耳机是哪款？": ("answer", ["声沃儿童耳机", "39美元"], ["price", "$"]),
    "加急配送多少钱？": ("answer", ["12.90美元"], []),
    "我的订单到哪了？": ("clarify", ["订单号"], []),
    "可以分期付款吗？": ("answer", ["可以分期付款", "200美元"], []),
    "转人工": ("handoff", ["人工同事"], []),
}


@pytest.fixture(scope="module", params=EMBEDDERS)
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if request.param == "corpus":
        shop: Path = request.getfixturevalue("corpus_shop")
        return shop
    return sample_shop(tmp_path_factory.mktemp("shop") / request.param, request.param)


@pytest.fixture
async def agent(shop: Path) -> AsyncIterator[Agent]:
    async with open_agent(load_settings(shop)) as agent:
        yield agent


async def test_every_suggested_question_is_answered_with_its_key_fact(agent: Agent, shop: Path) -> None:
    questions = [*load_suggestions(Home(shop), "en"), *load_suggestions(Home(shop), "zh")]
    assert set(questions) == set(EXPECTED)
    # Once by itself, once after all the others, as one visitor may click them.
    history: list[Utterance] = []
    for question in questions:
        await _answered(agent, question, [])
        text = await _answered(agent, question, history)
        history += [Utterance(role="user", content=question), Utterance(role="assistant", content=text)]


async def _answered(agent: Agent, question: str, history: list[Utterance]) -> str:
    decision, held, absent = EXPECTED[question]
    reply = await agent.answer(question, tuple(history))
    assert reply.decision == decision, (question, reply.text)
    assert all(text in reply.text for text in held), (question, reply.text)
    assert not any(text in reply.text for text in absent), (question, reply.text)
    return reply.text


@pytest.mark.parametrize("nonsense", ["xxxx", "asdf qwer zxcv", "啊啊啊啊"])
async def test_nonsense_is_declined_whatever_was_talked_of(agent: Agent, nonsense: str) -> None:
    history = (
        Utterance(role="user", content="Is the P5 waterproof?"),
        Utterance(role="assistant", content="Yes, Norvane P5 is waterproof."),
    )
    assert (await agent.answer(nonsense, history)).decision == "decline"


@pytest.mark.parametrize(
    ("said", "first", "then", "cited"),
    [
        ("This is outrageous, I've waited three days and nothing!", "I'm sorry", '"a person, please"', set()),
        ("Worst service ever!!!", "I'm sorry", '"a person, please"', set()),
        ("气死我了", "非常抱歉", "“转人工”", set()),
        ("什么破公司，太垃圾了！", "非常抱歉", "“转人工”", set()),
        ("你们太过分了，等了三天还没到！", "非常抱歉", "订单号", set()),
        ("My parcel still hasn't arrived, I'm so disappointed.", "I'm sorry", "order number", set()),
        (
            "I've been waiting ten working days for my refund and nothing has come. Terrible.",
            "I'm sorry",
            "days",
            {"en-refunds"},
        ),
        ("退款十天了还没到账，太差劲了！", "非常抱歉", "工作日", {"zh-refunds"}),
    ],
)
async def test_who_vents_is_heard_first_and_never_told_of_something_else(
    agent: Agent, said: str, first: str, then: str, cited: set[str]
) -> None:
    reply = await agent.answer(said)
    assert reply.text.startswith(first)
    assert then in reply.text
    assert {citation.source_id for citation in reply.citations} == cited


@pytest.mark.parametrize(
    ("said", "cited"),
    [
        ("你好，退货的期限是多久？", "zh-returns"),
        ("您好 请问保修多久", "zh-warranty"),
        ("Hello, how long may I return things?", "en-returns"),
        ("hi there! do you deliver on Sundays?", "en-delivery"),
    ],
)
async def test_who_greets_and_asks_is_answered(agent: Agent, said: str, cited: str) -> None:
    assert cited in {citation.source_id for citation in (await agent.answer(said)).citations}


@pytest.mark.parametrize(
    "said",
    [
        "我的订单有问题，想把钱退回来",
        "你好，我买的耳机坏了，麻烦把钱退给我",
        "There is a problem with my order, I would like to have the money returned",
        "Can you refund me please?",
    ],
)
async def test_who_wants_the_money_back_is_asked_for_the_order(agent: Agent, said: str) -> None:
    reply = await agent.answer(said)
    assert (reply.decision, reply.flow["flow"] if reply.flow else "") == ("flow", "refund")


@pytest.mark.parametrize(
    "asked", ["退款多久到账？", "我的钱什么时候退回来", "how do refunds work?", "我想知道怎么退款", "确认，请办理"]
)
async def test_who_does_not_ask_for_a_refund_begins_none(agent: Agent, asked: str) -> None:
    assert (await agent.answer(asked)).flow is None


async def test_a_short_chinese_question_of_its_own_is_not_read_with_the_last_one(agent: Agent) -> None:
    history = (Utterance(role="user", content="我要退款"), Utterance(role="assistant", content="请问是哪个订单？"))
    reply = await agent.answer("退货有几天时间？", history)
    assert reply.understanding.question == "退货有几天时间？"
    assert "30天" in reply.text


async def test_a_laptop_goes_back_by_the_customers_rule_first(agent: Agent) -> None:
    reply = await agent.answer("How long do I have to return a laptop?")
    assert "30 days" in reply.text.split("[1]")[0]
    assert reply.citations[0].source_id == "en-returns"


@pytest.mark.parametrize(("language", "table"), [("en", r"\| (.+?) \| (\d+) months"), ("zh", r"\| (.+?) \| (\d+)个月")])
def test_the_warranty_article_says_of_each_category_what_its_products_say(language: str, table: str) -> None:
    said = dict(re.findall(table, (sample_path() / "knowledge" / language / "warranty.md").read_text("utf-8")))
    months = {row: int(number) for row, number in said.items()}
    chargers = next(n for row, n in months.items() if "chargers" in row or "充电器" in row)
    phones = next(n for row, n in months.items() if "Phones" in row or "手机" in row)
    with (sample_path() / "products.csv").open(encoding="utf-8") as file:
        products = list(csv.DictReader(file))
    assert {int(p["warranty_months"]) for p in products if p["category"] in {"charger", "case"}} == {chargers}
    assert {int(p["warranty_months"]) for p in products if p["category"] in {"phone", "tablet", "cable"}} == {phones}


@pytest.mark.parametrize("pair", sorted(p.name for p in (sample_path() / "knowledge" / "en").glob("*.md")))
def test_both_languages_state_the_same_amounts_of_money(pair: str) -> None:
    english, chinese = ((sample_path() / "knowledge" / language / pair).read_text("utf-8") for language in ("en", "zh"))
    dollars = {float(n.replace(",", "")) for n in re.findall(r"\$(\d[\d,]*(?:\.\d+)?)", english)}
    numbers = {float(n.replace(",", "")) for n in re.findall(r"\d[\d,]*(?:\.\d+)?", chinese)}
    assert dollars <= numbers


def test_instalments_are_computed_as_annuities() -> None:
    text = (sample_path() / "knowledge" / "en" / "instalments.md").read_text("utf-8")
    rows = re.findall(r"\| (\d+) months \| ([\d.]+)% \| \$([\d.]+) \|", text)
    assert len(rows) == 4
    for months, rate, said in rows:
        n, monthly = int(months), float(rate) / 1200
        exact = 900 / n if not monthly else 900 * monthly / (1 - (1 + monthly) ** -n)
        assert float(said) == pytest.approx(exact, abs=0.005)


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_every_title_that_is_offered_is_answered_from_its_article(agent: Agent, language: str) -> None:
    asked = Utterance(role="user", content="snorkels?" if language == "en" else "潜水镜？")
    for path in sorted((sample_path() / "knowledge" / language).glob("*.md")):
        title = re.search(r'^title: "?(.*?)"?$', path.read_text("utf-8"), re.MULTILINE)
        assert title
        reply = await agent.answer(title[1], (asked, Utterance(role="assistant", content=f"{title[1]}.")))
        assert (reply.decision, reply.language) == ("answer", language), title[1]
        assert {citation.source_id for citation in reply.citations} == {f"{language}-{path.stem}"}
        assert all(citation.link for citation in reply.citations)


def test_the_shop_is_one_company_wherever_it_is_named() -> None:
    company = sample_settings()["company"]
    articles = [path.read_text("utf-8") for path in (sample_path() / "knowledge").rglob("*.md")]
    assert all(
        str(company["handoff_contact"]) in "".join(a for a in articles if f"id: {code}-" in a) for code in ("en", "zh")
    )
    domains = {match for text in articles for match in re.findall(r"[\w.]+@([\w.]+\w)", text, re.ASCII)}
    assert domains == {str(company["handoff_contact"]).partition("@")[2]}
    assert re.sub(r"\W|and", "", str(company["name"]).lower()) == domains.pop().partition(".")[0]
