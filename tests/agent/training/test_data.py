"""Labelled files: read in the forms people have, refused by line, split evenly."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import CallerError
from agent.training.data import Labelled, fingerprint, read_labelled, remarks, require_labels, split


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", 'text,label\n"hello, you",greeting\n退货,refund\n,empty\n'),
        ("a.csv", '\ufefftext,category\n"hello, you",greeting\n退货,refund\n'),
        ("a.csv", 'Text ;Intent\n"hello, you";greeting\n退货;refund\n'),
        ("a.csv", "文本\t意图\nhello, you\tgreeting\n退货\trefund\n"),
        ("a.jsonl", '{"text": "hello, you", "intent": "greeting"}\n\n{"text": "退货", "label": "refund"}\n'),
    ],
)
def test_a_file_is_read_whatever_its_form(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    found = read_labelled(tmp_path / name)
    assert (found.texts, found.labels) == (("hello, you", "退货"), ("greeting", "refund"))
    assert found.left_out == content.count("empty")


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("a.csv", b"a,b\n1,2\n", "text,label"),
        ("a.csv", b"", "text,label"),
        ("a.csv", b"text,label\n,\n", "no row"),
        ("a.csv", b"text,label\n\xff\xfe,x\n", "UTF-8"),
        ("a.jsonl", b'{"text": "a", "label": "b"}\n{"text"', "line 2"),
        ("a.jsonl", b"[1]\n", "line 1"),
    ],
)
def test_a_file_that_is_something_else_is_refused(tmp_path: Path, name: str, content: bytes, complaint: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CallerError, match=complaint):
        read_labelled(tmp_path / name)


def test_a_text_as_long_as_somebody_pastes_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,label\n" + "长" * 200_000 + ",long\nshort,other\n", "utf-8")
    assert len(read_labelled(tmp_path / "a.csv").texts[0]) == 200_000


def test_what_is_odd_about_the_data_is_said() -> None:
    data = Labelled(("a", "a", *"bcdefghij"), ("x", "y", *("x",) * 4, *("y",) * 5), left_out=3)
    assert remarks(data) == [
        "3 rows without a text or a label were left out",
        "1 texts stand under several labels, and teach each of them: 'a' (x, y)",
    ]
    assert (
        remarks(data.take([0, 1, 2]))[-1] == "2 labels have fewer than 5 examples and will be told badly: x (2), y (1)"
    )


def test_labels_with_too_few_examples_are_named(tmp_path: Path) -> None:
    data = Labelled(("a", "b", "c"), ("x", "x", "rare"))
    with pytest.raises(CallerError, match="rare"):
        require_labels(data, tmp_path)
    with pytest.raises(CallerError, match="two labels"):
        require_labels(Labelled(("a", "b"), ("x", "oos")), tmp_path)


@given(st.lists(st.tuples(st.text(min_size=1), st.sampled_from("abc")), min_size=1), st.floats(0, 1))
def test_a_split_loses_nothing_and_leaves_every_label_an_example(rows: list[tuple[str, str]], fraction: float) -> None:
    data = Labelled(tuple(text for text, _ in rows), tuple(label for _, label in rows))
    kept, held = split(data, fraction)
    assert sorted([*kept.texts, *held.texts]) == sorted(data.texts)
    assert set(kept.labels) == set(data.labels)
    assert fingerprint(data) == fingerprint(data.take(range(len(data) - 1, -1, -1)))
