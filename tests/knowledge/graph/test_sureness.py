"""When the graph answers at all: not what the question only seems to ask, because a number or a word fits."""

from pathlib import Path

import pytest

from knowledge.graph import KnowledgeGraph
from knowledge.types import GraphStatus

TARIFFS = """name,type,aliases,monthly_fee_gbp,data_gb,battery_hours,speed,esim,roaming_in,works_with
Rilo Lite,tariff,Lite,8,5,,slow,no,France;Spain,
Rilo Plus,tariff,Plus,15,40,,slow,yes,France;Spain;Italy,
Rilo Max,tariff,Max,28,200,,fast,yes,France;Spain;Italy;Norway,
Hopper,router,,90,,12,fast,no,,Rilo Plus;Rilo Max
Skipper,router,,60,,8,slow,no,,Rilo Max
France,country,,,,,,,,
Spain,country,,,,,,,,
Italy,country,,,,,,,,
Norway,country,,,,,,,,
"""
MAPPING = """name: name
type: type
type_name: entity
aliases: [aliases]
attributes: [monthly_fee_gbp, data_gb, battery_hours, speed, esim]
relations: {roaming_in: country, works_with: tariff}
separator: ;
wording:
  relations:
    monthly_fee_gbp: {label: {en: monthly fee, zh: 月租}, value: {en: '{} pounds', zh: '{}英镑'}, cues: {en: [cost, how much is], zh: [多少钱]}}
    data_gb: {label: {en: data, zh: 流量}, value: {en: '{} GB', zh: '{} GB'}}
    battery_hours: {label: {en: battery life, zh: 续航}, value: {en: '{} hours', zh: '{}小时'}}
    esim: {label: {en: eSIM, zh: eSIM}, holds: {en: eSIM ready, zh: 支持eSIM}}
    roaming_in: {label: {en: countries, zh: 漫游地区}, holds: {en: usable in, zh: 可漫游于}}
  types:
    tariff: {en: tariffs, zh: 套餐}
    country: {en: countries, zh: 国家}
"""
KNOWN = {GraphStatus.ANSWERED, GraphStatus.MISSING}


@pytest.fixture
def tariffs(tmp_path: Path) -> KnowledgeGraph:
    (tmp_path / "tariffs.csv").write_text(TARIFFS, "utf-8")
    (tmp_path / "map.yaml").write_text(MAPPING, "utf-8")
    graph = KnowledgeGraph.open(tmp_path / "tariffs")
    graph.import_file(tmp_path / "tariffs.csv", tmp_path / "map.yaml")
    return graph


@pytest.mark.parametrize(
    "question",
    [
        "Can I return the Hopper within 10 hours?",
        "Is the Hopper delivered within 2 days?",
        "Can I get the Hopper within 24 hours?",
        "Can I send a 3 GB film on Plus?",
        "Can I move to Max within 5 minutes?",
    ],
)
def test_a_number_that_fits_a_unit_is_no_question_for_it(tariffs: KnowledgeGraph, question: str) -> None:
    assert tariffs.answer(question).status not in KNOWN


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("Does Plus have 30 GB of data?", "yes"),
        ("Does Plus have 30 GB?", "yes"),
        ("Does Lite have 30 GB of data?", "no"),
        ("Plus 有 30 GB 流量吗？", "yes"),
        ("Does the Hopper last 10 hours?", "yes"),
        ("Does Plus cost 10 pounds?", "no"),
    ],
)
def test_to_have_more_than_is_asked_is_to_have_that(tariffs: KnowledgeGraph, question: str, holds: str) -> None:
    assert tariffs.answer(question).results == (holds,)


@pytest.mark.parametrize(
    "question",
    [
        "How much insurance does the Hopper need?",
        "How much does insurance for the Hopper cost?",
        "How much is a repair of the Hopper?",
        "How much does it cost to move from Max to Plus?",
        "Hopper保险多少钱？",
        "Plus 补卡要多少钱？",
    ],
)
def test_what_something_else_costs_is_not_the_price_of_the_thing(tariffs: KnowledgeGraph, question: str) -> None:
    assert tariffs.answer(question).status not in KNOWN


@pytest.mark.parametrize(
    "question",
    [
        "How much is Plus per year?",
        "What does Plus cost a day?",
        "What did Plus cost last year?",
        "How much is Plus in dollars?",
        "Is Plus a one-time cost?",
        "Plus 套餐一年多少钱？",
        "Plus 套餐去年多少钱？",
        "Plus 套餐每天多少钱？",
        "which tariffs cost less than 20 dollars?",
    ],
)
def test_a_price_by_another_measure_is_not_known(tariffs: KnowledgeGraph, question: str) -> None:
    assert tariffs.answer(question).status not in KNOWN


@pytest.mark.parametrize(
    "question",
    [
        "How much is Plus?",
        "How much does the gorgeous Plus cost?",
        "What does Plus cost per month?",
        "How much is Plus in pounds?",
        "does anyone know what Plus costs",
        "Plus 套餐现在多少钱？",
        "Plus 套餐每月多少钱？",
        "Plus 的月租是多少英镑？",
    ],
)
def test_a_price_is_told_as_it_is_measured(tariffs: KnowledgeGraph, question: str) -> None:
    assert tariffs.answer(question).results == ("15",)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("which countries does Max have that Plus doesn't?", ("Norway",)),
        ("which countries does Max have but Lite does not?", ("Italy", "Norway")),
        ("哪些国家 Max 有而 Plus 没有？", ("Norway",)),
        ("which tariffs cost less than 20 pounds per month?", ("Rilo Lite", "Rilo Plus")),
        ("Is Max fast or slow?", ("fast",)),
        ("Is Lite usable in Italy?", ("no",)),
        ("Hopper 能用在 Lite 上吗？", ("no",)),
        ("Hopper 能用在 Plus 吗？", ("yes",)),
        ("Plus 套餐支持eSIM吗？", ("yes",)),
    ],
)
def test_what_is_listed_is_told(tariffs: KnowledgeGraph, question: str, found: tuple[str, ...]) -> None:
    assert tariffs.answer(question).results == found


def test_how_much_asks_for_what_the_verb_says(shop: KnowledgeGraph, tariffs: KnowledgeGraph) -> None:
    assert shop.answer("How much battery does the Quietly have?").results == ("28",)
    assert shop.answer("how much is the rating of the Quietly").relation == "rating"
    assert tariffs.answer("how much does the Hopper have of battery life?").relation == "battery_hours"
