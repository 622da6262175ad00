"""Names that the graph does not hold: other names of what it holds, or new things, and never both at once with certainty."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.learning.graph.likeness import Comparer
from agent.learning.graph.naming import Naming
from agent.learning.graph.proposals import Kind, Proposal
from agent.learning.graph.statistics import standing_alone
from agent.learning.records import LoggedConversation
from knowledge.graph.entities import EntityRecord
from tests.agent.learning.graph.talks import conversation, graph_of, heard

FIRST = "东华西山南湖北海中关前门后海望京朝阳丰台昌平通州大兴怀柔"
HOTELS = [f"{FIRST[n : n + 2]}{kind}" for n in range(0, len(FIRST), 2) for kind in ("大酒店", "饭店", "公园")]


def hotel_talks(names: list[str]) -> list[LoggedConversation]:
    return [
        conversation(f"{name}{n}", f"请问{name}的电话是多少？", f"推荐您去{name}，评分很高。")
        for name in names
        for n in range(2)
    ]


def proposed(folder: Path, records: list[EntityRecord], talks: list[LoggedConversation]) -> list[Proposal]:
    known, heard_talks = heard(graph_of(folder, records), talks)
    return list(Naming(known, heard_talks).propose())


def records_of(names: list[str]) -> list[EntityRecord]:
    return [EntityRecord(name=name, type="公园" if name.endswith("公园") else "酒店") for name in names]


def test_a_new_hotel_is_found_and_typed_by_what_is_said_around_it(tmp_path: Path) -> None:
    talks = hotel_talks([*HOTELS, "玉泉营宾馆"])
    found = [p for p in proposed(tmp_path, records_of(HOTELS), talks) if p.kind is Kind.ENTITY]
    assert [p.head for p in found if p.score > 0.5] == ["玉泉营宾馆"]
    assert found[0].head_type == "酒店"


def test_a_shorter_name_that_staff_answers_with_the_full_one_is_an_alias(tmp_path: Path) -> None:
    names = [*HOTELS, "颐德轩烤鸭店(海淀店)"]
    talks = hotel_talks(names)
    talks += [
        conversation(f"x{n}", "请问海淀颐德轩的电话是多少？", "推荐您去颐德轩烤鸭店(海淀店)，评分很高。")
        for n in range(3)
    ]
    found = [p for p in proposed(tmp_path, records_of(names), talks) if p.kind is Kind.ALIAS]
    assert (found[0].head, found[0].tail) == ("颐德轩烤鸭店(海淀店)", "海淀颐德轩")
    assert found[0].others == ()
    assert found[0].score > 0.6


def test_an_alias_that_fits_two_is_marked(tmp_path: Path) -> None:
    names = [*HOTELS, "颐德轩烤鸭店(海淀店)", "颐德轩烤鸭店(房山店)"]
    # With the brackets taken away the graph itself knows the name; without the ending it does not.
    talks = hotel_talks(names) + [
        conversation(f"x{n}", "请问颐德轩烤鸭的电话是多少？", "您说的是哪一家？") for n in range(3)
    ]
    found = [p for p in proposed(tmp_path, records_of(names), talks) if p.tail == "颐德轩烤鸭"]
    assert all(p.others and p.score < 0.5 for p in found if p.kind is Kind.ALIAS)


def test_codes_and_titles_are_names_where_there_is_little_to_learn_from(tmp_path: Path) -> None:
    records = [EntityRecord(name="Aurora P5 Pro", type="phone", values={"price": [499.0]})]
    talks = [
        conversation(f"c{n}", "Does the P5-Pro charge fast?", "The Aurora P5 Pro does, like the Nimbus Q7.")
        for n in range(4)
    ]
    found = proposed(tmp_path, records, talks)
    aliases = {(p.head, p.tail) for p in found if p.kind is Kind.ALIAS}
    assert ("Aurora P5 Pro", "P5-Pro") in aliases
    assert any("Q7" in p.head for p in found if p.kind is Kind.ENTITY)


@pytest.mark.parametrize(
    ("said", "name", "how"),
    [
        ("P5pro", "P5 Pro", "written"),
        ("Ｐ５ ＰＲＯ", "p5-pro", "written"),
        ("北京京义大酒店", "北京京仪大酒店", "typo"),
        ("前门全聚德", "全聚德烤鸭店(前门店)", "part"),
        ("FVC", "First Valley Card", "initials"),
        ("P5 Pro", "P6 Pro", None),
        ("东城饭店", "西城饭店", None),
        ("refund", "phone", None),
    ],
)
def test_how_names_are_alike(said: str, name: str, how: str | None) -> None:
    comparer = Comparer([name, "全聚德烤鸭店(王府井店)", "北京大学", "Blue Card", "Gold Card", "西单饭店", "北京饭店"])
    like = comparer.like(said, name)
    assert (like.how if like else None) == how


@given(st.text(max_size=20), st.text(min_size=1, max_size=20))
def test_likeness_is_between_nothing_and_one(said: str, name: str) -> None:
    like = Comparer([name, "北京饭店", "Blue Card"]).like(said, name)
    assert like is None or 0 < like.degree <= 1


def test_a_part_of_a_longer_name_does_not_count_for_itself() -> None:
    alone = standing_alone({"全聚德": 10, "全聚德烤鸭": 10, "烤鸭": 30})
    assert alone["全聚德"] == 0
    assert alone["烤鸭"] == 20
