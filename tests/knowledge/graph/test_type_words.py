"""Types named in the language that the graph does not speak, and things ranked by how wide or tall they are."""

from pathlib import Path

import pytest

from knowledge.embedders import glosses
from knowledge.graph import KnowledgeGraph
from knowledge.types import GraphStatus

BOATS = """name,type,aliases,price,width,height
Heron Canoe,canoe,苍鹭独木舟,900,85,40
Teal Canoe,canoe,水鸭独木舟,700,92,38
Coot Kayak,kayak,骨顶鸡皮艇,650,60,30
Grebe Kayak,kayak,鸊鷉皮艇,820,58,33
Osprey Table,table,鱼鹰折叠桌,75,120,70
"""
MACHINES = """名称,类型,价格,宽度
春分冰箱,冰箱,3000,60
秋分冰箱,冰箱,4000,90
夏至空调,空调,2500,80
"""

needs_dictionary = pytest.mark.skipif(not glosses.is_available(), reason="the dictionary is not installed")


def graph_of(records: str, folder: Path) -> KnowledgeGraph:
    path = folder / "records.csv"
    path.write_text(records, "utf-8")
    graph = KnowledgeGraph.open(folder / "graph")
    graph.import_file(path)
    return graph


@pytest.fixture
def boats(tmp_path: Path) -> KnowledgeGraph:
    return graph_of(BOATS, tmp_path)


@pytest.mark.parametrize(
    ("question", "results"),
    [
        ("最便宜的独木舟", ("Teal Canoe",)),
        ("哪款皮艇最贵", ("Grebe Kayak",)),
        ("which canoe is the widest?", ("Teal Canoe",)),
        ("narrowest kayak", ("Grebe Kayak",)),
        ("最宽的独木舟是哪个", ("Teal Canoe",)),
        ("what is the tallest canoe", ("Heron Canoe",)),
        ("the biggest kayak?", ("Coot Kayak",)),
    ],
)
def test_a_kind_is_known_by_how_names_end(boats: KnowledgeGraph, question: str, results: tuple[str, ...]) -> None:
    assert boats.answer(question).results == results


@needs_dictionary
def test_a_kind_of_one_thing_is_known_by_the_dictionary(boats: KnowledgeGraph) -> None:
    assert boats.answer("最便宜的桌子").results == ("Osprey Table",)


@needs_dictionary
def test_a_chinese_kind_is_known_in_english(tmp_path: Path) -> None:
    graph = graph_of(MACHINES, tmp_path)
    assert graph.answer("which refrigerator is the cheapest?").results == ("春分冰箱",)
    assert graph.answer("widest refrigerator").results == ("秋分冰箱",)


@pytest.mark.parametrize(
    "question", ["最便宜的独木舟罩", "最便宜的桌布", "最便宜的皮划艇教练", "cheapest canoe paddle"]
)
def test_what_only_belongs_to_a_kind_is_not_it(boats: KnowledgeGraph, question: str) -> None:
    assert boats.answer(question).status is not GraphStatus.ANSWERED


def test_what_nothing_is_measured_by_ranks_nothing(boats: KnowledgeGraph) -> None:
    assert boats.answer("which canoe is the deepest?").status is GraphStatus.UNSUPPORTED
