"""How a graph's keys are said: by a mapping, else by what the lexicon knows."""

from pathlib import Path

import pytest

from knowledge.errors import InvalidMapping
from knowledge.graph import KnowledgeGraph

MAPPING = """
name: name
names: {zh: name_zh}
type: category
attributes: [price_usd, waterproof, tint]
wording:
  relations:
    price_usd: {label: {zh: 售价}, value: {zh: "{}美元"}}
    waterproof: {fails: {zh: 不防水}}
  types: {lamp: {zh: 灯}}
  terms: {Amber: {zh: 琥珀色}}
"""
LAMPS = """name,name_zh,category,price_usd,waterproof,tint
Dusk,暮,lamp,30,yes,Amber
Dawn,晨,lamp,20,no,Amber
Noon,午,lamp,50,no,Plain
"""


@pytest.fixture
def lamps(tmp_path: Path) -> KnowledgeGraph:
    (tmp_path / "lamps.csv").write_text(LAMPS, "utf-8")
    (tmp_path / "lamps.yaml").write_text(MAPPING, "utf-8")
    graph = KnowledgeGraph.open(tmp_path / "graph")
    graph.import_file(tmp_path / "lamps.csv", tmp_path / "lamps.yaml")
    return graph


def test_a_mapping_words_names_relations_types_and_values(lamps: KnowledgeGraph) -> None:
    wording = lamps.answer("How much is Dusk?", language="zh").wording

    assert wording.labels["price_usd"] == "售价"
    assert wording.values["price_usd"] == "{}美元"
    assert wording.verdicts["waterproof", False] == "不防水"
    assert {key: wording.terms[key] for key in ("Dusk", "lamp", "Amber")} == {
        "Dusk": "暮",
        "lamp": "灯",
        "Amber": "琥珀色",
    }


@pytest.mark.parametrize(
    ("question", "results"),
    [("最便宜的灯是哪个？", ("Dawn",)), ("哪些灯是琥珀色的？", ("Dusk", "Dawn")), ("Dusk的售价", ("30",))],
)
def test_its_words_are_understood_too(lamps: KnowledgeGraph, question: str, results: tuple[str, ...]) -> None:
    assert lamps.answer(question).results == results


def test_without_a_mapping_the_concept_is_named(shop: KnowledgeGraph, town: KnowledgeGraph) -> None:
    chinese = shop.answer("how much is the Orbix Note?", language="zh").wording
    assert (chinese.labels["price_usd"], chinese.labels["battery_hours"]) == ("价格", "续航")
    assert chinese.terms["headphones"] == "耳机"
    assert town.answer("青松公园的电话", language="zh").wording.labels["电话"] == "电话"
    assert town.answer("青松公园的电话", language="en").wording.labels["电话"] == "phone number"


def test_wording_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "lamps.csv").write_text(LAMPS, "utf-8")
    (tmp_path / "m.yaml").write_text("name: name\nwording: {relations: {price_usd: {lable: {zh: 售价}}}}\n", "utf-8")
    with pytest.raises(InvalidMapping, match="lable"):
        KnowledgeGraph.open(tmp_path / "g").import_file(tmp_path / "lamps.csv", tmp_path / "m.yaml")
