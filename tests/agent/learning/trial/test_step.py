"""`parley learn use` over a real event log: a shadow, a share, and texts that only agreed customers' turns show."""

import asyncio
import csv
import json
from datetime import date
from pathlib import Path

import pytest

from agent.conversations import Conversations
from agent.home import Home
from agent.homes import new_home
from agent.learning.runs import StepContext, StepName, StepOutcome, new_run
from agent.learning.trial.step import TO_LABEL, Use
from agent.settings import load_settings
from agent.store.database import close_engine, open_engine
from agent.training.bundle import Task
from agent.training.speakers import Mode
from agent.training.versions import versions_of
from agent.types import EventType, JsonValue
from knowledge.progress import silent
from tests.agent.training.test_versions import bundle
from tests.support.commands import parley_here as parley
from tests.support.postgres_server import PostgresServer
from tests.support.scripted_runner import DIGESTS, EchoPhrases, ScriptedRunner

Events = list[tuple[EventType, dict[str, JsonValue]]]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def home(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Home:
    if request.param == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres")
        monkeypatch.setenv("PARLEY_STORE__URL", server.new_database())
    home = new_home(tmp_path / "home")
    versions = versions_of(home, Task.INTENT)
    first, _ = (versions.add(bundle(tmp_path / label, label)) for label in ("a", "b"))
    versions.promote(first)
    return home


async def write(home: Home, conversations: list[Events]) -> list[str]:
    engine = await open_engine(load_settings(home.root).database_url)
    ids = []
    try:
        async with Conversations(engine, ScriptedRunner(), EchoPhrases(), digests=DIGESTS).running() as service:
            for events in conversations:
                made, _ = await service.create("test")
                ids.append(made)
                for kind, data in events:
                    await service.events.append(made, kind, data)
    finally:
        await close_engine(engine)
    return ids


def understood(text: str, intent: str, version: str) -> tuple[EventType, dict[str, JsonValue]]:
    intents: JsonValue = [{"name": intent, "confidence": 0.8}]
    data: dict[str, JsonValue] = {"question": text, "intents": intents, "versions": {"intent": version}, "message": 1}
    return EventType.TURN_UNDERSTOOD, data


def shadowed(intent: str, version: str) -> tuple[EventType, dict[str, JsonValue]]:
    intents: JsonValue = [{"name": intent, "confidence": 0.7}]
    opinion: JsonValue = {"version": version, "intents": intents, "ms": 3.0, "ms_speaking": 2.0}
    return EventType.TURN_SHADOWED, {"intent": opinion, "message": 1}


def context(home: Home) -> StepContext:
    run = new_run(home, date(2026, 11, 25))
    out = run.folder(StepName.USE)
    out.mkdir(parents=True)
    return StepContext(home=home, settings=load_settings(home.root), run=run, out=out, progress=silent)


def performed(step: Use, given: StepContext) -> tuple[StepOutcome, str]:
    outcome = step(given)
    outcome.report.write(given.out, figures=outcome.figures)
    return outcome, (given.out / "report.md").read_text("utf-8")


def test_a_shadow_s_report_shows_texts_of_those_who_agreed_alone(home: Home) -> None:
    versions = versions_of(home, Task.INTENT)
    first, second = versions.names()
    asyncio.run(write(home, [[understood("before the trial", "refund", first), shadowed("cancel", second)]]))
    asyncio.run(asyncio.sleep(1.1))  # a trial begins at a whole second
    versions.try_out(second, Mode.SHADOW)
    agreeing: Events = [understood("退款，电话 13812345678", "refund", first), shadowed("cancel", second)]
    silent_one: Events = [understood("my private question", "refund", first), shadowed("invoice", second)]
    same: Events = [understood("hello", "refund", first), shadowed("refund", second)]
    ids = asyncio.run(write(home, [agreeing, silent_one, same]))
    step = Use(may_show=lambda name: name in {ids[0], ids[2]}, mask=lambda text: text.replace("13812345678", "[phone]"))
    given = context(home)
    outcome, report = performed(step, given)
    assert (outcome.figures["turns"], outcome.figures["recommendation"]) == (3, "wait")
    assert outcome.figures["agreement"] == pytest.approx(1 / 3)
    assert "退款，电话 \\[phone\\]" in report
    assert "private" not in report
    assert "before the trial" not in report
    with (given.out / TO_LABEL).open(encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert row == {
        "id": f"{ids[0]}#1",
        "text": "退款，电话 [phone]",
        "label": "",
        "speaks": "refund",
        "shadow": "cancel",
    }


def test_without_a_word_on_consent_no_text_is_shown(home: Home) -> None:
    versions = versions_of(home, Task.INTENT)
    first, second = versions.names()
    versions.try_out(second, Mode.SHADOW)
    asyncio.run(write(home, [[understood("my private question", "refund", first), shadowed("cancel", second)]]))
    given = context(home)
    _, report = performed(Use(), given)
    assert "private" not in report
    assert "private" not in (given.out / TO_LABEL).read_text("utf-8")


def test_a_share_s_report_compares_both_arms(home: Home) -> None:
    versions = versions_of(home, Task.INTENT)
    first, second = versions.names()
    versions.try_out(second, Mode.SHARE, percent=50)
    happy: Events = [understood("hi", "a", first), (EventType.FEEDBACK_GIVEN, {"event": 1, "value": 1})]
    handed: Events = [understood("hi", "a", second), (EventType.HANDOFF_REQUESTED, {"rule": "r"})]
    asyncio.run(write(home, [happy] * 12 + [handed] * 12))
    outcome, report = performed(Use(), context(home))
    assert outcome.figures["recommendation"] == "roll back"
    assert outcome.figures["command"] == "rollback intent"
    assert (outcome.figures["conversations"], outcome.figures["tried"]) == (24, 12)
    assert "handed over" in report


async def test_the_command_reports_on_what_is_on_and_says_what_to_try_where_nothing_is(home: Home) -> None:
    store = load_settings(home.root).store.url
    nothing = await parley(home.root, "learn", "use", "--json", STORE__URL=store)
    assert json.loads(nothing.out)["figures"]["command"] == "promote intent --shadow"
    versions = versions_of(home, Task.INTENT)
    first, second = versions.names()
    versions.try_out(second, Mode.SHADOW)
    await write(home, [[understood("hello", "refund", first), shadowed("refund", second)]])
    told = await parley(home.root, "learn", "use", STORE__URL=store)
    assert "recommendation: wait" in told.out
    report = Path(told.out.splitlines()[-1].strip())
    assert "Agreement" in report.read_text("utf-8")


def test_a_trial_of_sentiment_is_told_by_its_side(home: Home, tmp_path: Path) -> None:
    versions = versions_of(home, Task.SENTIMENT)
    version = versions.add(bundle(tmp_path / "s", "positive", Task.SENTIMENT))
    versions.try_out(version, Mode.SHADOW)
    kind, data = understood("太差了", "refund", "")
    data["sentiment"] = {"polarity": 0.1, "emotion": "neutral"}
    opinion: JsonValue = {"version": version, "polarity": -0.9, "emotion": "anger", "ms": 1.0, "ms_speaking": 1.0}
    asyncio.run(write(home, [[(kind, data), (EventType.TURN_SHADOWED, {"sentiment": opinion, "message": 1})]]))
    given = context(home)
    performed(Use(task=Task.SENTIMENT, may_show=lambda _: True), given)
    assert "太差了,,even,unhappy" in (given.out / TO_LABEL).read_text("utf-8-sig")
