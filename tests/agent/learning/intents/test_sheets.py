"""Sheets survive a spreadsheet, and say what is wrong with them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import CallerError
from agent.learning.intents.records import Suspect, Wanted
from agent.learning.intents.sheets import read_filled, write_suspects, write_to_label


def wanted(id: str, text: str) -> Wanted:
    return Wanted(id=id, text=text, suggested="refund", cluster="c1", reason="unsure")


def fill(file: Path, label: str) -> None:
    lines = file.read_text("utf-8-sig").split("\n")
    file.write_text("\n".join(line.replace(",refund,,", f",refund,{label},") for line in lines), "utf-8")


def test_filled_labels_are_read_with_the_text_of_the_run(tmp_path: Path) -> None:
    file = tmp_path / "to_label.csv"
    write_to_label(file, [wanted("a#1", "退款到账了吗"), wanted("b#1", "gone")])
    fill(file, "退款")
    assert read_filled(file, {"a#1": "退款到账了吗？"}) == [("退款到账了吗？", "退款"), ("gone", "退款")]


def test_a_sheet_of_suspects_is_read_alike(tmp_path: Path) -> None:
    file = tmp_path / "suspects.csv"
    write_suspects(file, [Suspect(id="given#3", text="change pin", label="card", suggested="refund", score=2.5)])
    fill(file, "change_pin")
    assert read_filled(file, {}) == [("change pin", "change_pin")]


def test_what_customers_wrote_runs_nowhere_as_a_formula(tmp_path: Path) -> None:
    file = tmp_path / "to_label.csv"
    write_to_label(file, [wanted("a#1", '=HYPERLINK("http://x.example","here")')])
    assert ",\"'=HYPERLINK" in file.read_text("utf-8-sig")
    fill(file, "spam")
    assert read_filled(file, {}) == [('=HYPERLINK("http://x.example","here")', "spam")]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_whatever_separates_the_columns(tmp_path: Path, separator: str) -> None:
    file = tmp_path / "sheet.csv"
    file.write_text(separator.join(["text", "label"]) + "\n" + separator.join(["my card", "card"]) + "\n", "utf-8")
    assert read_filled(file, {}) == [("my card", "card")]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"id,words\n1,x\n", "has no column label and text"),
        (b"text,label\nx,\n", "no label is filled in"),
        (b"text,label\n,card\n", "line 2: a label without a text"),
        (b"text,label\nx," + b"y" * 99 + b"\n", "line 2: .*can't be the name"),
        (b"", "has no column"),
        (b"text,label\n\xcd\xcb\xbf\xee,\xcd\xcb\n", "save it as csv in UTF-8"),
    ],
)
def test_a_bad_sheet_is_named(tmp_path: Path, content: bytes, problem: str) -> None:
    file = tmp_path / "sheet.csv"
    file.write_bytes(content)
    with pytest.raises(CallerError, match=problem):
        read_filled(file, {})


@given(
    st.lists(st.text(alphabet="'=+-@a\"\n,退 ", min_size=1).filter(lambda text: text.strip()), min_size=1, max_size=4)
)
def test_texts_come_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    import csv

    file = tmp_path_factory.mktemp("sheets") / "to_label.csv"
    write_to_label(file, [wanted(f"a#{n}", text.strip()) for n, text in enumerate(texts)])
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0].keys())
        writer.writeheader()
        writer.writerows({**row, "label": "x"} for row in rows)
    assert [text for text, _ in read_filled(file, {})] == [text.strip() for text in texts]
