"""Several of one name: asked back, and the reply understood."""

from pathlib import Path

import pytest

from knowledge.graph import KnowledgeGraph
from knowledge.types import GraphStatus

HOTELS = """name,city,address,phone,stars
Hilton,Shanghai,1 Pudong Avenue,111,5
Hilton,Beijing,9 Chaoyang Road,222,5
Hilton,Chengdu,4 Jinjiang Street,333,4
Grand Plaza,Beijing,2 Long Street,444,4
"""


@pytest.fixture
def hotels(tmp_path: Path) -> KnowledgeGraph:
    (tmp_path / "hotels.csv").write_text(HOTELS, "utf-8")
    graph = KnowledgeGraph.open(tmp_path / "hotels")
    report = graph.import_file(tmp_path / "hotels.csv")
    assert "distinct:\n- city" in report.inferred_mapping
    return graph


def test_records_of_one_name_stay_apart_and_are_asked_back(hotels: KnowledgeGraph) -> None:
    assert hotels.stats().entities == 4
    answer = hotels.answer("What is the phone number of the Hilton?")
    assert answer.status is GraphStatus.AMBIGUOUS
    assert answer.options == ("Hilton (Shanghai)", "Hilton (Beijing)", "Hilton (Chengdu)")


@pytest.mark.parametrize(
    ("reply", "phone"),
    [
        ("the second one", "222"),
        ("第二个", "222"),
        ("2", "222"),
        ("the last one please", "333"),
        ("the one in Pudong", "111"),
        ("Pudong", "111"),
        ("Hilton (Beijing)", "222"),
        ("I mean the Chengdu one", "333"),
        ("the one on Jinjiang Street", "333"),
    ],
)
def test_a_reply_chooses(hotels: KnowledgeGraph, reply: str, phone: str) -> None:
    question = hotels.resolved("What is the phone number of the Hilton?", reply)
    assert hotels.answer(question).results == (phone,)


@pytest.mark.parametrize(
    "reply", ["", "?", "yes", "the one with 5 stars", "what about breakfast?", "第九个", "x" * 500]
)
def test_a_reply_that_chooses_nothing(hotels: KnowledgeGraph, reply: str) -> None:
    assert hotels.resolved("What is the phone number of the Hilton?", reply) == ""


def test_a_question_that_was_not_ambiguous_is_not_resolved(hotels: KnowledgeGraph) -> None:
    assert hotels.resolved("What is the phone number of the Grand Plaza?", "the second one") == ""


@pytest.mark.parametrize(
    ("reply", "phone"), [("西门店", "0571-2222"), ("第一家", "0571-2221"), ("我要问西门的那家", "0571-2222")]
)
def test_a_branch_by_what_stands_in_brackets(town: KnowledgeGraph, reply: str, phone: str) -> None:
    question = town.resolved("云海旅店的电话是多少", reply)
    assert town.answer(question).results == (phone,)


def test_a_name_of_two_kinds_is_told_apart_by_its_kind(tmp_path: Path) -> None:
    (tmp_path / "sky.csv").write_text(
        "head,relation,tail,head_type\nMercury,size,small,planet\nMercury,size,tiny,company\n"
        "Venus,size,big,planet\nAcme,size,huge,company\n",
        "utf-8",
    )
    (tmp_path / "m.csv").write_text(
        "name,kind,size\nMercury,planet,small\nMercury,company,tiny\nVenus,planet,big\n", "utf-8"
    )
    graph = KnowledgeGraph.open(tmp_path / "g")
    (tmp_path / "map.yaml").write_text("name: name\ntype: kind\nattributes: [size]\n", "utf-8")
    graph.import_file(tmp_path / "m.csv", tmp_path / "map.yaml")

    answer = graph.answer("what is the size of Mercury?")
    assert answer.options == ("Mercury (planet)", "Mercury (company)")
    resolved = graph.resolved("what is the size of Mercury?", "the planet")
    assert graph.answer(resolved).results == ("small",)
