"""Imports: what a file is, is told by what it holds; a broken place is named and the rest goes in."""

import contextlib
import json
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import CallerError
from agent.learning.imports import Broken, Imported, read_import
from agent.learning.imports.sources import encoding_of
from tests.support.slack_export import slack_folder, slack_zip


def read(file: Path, **speakers: str) -> tuple[list[Imported], list[Broken]]:
    found = list(read_import(file, speakers))  # type: ignore[arg-type]
    return [one for one in found if isinstance(one, Imported)], [one for one in found if isinstance(one, Broken)]


def written(folder: Path, name: str, content: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def said(one: Imported) -> list[tuple[str, str]]:
    return [(turn.role, turn.text) for turn in one.turns]


TALK = [("user", "Where is it?"), ("assistant", "On its way."), ("agent", "明天到")]


@pytest.mark.parametrize(
    "line",
    [
        {"id": "a", "turns": [{"role": "customer", "text": t} if r == "user" else {"role": r, "text": t} for r, t in TALK]},
        {"id": "a", "messages": [{"role": "system", "content": "be kind"}, *({"role": r, "content": t} for r, t in TALK)]},
        {"id": "a", "messages": [{"role": r, "content": [{"type": "text", "text": t}]} for r, t in TALK]},
        {"会话ID": "a", "对话": [{"角色": {"user": "顾客", "assistant": "机器人", "agent": "人工客服"}[r], "内容": t} for r, t in TALK]},
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["jsonl", "list", "mapping", "zip"])
def test_a_conversation_in_each_of_its_forms(line: dict[str, object], form: str, tmp_path: Path) -> None:
    if form == "jsonl":
        file = written(
            tmp_path, "logs.dat", json.dumps(line) + "\n" + json.dumps({**line, "id": "b", "会话ID": "b"}) + "\n"
        )
    elif form == "list":
        file = written(tmp_path, "logs.json", json.dumps([line], indent=1))
    elif form == "mapping":
        file = written(
            tmp_path, "logs.json", json.dumps({"a": {k: v for k, v in line.items() if k not in {"id", "会话ID"}}})
        )
    else:
        file = tmp_path / "logs.json.zip"
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("val.json", json.dumps({"a": line}, ensure_ascii=False))
    found, broken = read(file)
    assert not broken
    assert found[0].id == "a"
    assert said(found[0]) == TALK


def test_messages_of_conversations_that_stand_in_any_order(tmp_path: Path) -> None:
    lines = [
        {"conversation_id": 7, "role": "user", "text": "later", "at": 1767600100},
        {"conversation_id": 8, "role": "user", "text": "别的", "consent": True, "customer_id": "c8"},
        {"conversation_id": 7, "role": "user", "text": "first", "at": 1767600000, "consent": "no"},
        {"conversation_id": 8, "role": "bot", "text": "好", "intent": "greeting"},
    ]
    found, broken = read(written(tmp_path, "m.jsonl", "\n".join(map(json.dumps, lines))))
    assert not broken
    assert [(one.id, one.consent, one.customer) for one in found] == [("7", False, None), ("8", True, "c8")]
    assert said(found[0]) == [("user", "first"), ("user", "later")]
    assert found[0].turns[0].at == "2026-01-05T08:00:00+00:00"


def test_tables_of_messages_and_of_labelled_utterances(tmp_path: Path) -> None:
    table = '会话ID;角色;内容;同意\n1;用户;多少钱？;是\n1;客服;"三百;不贵";是\n2;用户;你好;否\n2;谁;？;是\n3;用户\n'
    found, broken = read(written(tmp_path, "t.csv", table.encode("gb18030")))
    assert [(said(one), one.consent) for one in found] == [
        ([("user", "多少钱？"), ("agent", "三百;不贵")], True),
        ([("user", "你好")], False),
    ]
    assert [one.where for one in broken] == ["line 5", "line 6"]
    labelled, _ = read(written(tmp_path, "l.csv", "\ufefftext,category\nI lost my card,lost_card\n卡丢了,lost_card\n"))
    assert [(said(one), one.turns[0].label) for one in labelled] == [
        ([("user", "I lost my card")], "lost_card"),
        ([("user", "卡丢了")], "lost_card"),
    ]


def test_a_speaker_of_another_name_is_asked_for_and_can_be_told(tmp_path: Path) -> None:
    file = written(
        tmp_path, "s.jsonl", json.dumps({"id": "1", "turns": [{"role": "Shop", "text": "hello"}]}) + "\n{}\n"
    )
    found, broken = read(file)
    assert not found
    assert "--speaker 'shop'=user" in broken[0].reason
    assert said(read(file, shop="agent")[0][0]) == [("agent", "hello")]


def test_a_broken_line_is_named_and_the_rest_goes_in(tmp_path: Path) -> None:
    lines = [
        '{"text": "one"}',
        '{"text": "tw',
        "[1, 2]",
        '{"other": 1}',
        '{"role": "user", "text": "no id"}',
        '{"text": "二"}',
    ]
    found, broken = read(written(tmp_path, "b.jsonl", "\n".join(lines)))
    assert [said(one)[0][1] for one in found] == ["one", "二"]
    assert [one.where for one in broken] == ["line 2", "line 3", "line 4", "line 5"]
    assert "conversation_id" in broken[3].reason


@pytest.mark.parametrize("packed", [True, False])
def test_a_slack_export(packed: bool, tmp_path: Path) -> None:
    found, broken = read(slack_zip(tmp_path / "slack.zip") if packed else slack_folder(tmp_path / "slack"))
    assert [said(one) for one in found] == [
        [
            ("user", "Hi [name], see my cart & help"),
            ("assistant", "Which item?"),
            ("agent", "I will look, [name]"),
            ("user", "Thanks, it works now"),
        ],
        [("user", "订单什么时候到？"), ("agent", "明天")],
        [("user", "Does anybody know the stock?")],
    ]
    assert found[0].turns[1].feedback == -1
    assert (found[0].channel, found[0].customer) == ("slack:support", "U1")
    assert [one.where for one in broken] == ["support/2026-01-05.json, message 8", "support/2026-01-06.json, message 2"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.txt", "just a letter"), ("a.bin", b"\x00\x01\x02"), ("a.json", '{"a": 1}'), ("a.json", "[1"), ("a.csv", "id,name\n1,x\n")],
)  # fmt: skip
def test_what_is_not_understood_says_what_is(name: str, content: str | bytes, tmp_path: Path) -> None:
    with pytest.raises(CallerError) as error:
        read(written(tmp_path, name, content))
    assert name in str(error.value)


@given(st.binary(max_size=300))
def test_no_bytes_break_a_reader(content: bytes) -> None:
    with TemporaryDirectory() as folder, contextlib.suppress(CallerError):
        read(written(Path(folder), "x", content))


@given(st.lists(st.fixed_dictionaries({}, optional={name: st.one_of(st.none(), st.text(max_size=5), st.integers(), st.lists(st.dictionaries(st.sampled_from(["role", "text"]), st.text(max_size=4)), max_size=2)) for name in ("id", "role", "text", "turns", "consent", "at", "conversation_id")}), max_size=4))  # fmt: skip
def test_no_record_breaks_a_reader(records: list[dict[str, object]]) -> None:
    from agent.learning.imports.lines import read_records

    list(read_records(((f"line {n}", record) for n, record in enumerate(records)), {}))


@given(st.text(max_size=200))
def test_utf_8_is_told_even_where_a_character_is_cut(text: str) -> None:
    assert encoding_of(text.encode("utf-8", "ignore")[:50]) in {"utf-8"}
