"""What a person accepts is kept once, whole, in words that can be read again."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import CallerError
from agent.home import Home
from agent.learning.intents.accepting import (
    Taken,
    accept,
    accept_clusters,
    accept_suspects,
    accepted_file,
    read_accepted,
)
from agent.learning.intents.records import Cluster, Suspect

CLUSTER = Cluster(
    id="c1", name="退款_到账", language="zh", size=2, terms=(), central=(), borderline=(), members=("a#1", "b#1")
)
TEXTS = {"a#1": "退款什么时候到账？", "b#1": "我的退款，还没到账"}


def test_a_text_is_kept_once_under_its_latest_label(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert accept(home, [("Where is it?", "delivery"), ("where  is it?", "delivery")]) == Taken(added=1, known=1)
    assert accept(home, [("WHERE IS IT?", "order_status"), ("退款", "refund")]) == Taken(added=1, changed=1)
    assert accepted_file(home).read_text("utf-8") == "text,label\nWhere is it?,order_status\n退款,refund\n"


def test_a_cluster_is_taken_without_those_that_do_not_belong(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert accept_clusters(home, [(CLUSTER, "退款")], TEXTS, without=["b#1"]) == Taken(added=1)
    assert accept_clusters(home, [(CLUSTER, "refund")], TEXTS) == Taken(added=1, changed=1)
    assert set(read_accepted(home).labels) == {"refund"}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"without": ["z#9"]}, "has no member z#9"),
        ({"named": [(CLUSTER, "  ")]}, "can't be the name of an intent"),
        ({"named": [(CLUSTER, "two\nlines")]}, "can't be the name of an intent"),
        ({"texts": {}}, "no utterance a#1 any more"),
    ],
)
def test_what_cannot_be_accepted_is_named_and_changes_nothing(tmp_path: Path, change: dict, problem: str) -> None:
    with pytest.raises(CallerError, match=problem):
        accept_clusters(Home(tmp_path), **{"named": [(CLUSTER, "refund")], "texts": TEXTS, **change})
    assert not accepted_file(Home(tmp_path)).exists()


def test_a_suspect_is_corrected(tmp_path: Path) -> None:
    suspect = Suspect(id="s1", text="change my PIN", label="card_arrival", suggested="change_pin", score=0.9)
    home = Home(tmp_path)
    accept(home, [("change my PIN", "card_arrival")])
    assert accept_suspects(home, [suspect], labels={"s1": "change_pin"}) == Taken(changed=1)
    with pytest.raises(CallerError, match="no suspect is called s2"):
        accept_suspects(home, [suspect], labels={"s2": "change_pin"})


def test_a_damaged_file_is_named_and_left_alone(tmp_path: Path) -> None:
    file = accepted_file(Home(tmp_path))
    file.parent.mkdir(parents=True)
    file.write_bytes(b"\xff\xfe nothing")
    with pytest.raises(CallerError, match=r"utterances\.csv can't be read"):
        accept(Home(tmp_path), [("a", "b")])
    assert file.read_bytes() == b"\xff\xfe nothing"


def test_those_who_accept_at_once_lose_nothing(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda n: accept(Home(tmp_path), [(f"text {n}", "label")]), range(20)))
    assert len(read_accepted(Home(tmp_path))) == 20


@given(st.lists(st.tuples(st.text(min_size=1), st.sampled_from(["refund", "退款", 'a "b", c'])), max_size=5))
def test_whatever_was_said_is_read_back(tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]) -> None:
    home = Home(tmp_path_factory.mktemp("home"))
    sayable = [(text, label) for text, label in pairs if text.strip() and "\0" not in text]
    accept(home, sayable)
    held = read_accepted(home)
    assert set(held.texts) <= {" ".join(text.split()) for text, _ in sayable}
    assert accept(home, zip(held.texts, held.labels, strict=True)).known == len(held)
