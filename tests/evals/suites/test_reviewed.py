"""Reviewed conversations become cases: only agreed ones, masked, with what people found right."""

import json
from pathlib import Path

import pytest

from agent.learning.records import LoggedConversation, SaidTurn
from evals.judge.rated import load_rated_answers
from evals.judge.rubric import load_rubric
from evals.suites.importing import read_cases
from evals.suites.reviewed import cases_of
from tests.agent.learning.test_collect import talk
from tests.support.commands import in_process


def said(*turns: SaidTurn) -> LoggedConversation:
    return LoggedConversation(id="c", source="log", turns=turns)


def test_what_people_said_of_a_turn_becomes_its_reference() -> None:
    conversation = said(
        SaidTurn(n=1, role="user", text="I am li.na@example.com. How long may I return it?"),
        SaidTurn(n=2, role="assistant", text="Within 30 days.", feedback=1),
        SaidTurn(n=3, role="user", text="运费谁付？", correction="shipping"),
        SaidTurn(n=4, role="assistant", text="抱歉，我不知道。", feedback=-1),
        SaidTurn(n=5, role="agent", text="退货免运费。"),
        SaidTurn(n=6, role="user", text="谢谢", correction="thanks"),
        SaidTurn(n=7, role="assistant", text="不客气。"),
        SaidTurn(n=8, role="user", text="Bad"),
        SaidTurn(n=9, role="assistant", text="Hm.", feedback=-1),
    )
    liked, answered, corrected = cases_of(conversation)
    assert (liked.id, liked.kind, liked.reference) == ("c#1", "liked", "Within 30 days.")
    assert liked.question == "I am [email]. How long may I return it?"
    assert (answered.lang, answered.reference, answered.intent) == ("zh", "退货免运费。", "shipping")
    assert [one.content for one in answered.history] == [liked.question, "Within 30 days."]
    assert (corrected.kind, corrected.reference, corrected.intent) == ("corrected", "", "thanks")


async def test_the_command_reads_the_home_of_those_who_agreed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    home, out = tmp_path / "home", tmp_path / "cases.jsonl"
    ids = await talk(home)
    (home / "parley.toml").touch()
    monkeypatch.setenv("PARLEY_HOME", str(home))
    rated = tmp_path / "rated.jsonl"
    await asyncio.to_thread(in_process, "eval", "cases", "--out", str(out), "--rated", str(rated))
    (case,) = read_cases(out)
    (graded,) = load_rated_answers(rated, [load_rubric("helpful")])
    assert (graded.answer[:9], graded.human) == ("You said:", 1)  # a thumb down
    assert (case.id, case.question, case.reference) == (f"{ids['yes']}#1", "我要退款", "已退款")
    assert case.intent == "refund"


def test_without_reviews_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "parley.toml").touch()
    monkeypatch.setenv("PARLEY_HOME", str(tmp_path))
    in_process("eval", "cases", "--out", str(tmp_path / "cases.jsonl"), status=1)


def test_transcripts_become_cases_with_the_answer_as_reference(tmp_path: Path) -> None:
    file, out = tmp_path / "log.jsonl", tmp_path / "cases.jsonl"
    said = [
        {"role": "user", "content": "多久可以退货？"},
        {"role": "assistant", "content": "30天内。"},
        {"role": "user", "content": "Write to li.na@example.com"},
        {"role": "user", "content": "Please?"},
        {"role": "agent", "content": "We did."},
    ]
    file.write_text(json.dumps({"id": "7", "messages": said}), "utf-8")
    in_process("eval", "cases", str(file), "--out", str(out))
    first, second = read_cases(out)
    assert (first.lang, first.question, first.reference) == ("zh", "多久可以退货？", "30天内。")
    assert (second.question, second.reference, len(second.history)) == ("Please?", "We did.", 3)
    assert second.history[2].content == "Write to [email]"
    file.write_text(json.dumps({"id": "7", "messages": said[2:3]}), "utf-8")
    in_process("eval", "cases", str(file), "--out", str(out), status=1)
