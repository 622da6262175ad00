"""Step 1: only who agreed, nobody who was deleted, from the log and from imports."""

import asyncio
import json
from pathlib import Path

import pytest

from agent.conversations import Conversations
from agent.errors import CallerError
from agent.forgotten import digests_of
from agent.home import Home
from agent.learning.collect import BROKEN, CONVERSATIONS, Collect
from agent.learning.records import LoggedConversation, read_records
from agent.learning.runs import Run, StepContext, StepName, new_run, perform
from agent.settings import Settings
from agent.store.database import close_engine, open_engine
from agent.types import EventType, InboundMessage
from knowledge.progress import silent
from tests.support.scripted_runner import EchoPhrases, ScriptedRunner


def context(root: Path, run: Run | None = None) -> StepContext:
    home = Home(root)
    run = run or new_run(home)
    return StepContext(
        home=home, settings=Settings(home=root), run=run, out=run.folder(StepName.COLLECT), progress=silent
    )


def collected(given: StepContext, step: Collect) -> list[LoggedConversation]:
    perform(StepName.COLLECT, step, given, inputs="")
    return list(read_records(given.out / CONVERSATIONS, LoggedConversation))


async def talk(root: Path) -> dict[str, str]:
    """Conversations in the home's store: agreed, unasked, of a customer who is deleted; the first corrected and rated."""
    root.mkdir(exist_ok=True)
    engine = await open_engine(Settings(home=root).database_url)
    try:
        async with Conversations(
            engine, ScriptedRunner(), EchoPhrases(), digests=digests_of(Home(root))
        ).running() as conversations:
            ids = {
                "yes": (await conversations.create("web", "mei", may_learn=True))[0],
                "unasked": (await conversations.create("web"))[0],
                "gone": (await conversations.create("web", "leaver", may_learn=True))[0],
            }
            for name in ids.values():
                await conversations.receive(
                    InboundMessage(conversation_id=name, channel="web", channel_message_id="1", text="我要退款")
                )
                async with asyncio.timeout(20):
                    async for event in conversations.events.follow(name):
                        if event.type is EventType.REPLY_COMPLETED:
                            break
            replied = event.n
            await conversations.feedback(ids["yes"], replied, -1)
            await conversations.correct(ids["yes"], 1, "refund")
            await conversations.events.append(ids["yes"], EventType.MESSAGE_AGENT, {"text": "已退款"})
            await conversations.forget_customer("leaver")
    finally:
        await close_engine(engine)
    return ids


async def test_the_log_gives_turns_with_what_people_said_of_them(tmp_path: Path) -> None:
    ids = await talk(tmp_path)
    found = await asyncio.to_thread(collected, context(tmp_path), Collect())
    assert [one.id for one in found] == [ids["yes"]]
    turns = found[0].turns
    assert [turn.role for turn in turns] == ["user", "assistant", "agent"]
    assert (turns[0].text, turns[0].correction, turns[1].feedback) == ("我要退款", "refund", -1)
    assert "mei" not in found[0].model_dump_json()


async def test_an_import_does_not_bring_back_who_was_deleted(tmp_path: Path) -> None:
    ids = await talk(tmp_path)
    file = tmp_path / "old.jsonl"
    lines = [
        {"id": "1", "customer_id": "leaver", "messages": [{"role": "user", "content": "hello"}]},
        {"id": ids["gone"], "messages": [{"role": "user", "content": "我要退款"}]},
        {"id": "3", "messages": [{"role": "user", "content": "kept"}]},
    ]
    file.write_text("\n".join(map(json.dumps, lines)))
    given = context(tmp_path)
    found = await asyncio.to_thread(collected, given, Collect(files=[file], consented=True, log=False))
    assert [one.id for one in found] == ["old/3"]
    record = given.run.record(StepName.COLLECT)
    assert record is not None
    assert record.figures["left out: deleted"] == 2


def test_without_agreement_nothing_goes_in_and_the_count_is_told(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    lines = [{"text": "a"}, {"text": "b", "consent": False}, {"text": "c", "consent": "yes"}]
    file.write_text("\n".join(map(json.dumps, lines)))
    given = context(tmp_path)
    assert [one.turns[0].text for one in collected(given, Collect(files=[file]))] == ["c"]
    record = given.run.record(StepName.COLLECT)
    assert record is not None
    assert (record.figures["left out: nobody agreed"], record.figures["left out: agreement refused"]) == (1, 1)
    assert "nobody said" in (given.out / "report.md").read_text()
    stated = collected(context(tmp_path), Collect(files=[file], consented=True))
    assert [one.turns[0].text for one in stated] == ["a", "c"]
    file.write_text(json.dumps({"text": "a"}))
    with pytest.raises(CallerError, match="nobody agreed to it in 1 conversations"):
        collected(context(tmp_path), Collect(files=[file]))
    with pytest.raises(CallerError, match="no conversations yet"):
        collected(context(tmp_path), Collect())


def test_what_was_read_before_an_interruption_is_not_read_again(tmp_path: Path) -> None:
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    first.write_text('{"text": "one"}\nbroken\n{"text": "two"}\n')
    second.write_text("no conversations")
    given, step = context(tmp_path), Collect(files=[first, second], consented=True)
    with pytest.raises(CallerError):
        collected(given, step)
    parts = {file.name: file.stat().st_mtime_ns for file in (given.out / "parts").glob("*.broken.jsonl")}
    assert len(parts) == 2
    second.write_text('{"text": "三"}')
    found = collected(given, step)
    assert [one.turns[0].text for one in found] == ["one", "two", "三"]
    assert {(name, at) for name, at in parts.items() if name != "log.broken.jsonl"} <= {
        f.name: f.stat().st_mtime_ns for f in (given.out / "parts").glob("*.broken.jsonl")
    }.items()
    assert json.loads((given.out / BROKEN).read_text())["where"] == "line 2"
