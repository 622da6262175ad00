"""Values and edges are read by wordings that the graph itself vouches for; what contradicts it is marked."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.learning.graph.known import Known, parts, plain
from agent.learning.graph.links import propose_links
from agent.learning.graph.proposals import Kind, State
from agent.learning.graph.value_spans import spans_at
from agent.learning.graph.values import propose_values
from agent.learning.records import LoggedConversation
from knowledge.graph.entities import EntityRecord
from tests.agent.learning.graph.talks import STARS, chinese, conversation, english, graph_of, heard

Corpus = Callable[[Sequence[str]], tuple[list[EntityRecord], list[LoggedConversation]]]


@pytest.mark.parametrize(
    ("corpus", "lacking", "value"), [(english, "Sigma Speaker", "142"), (chinese, "心宿音箱", "218")]
)
def test_a_value_that_the_graph_lacks_is_read_as_others_are_worded(
    tmp_path: Path, corpus: Corpus, lacking: str, value: str
) -> None:
    records, talks = corpus([lacking])
    known, heard_talks = heard(graph_of(tmp_path, records), talks)
    (found,) = propose_values(known, heard_talks)
    assert (found.kind, found.head, found.relation, found.tail) == (Kind.VALUE, lacking, "price", value)
    assert found.score > 0.8
    assert lacking in found.evidence[0].quote
    assert found.evidence[0].source.endswith("#2")


def test_what_the_graph_holds_otherwise_is_a_conflict_and_not_offered(tmp_path: Path) -> None:
    records, talks = chinese()
    talks[7] = conversation("new", "轩辕音箱涨价了吗？", "您好，轩辕音箱的价格是209元。")
    known, heard_talks = heard(graph_of(tmp_path, records), talks)
    (found,) = propose_values(known, heard_talks)
    assert found.state is State.CONFLICT
    assert found.others == ("221",)


def test_wordings_that_are_often_wrong_are_not_believed(tmp_path: Path) -> None:
    records, _ = chinese(["心宿音箱"])
    talks = [
        conversation(f"c{n}", f"{name}音箱呢？", f"{name}音箱的价格是{200 + 3 * n if n < 3 else 203 + n}元。")
        for n, name in enumerate(STARS)
    ]
    known, heard_talks = heard(graph_of(tmp_path, records), talks)
    assert all(found.score < 0.6 for found in propose_values(known, heard_talks) if found.state is State.OPEN)


def test_what_was_masked_is_no_value(tmp_path: Path) -> None:
    phones = {name: f"0101234{n}678" for n, name in enumerate(STARS)}
    records = [
        EntityRecord(name=f"{name}酒店", type="hotel", values={"phone": [phone]} if name != "角宿" else {})
        for name, phone in phones.items()
    ]
    talks = [
        conversation(n, f"{n}酒店电话？", f"{n}酒店的电话是{'[PHONE]' if n == '角宿' else p}。")
        for n, p in phones.items()
    ]
    known, heard_talks = heard(graph_of(tmp_path, records), talks)
    assert list(propose_values(known, heard_talks)) == []


def test_edges_are_read_from_lists_and_those_said_before_count(tmp_path: Path) -> None:
    sights = [f"{name}公园" for name in STARS]
    hotels = [f"{name}大酒店" for name in STARS]
    lacking = (sights[4], hotels[6])
    near = {sight: [hotels[n], hotels[(n + 2) % 10]] for n, sight in enumerate(sights)}
    records = [
        EntityRecord(name=s, type="sight", links={"nearby": [h for h in near[s] if (s, h) != lacking]}) for s in sights
    ]
    records += [EntityRecord(name=hotel, type="hotel") for hotel in hotels]
    talks = [conversation(s, f"我想去{s}，附近有酒店吗？", f"附近的酒店有{near[s][0]}、{near[s][1]}。") for s in sights]
    known, heard_talks = heard(graph_of(tmp_path, records), talks)
    (found,) = propose_links(known, heard_talks)
    assert (found.head, found.relation, found.tail, found.tail_type) == (lacking[0], "nearby", lacking[1], "hotel")
    assert found.score > 0.8


def test_values_are_compared_without_width_blanks_and_signs() -> None:
    assert plain("０１０-6511 6400。") == plain("010-65116400")
    assert plain("¥60") == "60"
    assert parts("010-64013311;010-84047917") == ["010-64013311", "010-84047917"]
    assert parts("1,234") == ["1,234"]


@given(st.text(max_size=60), st.integers(0, 60))
def test_spans_lie_within_the_message_whatever_it_says(text: str, at: int) -> None:
    from agent.learning.graph.speaking import Message

    known = Known.of(
        EntityRecord(name=f"e{n}", type="t", values={"r": ["甲乙丙", "x y"], "n": [n * 3.0]}) for n in range(9)
    )
    message = Message(source="c#1", conversation="c", staff=True, text=text, mentions=())
    for relation in known.relations:
        for found in spans_at(known, message, min(at, len(text)), relation):
            assert all(0 <= start <= end <= len(text) for start, end in found.spans)
