"""Questions that lead over several entities, and how two are connected."""

from pathlib import Path

import pytest

from knowledge.graph import KnowledgeGraph
from knowledge.types import GraphStatus

FIRMS = """head,relation,tail,head_type,tail_type
Quill,made_by,Brightworks,pen,firm
Nib,made_by,Brightworks,pen,firm
Scroll,made_by,Paperhouse,paper,firm
Brightworks,owned_by,Northgroup,firm,group
Paperhouse,owned_by,Northgroup,firm,group
Northgroup,headquarters,Port Ellis,group,
Brightworks,phone,555-0100,firm,
Lonely,colour,grey,pen,
"""


@pytest.fixture
def firms(tmp_path: Path) -> KnowledgeGraph:
    (tmp_path / "firms.csv").write_text(FIRMS, "utf-8")
    graph = KnowledgeGraph.open(tmp_path / "firms")
    graph.import_file(tmp_path / "firms.csv")
    return graph


@pytest.mark.parametrize(
    ("question", "results"),
    [
        ("What is the headquarters of the group that the firm Quill is made by is owned by?", ("Port Ellis",)),
        ("what is the phone of the firm that Nib is made by?", ("555-0100",)),
        ("what is Nib made by?", ("Brightworks",)),
        ("which pens are made by Brightworks?", ("Quill", "Nib")),
        ("what is owned by Northgroup?", ("Brightworks", "Paperhouse")),
    ],
)
def test_named_relations_are_followed_from_the_entity_on(
    firms: KnowledgeGraph, question: str, results: tuple[str, ...]
) -> None:
    answer = firms.answer(question)
    assert answer.results == results
    assert all(fact.source_id == "firms.csv" for fact in answer.facts)


def test_near_what_is_near(town: KnowledgeGraph, tmp_path: Path) -> None:
    (tmp_path / "inns.csv").write_text(
        "head,relation,tail,head_type,tail_type\n松涛旅店,附近茶馆,听雨轩,inn,茶馆\n松涛旅店,附近茶馆,观云楼,inn,茶馆\n"
        "听雨轩,价格,30,茶馆,\n观云楼,价格,50,茶馆,\n听雨轩,电话,0571-3331,茶馆,\n",
        "utf-8",
    )
    town.import_file(tmp_path / "inns.csv")

    asked = "青松公园附近最便宜的旅店周边最便宜的茶馆"
    assert town.answer(f"{asked}是哪家").results == ("听雨轩",)
    answer = town.answer(f"{asked}电话多少")
    assert answer.results == ("0571-3331",)
    assert next((f.head, f.relation) for f in answer.facts) == ("青松公园", "周边旅店")


@pytest.mark.parametrize("question", ["How are Quill and Scroll connected?", "Quill和Scroll有什么关系？"])
def test_the_shortest_path_between_two_is_shown(firms: KnowledgeGraph, question: str) -> None:
    answer = firms.answer(question)

    assert answer.form == "path"
    assert answer.results == ("Quill", "Brightworks", "Northgroup", "Paperhouse", "Scroll")
    assert [(f.head, f.tail) for f in answer.facts][1:3] == [
        ("Brightworks", "Northgroup"),
        ("Paperhouse", "Northgroup"),
    ]


def test_what_is_not_connected_is_said_to_be_so(firms: KnowledgeGraph) -> None:
    assert firms.answer("how is Lonely related to Quill?").status is GraphStatus.MISSING


@pytest.mark.parametrize(
    ("question", "results"),
    [
        ("Is Quill a pen?", ("yes",)),
        ("Is Brightworks a pen?", ("no",)),
        ("Brightworks是group吗", ("no",)),
    ],
)
def test_what_a_thing_is(firms: KnowledgeGraph, question: str, results: tuple[str, ...]) -> None:
    answer = firms.answer(question)
    assert (answer.form, answer.results) == ("is", results)
    assert len(answer.facts) == 1


def test_why_asks_for_the_same_with_its_reasons(firms: KnowledgeGraph) -> None:
    plain, why = firms.answer("what is Nib made by?"), firms.answer("why: what is Nib made by?")
    assert (why.facts, why.why, plain.why) == (plain.facts, True, False)
    assert firms.answer("为什么：Nib made by").why
