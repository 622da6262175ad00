"""Ten sample conversations of each flow in each language run through the real agent of the sample shop."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import evals
from agent.build import open_conversations
from agent.ports import TurnRunner
from agent.settings import load_settings
from agent.types import EventType, InboundMessage, Reply, Utterance
from evals.dialogues import dialogue_cases
from evals.scoring.dialogues import dialogue_result
from evals.targets.home import HomeTarget
from tests.support.talking import said

NOW = datetime(2026, 11, 26, 10, tzinfo=UTC)
SUITES = Path(evals.__file__).parent / "suites" / "flows"


async def test_the_sample_conversations(corpus_shop: Path) -> None:
    problems: list[str] = []
    async with open_conversations(load_settings(corpus_shop), clock=lambda: NOW) as desk:
        target = HomeTarget(None, desk=desk)
        for name in ("refund", "appointment", "loan", "orders", "wordings"):
            cases = dialogue_cases(SUITES / f"{name}.jsonl")
            assert {one.lang for one in cases} == {"en", "zh"}
            if name not in {"orders", "wordings"}:
                assert [one.lang for one in cases] == ["en"] * 10 + ["zh"] * 10
                assert {"correction", "digression", "cancel"} <= {one.kind for one in cases}
            for case in cases:
                found = dialogue_result(case, await target.answer(case), target.score)
                problems += filter(None, [found.notes.get("right"), found.notes.get("policy")])
                assert found.scores.get("outcome", 1.0) == 1.0
        # A flow that nobody goes on with is over after an hour; what is then said is a new matter.
        first = await answer(desk.runner, "I want a refund")
        later = first.flow | {"at": (NOW - timedelta(minutes=61)).isoformat()}  # type: ignore[operator]
        history = (Utterance(role="user", content="x"), Utterance(role="assistant", content="y", flow=later))
        assert (await answer(desk.runner, "thanks", history)).flow is None
        open_still = (*history[:1], Utterance(role="assistant", content="y", flow=first.flow))
        assert (await answer(desk.runner, "thanks", open_still)).flow
    assert problems == []


async def answer(runner: TurnRunner, text: str, history: Sequence[Utterance] = ()) -> Reply:
    """One turn with what was said before as it is given."""
    message = InboundMessage(conversation_id="", channel="web", channel_message_id="", text=text)
    return [step async for step in runner.run(message, history) if isinstance(step, Reply)][-1]


async def test_a_flow_goes_on_in_another_process_and_is_done_once(corpus_shop: Path) -> None:
    settings = load_settings(corpus_shop)
    async with open_conversations(settings) as conversations:
        ours, _ = await conversations.create("web")
        asked = await said(
            conversations, ours, "1", "I want a refund for LO-10486, customer7@example.com, it is damaged"
        )
        assert asked.data["confirm"]["yes"] == "Yes, go ahead"  # type: ignore[index,call-overload]
        assert asked.data["choices"] == ["Yes, go ahead", "No, change something"]
    async with open_conversations(settings) as conversations:  # after a restart
        done = await said(conversations, ours, "2", "Yes, go ahead")
        assert "RF-10486" in str(done.data["text"])
        assert "flow" not in done.data
        audit = [one for one in await conversations.events.read(ours) if one.type is EventType.TOOL_COMPLETED]
        assert [one.data["tool"] for one in audit] == ["request_refund"]
        assert audit[0].data["result"] == {"number": "RF-10486", "amount_usd": "119.0"}
        # Answered once more, the same yes does not do it again.
        yes = next(one.n for one in await conversations.events.read(ours) if one.data.get("text") == "Yes, go ahead")
        again = await said(conversations, ours, "3", "", again=yes)
        assert "RF-10486" in str(again.data["text"])
        audit = [one for one in await conversations.events.read(ours) if one.type is EventType.TOOL_COMPLETED]
        assert len(audit) == 1
        # Another conversation is told that there is a request.
        other, _ = await conversations.create("web")
        await said(conversations, other, "1", "I want a refund for LO-10486, customer7@example.com, it is damaged")
        assert "already" in str((await said(conversations, other, "2", "yes")).data["text"])
        await conversations.forget_conversation(ours)
        await conversations.forget_conversation(other)


@pytest.mark.parametrize(("language", "words"), [("en", "flowchart"), ("zh", "退款申请")])
def test_the_command_draws(corpus_shop: Path, language: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from agent.cli.main import build_app

    monkeypatch.setenv("PARLEY_HOME", str(corpus_shop))
    shown = CliRunner().invoke(build_app(), ["flow", "show", "refund", "--lang", language])
    assert shown.exit_code == 0
    assert words in shown.stdout
    assert CliRunner().invoke(build_app(), ["flow", "check"]).stdout.endswith("3 flows are fine\n")
    unused = corpus_shop / "flows" / "unused.yaml"
    unused.write_text("title: {en: a, zh: b}\nsteps:\n  - say: {en: Hi., zh: 你好。}\n", "utf-8")
    try:
        warned = CliRunner().invoke(build_app(), ["flow", "check"])
        assert warned.exit_code == 0
        assert "begins unused; add" in warned.stdout and "begins refund" not in warned.stdout
    finally:
        unused.unlink()
    broken = corpus_shop / "flows" / "broken.yaml"
    broken.write_text("title: {en: a, zh: b}\nsteps:\n  - ask: what\n", "utf-8")
    try:
        checked = CliRunner().invoke(build_app(), ["flow", "check"])
        assert checked.exit_code == 1
        assert "broken.yaml:3" in checked.stdout
    finally:
        broken.unlink()
