"""Tables as shops have them, without a mapping: which column is what, and the units that stand in their cells."""

from pathlib import Path

import pytest
import yaml

from knowledge.graph import KnowledgeGraph
from knowledge.graph.mapping import GraphMapping
from knowledge.graph.written_units import common_unit, without_unit

KAYAKS = """No,boat name,中文名,category,price per day,goes with,seats
K-1,River Fox,河狐,kayak,28 EUR,Light Paddle,1
K-2,Lake Otter,湖獭,kayak,35 EUR,Long Paddle,2
K-3,Sea Wolf,海狼,canoe,41 EUR,Long Paddle,3
K-4,Light Paddle,轻桨,paddle,4 EUR,,
K-5,Long Paddle,长桨,oar,6 EUR,,
"""


@pytest.fixture
def mapping(tmp_path: Path) -> GraphMapping:
    (tmp_path / "kayaks.csv").write_text(KAYAKS, "utf-8")
    report = KnowledgeGraph.open(tmp_path / "g").import_file(tmp_path / "kayaks.csv")
    return GraphMapping.model_validate(yaml.safe_load(report.inferred_mapping))


@pytest.fixture
def kayaks(tmp_path: Path, mapping: GraphMapping) -> KnowledgeGraph:
    return KnowledgeGraph.open(tmp_path / "g")


def test_a_small_table_has_names_kinds_and_links(mapping: GraphMapping) -> None:
    assert (mapping.name, mapping.type, mapping.names) == ("boat name", "category", {"zh": "中文名"})
    assert mapping.relations == {"goes with": ""}
    assert mapping.wording.relations["price per day"].value == {"en": "€{}", "zh": "{}欧元"}
    assert "seats" not in mapping.wording.relations


def test_what_is_written_with_a_unit_is_compared_as_a_number(kayaks: KnowledgeGraph) -> None:
    assert kayaks.answer("which is the cheapest kayak").results == ("River Fox",)
    assert kayaks.answer("海狼多少钱一天", language="zh").results == ("41",)


def test_a_kind_of_which_there_is_one_thing_each_is_no_kind(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("name,type\nA one,XJ-5\nB two,XK-9\nC three,XM-1\n", "utf-8")
    report = KnowledgeGraph.open(tmp_path / "g").import_file(tmp_path / "t.csv")
    assert "type: ''" in report.inferred_mapping


@pytest.mark.parametrize("key", ["name", "product name", "商品名称", "品名", "tour", "Item"])
def test_a_number_of_the_record_is_not_its_name(tmp_path: Path, key: str) -> None:
    (tmp_path / "t.csv").write_text(
        f"编号,{key},中文名,brand name\nA1,Alpha,甲,X\nA2,Beta,乙,Y\nA3,Gamma,丙,Y\n", "utf-8"
    )
    report = KnowledgeGraph.open(tmp_path / "g").import_file(tmp_path / "t.csv")
    assert f"name: {key}\n" in report.inferred_mapping


@pytest.mark.parametrize(
    ("cells", "unit"),
    [
        (["1290 EUR", "890 EUR"], {"en": "€{}", "zh": "{}欧元"}),
        (["288元", "1,299元"], {"en": "¥{}", "zh": "{}元"}),
        (["$4.50", "$12"], {"en": "${}", "zh": "${}"}),
        (["220 cm", "60 cm"], {"en": "{} cm", "zh": "{}厘米"}),
        (["12 portions", "8 portions"], {"en": "{} portions", "zh": "{} portions"}),
        (["20%", "5%"], {"en": "{}%", "zh": "{}%"}),
        (["2 hours", "90 minutes"], {}),
        (["2.450 EUR", "890 EUR"], {}),  # two thousand, or not three?
        (["12", "14"], {}),
        (["150-180 cm", "160-190 cm"], {}),
        (["1290 EUR"], {}),
        (["A4", "A5"], {}),
        ([], {}),
    ],
)
def test_the_unit_that_all_cells_have(cells: list[str], unit: dict[str, str]) -> None:
    assert common_unit(cells) == unit


@pytest.mark.parametrize(
    ("cell", "unit", "left"),
    [
        ("128 GB", {"en": "{} GB", "zh": "{} GB"}, "128"),
        ("128gb", {"en": "{} GB"}, "128"),
        ("128 MB", {"en": "{} GB"}, "128 MB"),
        ("59 dollars", {"en": "${}"}, "59 dollars"),
        ("about 5 kg", {"en": "{} kg"}, "about 5 kg"),
        ("5", {"en": "{} kg"}, "5"),
    ],
)
def test_a_cell_without_the_unit_of_its_column(cell: str, unit: dict[str, str], left: str) -> None:
    assert without_unit(cell, unit) == left


@pytest.mark.parametrize(
    ("question", "result"),
    [("阿尔法有货吗", "no"), ("阿尔法是哪里产的", "Chile"), ("how wide is the Alpha", "40"), ("阿尔法多宽", "40")],
)
def test_columns_called_by_several_words_are_known(tmp_path: Path, question: str, result: str) -> None:
    table = "name,chinese name,made in,in stock,width\nAlpha,阿尔法,Chile,no,40 cm\nBeta,贝塔,Peru,yes,60 cm\n"
    (tmp_path / "t.csv").write_text(table, "utf-8")
    graph = KnowledgeGraph.open(tmp_path / "g")
    graph.import_file(tmp_path / "t.csv")
    assert graph.answer(question).results == (result,)
