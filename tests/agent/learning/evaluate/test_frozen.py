"""Frozen examples: which side a text is on never changes, and nothing frozen is trained on."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import CallerError
from agent.home import Home
from agent.learning.evaluate.frozen import FrozenSets, normalised
from agent.training.bundle import Task
from agent.training.data import Labelled

texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)


def many(n: int = 400) -> Labelled:
    rows = [(f"请问订单{'一二三四五六七八九十'[k % 10]}{chr(0x4E00 + k)}到哪了", "物流") for k in range(n)]
    rows += [(f"refund the {chr(97 + k % 26)}{chr(97 + k // 26)} thing", "refund") for k in range(n)]
    return Labelled(tuple(text for text, _ in rows), tuple(label for _, label in rows))


def test_about_the_share_that_was_asked_for_is_kept_apart_and_stays_so(tmp_path: Path) -> None:
    frozen = FrozenSets.open(Home(tmp_path), share=0.25)
    kept = frozen.keep(Task.INTENT, many())
    assert 0.2 < len(kept) / 800 < 0.3
    assert not set(kept.texts) & set(frozen.to_train(many()).texts)
    assert len(kept) + len(frozen.to_train(many())) == 800
    again = FrozenSets.open(Home(tmp_path), share=0.9)
    assert again.share == 0.25
    assert again.keep(Task.INTENT, many(10)).texts == kept.texts


def test_the_same_text_written_otherwise_is_on_the_same_side(tmp_path: Path) -> None:
    frozen = FrozenSets.open(Home(tmp_path), share=0.5)
    for text, other in (("Where is my ORDER 123?", "where is my order １２３４"), ("退款！退款", "退款 退款。")):
        assert frozen.is_frozen(text) == frozen.is_frozen(other)


@given(texts)
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


def test_a_later_label_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    frozen = FrozenSets.open(Home(tmp_path), share=0.999999)
    frozen.keep(Task.INTENT, Labelled(("我要退货",), ("退款",)))
    kept = frozen.keep(Task.INTENT, Labelled(("我要退货！",), ("退货",)))
    assert kept.labels == ("退货",)


def test_what_people_put_there_is_frozen_whatever_its_hash(tmp_path: Path) -> None:
    folder = tmp_path / "learning" / "frozen"
    folder.mkdir(parents=True)
    (folder / "intent.csv").write_text("text,label\nhello there,greet\n你好,greet\n", "utf-8")
    (folder / "graph.jsonl").write_text('{"question":"故宫的电话","facts":[["故宫","电话","010"]]}\n', "utf-8")
    frozen = FrozenSets.open(Home(tmp_path), share=1e-9)
    assert frozen.is_frozen("Hello, there!")
    assert frozen.is_frozen("你好。")
    assert not frozen.is_frozen("goodbye")
    assert frozen.read(Task.INTENT).labels == ("greet", "greet")
    assert frozen.read(Task.SENTIMENT).texts == ()
    assert frozen.questions()[0].facts == (("故宫", "电话", "010"),)


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    frozen = FrozenSets.open(Home(tmp_path))
    (frozen.folder / "graph.jsonl").write_text('{"question":"q","facts":[]}\n{"question":1}\n', "utf-8")
    with pytest.raises(CallerError, match="line 2"):
        frozen.questions()
