"""Forgetting: who withdrew or was deleted is gone from every file of learning, and stale bundles are named."""

import asyncio
import json
from pathlib import Path

import numpy as np

from agent.build import open_conversations
from agent.conversations import Conversations
from agent.forgotten import digests_of
from agent.home import Home
from agent.learning.clean import Clean
from agent.learning.clean.step import DROPPED, UTTERANCES
from agent.learning.collect import CONVERSATIONS, Collect
from agent.learning.forgetting import forget, honour, unlearn_ids
from agent.learning.report import Report
from agent.learning.runs import StepName, StepOutcome, perform
from agent.learning.scrubbing import Traces, scrub
from agent.learning.wording import said
from agent.settings import Settings, load_settings
from agent.store.database import close_engine, open_engine
from agent.training.bundle import Bundle, Card, Task, write_bundle
from agent.training.data import Labelled, fingerprint
from tests.agent.learning.test_collect import context, talk
from tests.support.homes import small_home
from tests.support.scripted_runner import EchoPhrases, ScriptedRunner

LONG = "My grey | kettle from the *spring* catalogue leaks at the bottom whenever it is filled to more than a half, please help"
LINES = [
    {"id": "1", "customer_id": "mei", "messages": [{"role": "user", "content": LONG}, {"role": "user", "content": "我要退掉蓝色的杯子"}, {"role": "user", "content": "谢谢"}]},
    {"id": "2", "customer_id": "tom", "messages": [{"role": "user", "content": "Where is my parcel?"}, {"role": "user", "content": "谢谢"}]},
]  # fmt: skip


def learned(root: Path, **collect: object) -> Path:
    """A run whose first two steps are done; its folder."""
    from agent.learning.runs import StepContext

    given = context(root)
    perform(StepName.COLLECT, Collect(**collect), given, inputs="")  # type: ignore[arg-type]
    clean = StepContext(
        home=given.home,
        settings=given.settings,
        run=given.run,
        out=given.run.folder(StepName.CLEAN),
        progress=given.progress,
    )
    perform(StepName.CLEAN, Clean(), clean, inputs="")
    return given.run.root


def imported(root: Path) -> Path:
    file = root / "old.jsonl"
    file.write_text("\n".join(map(json.dumps, LINES)))
    return learned(root, files=[file], consented=True)


def bundle_of(data: Labelled, folder: Path) -> None:
    card = Card(task=Task.INTENT, model="m", labels=data.label_names, examples=len(data), data_sha256=fingerprint(data))
    write_bundle(Bundle(card=card, arrays={"w": np.zeros(1)}, terms={}), folder)


def everything(folder: Path) -> str:
    return "\n".join(file.read_text("utf-8") for file in folder.rglob("*") if file.is_file() and file.suffix != ".npz")


def test_a_deleted_customer_is_gone_from_every_file(tmp_path: Path) -> None:
    run = imported(tmp_path)
    later = run / "3-intents"
    later.mkdir()
    (later / "clusters.jsonl").write_text(
        json.dumps({"name": "returns", "members": ["old/1#1", "old/2#1"], "examples": [LONG, "Where is my parcel?"]})
        + "\n"
        + json.dumps({"name": "cups", "members": ["old/1#2"]})
        + "\n"
    )
    (later / "to_label.csv").write_text('text,label\n我要退掉蓝色的杯子,\nWhere is my parcel?,\n"' + LONG + '",\n')
    (later / "clusters.csv").write_text("id,label,typical\nc1,,A cup · 我要退掉蓝色的杯子\nc2,,Where is my parcel?\n")
    report = Report(said("Intents"))
    report.table(
        ("cluster", "sample"),
        [
            ("a", LONG[:100] + "…"),
            ("b", "我要退掉蓝色的杯子"),
            ("c", "Where is my parcel?"),
            ("d", "A cup · 我要退掉蓝色的杯子"),
        ],
    )
    report.write(later)
    accepted = tmp_path / "learning" / "accepted"
    accepted.mkdir()
    (accepted / "utterances.csv").write_text("text,label\n我要退掉蓝色的杯子,returns\nWhere is my parcel?,track\n")
    frozen = tmp_path / "learning" / "frozen" / "kept"
    frozen.mkdir(parents=True)
    (frozen / "intent.csv").write_text("text,label\n我要退掉蓝色的杯子,returns\nWhere is my parcel?,track\n")
    (accepted / "graph.jsonl").write_text(json.dumps({"head": "kettle", "evidence": [{"id": "old/1#1", "text": "x"}]}))
    data = Labelled(("我要退掉蓝色的杯子", "Where is my parcel?"), ("returns", "track"))
    bundle_of(data, tmp_path / "bundles" / "intents")
    bundle_of(data.take([1]), tmp_path / "bundles" / "other")

    settings = Settings(home=tmp_path)
    _, found = forget(Home(tmp_path), settings, "customer", "mei", delete=True)
    assert found.conversations == ("old/1",)
    left = everything(run) + everything(accepted) + everything(frozen)
    for gone in ("grey", "kettle", "蓝色", "old/1"):
        assert gone not in left, gone
    assert json.loads((later / "clusters.jsonl").read_text()) == {
        "name": "returns",
        "members": ["old/2#1"],
        "examples": ["Where is my parcel?"],
    }
    for kept in ("old/2#1", "Where is my parcel?", "track"):
        assert kept in left
    assert {(one.folder.name, one.certain) for one in found.stale} == {("intents", True), ("other", False)}
    assert forget(Home(tmp_path), settings, "customer", "mei", delete=True)[1].conversations == ()
    assert forget(Home(tmp_path), settings, "conversation", "2", delete=False)[1].conversations == ("old/2",)
    assert "old/2" not in everything(run)


async def test_who_withdraws_is_gone_at_once_and_from_the_next_step(tmp_path: Path) -> None:
    ids = await talk(tmp_path)
    run = await asyncio.to_thread(learned, tmp_path)
    assert ids["yes"] in everything(run)
    unlearn_ids(Home(tmp_path), [ids["yes"]])
    assert ids["yes"] not in everything(run)
    assert "退款" not in everything(run)


async def test_a_service_that_is_told_unlearns(tmp_path: Path) -> None:
    root = small_home(tmp_path)
    ids = await talk(root)
    run = await asyncio.to_thread(learned, root)
    async with open_conversations(load_settings(root)) as conversations:
        await conversations.set_consent(ids["yes"], may_learn=False)
    assert "退款" not in everything(run)
    assert (await asyncio.to_thread(honour, Home(root), load_settings(root))).conversations == ()


async def test_a_step_begins_by_honouring_what_the_store_says(tmp_path: Path) -> None:
    ids = await talk(tmp_path)
    run = await asyncio.to_thread(learned, tmp_path)
    from agent.conversations.consent import Consents
    from agent.store.database import close_engine, open_engine

    engine = await open_engine(Settings(home=tmp_path).database_url)
    await Consents(engine, digests_of(Home(tmp_path))).set(ids["yes"], may_learn=False)
    await close_engine(engine)
    found = await asyncio.to_thread(honour, Home(tmp_path), Settings(home=tmp_path))
    assert found.conversations == (ids["yes"],)
    for folder, name in (("1-collect", CONVERSATIONS), ("2-clean", CONVERSATIONS), ("2-clean", UTTERANCES), ("2-clean", DROPPED)):  # fmt: skip
        assert (run / folder / name).read_text() == ""


def test_what_is_damaged_or_of_another_kind_is_left_as_it_is(tmp_path: Path) -> None:
    traces = Traces(conversations={"c1"}, texts={"gone"})
    for name, content in (("x.jsonl", "no json\n"), ("x.json", "{"), ("x.png", "a"), ("x.csv", ""), ("x.md", "a")):
        file = tmp_path / name
        file.write_text(content)
        assert scrub(file, traces) == 0
        assert file.read_text() == content
    assert list(tmp_path.glob(".*")) == []
    assert StepOutcome(figures={}, report=Report(said("x"))).figures == {}


def test_files_of_a_deleted_customer_are_gone_and_those_of_others_stay(tmp_path: Path) -> None:
    async def send() -> None:
        engine = await open_engine(Settings(home=tmp_path).database_url)
        try:
            async with Conversations(
                engine, ScriptedRunner(), EchoPhrases(), digests=digests_of(Home(tmp_path)), files=Home(tmp_path).files
            ).running() as conversations:
                assert conversations.files
                for customer in ("mei", "tom"):
                    conversation_id, _ = await conversations.create("web", customer)
                    await conversations.files.add(conversation_id, f"{customer}.txt", "text/plain", customer.encode())
        finally:
            await close_engine(engine)

    asyncio.run(send())
    forget(Home(tmp_path), Settings(home=tmp_path), "customer", "mei", delete=True)
    assert [file.read_text() for file in Home(tmp_path).files.rglob("*/*")] == ["tom"]
