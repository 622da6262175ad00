"""The step and the commands that follow it, on a home of two languages."""

import csv
import io
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from agent.cli import learn_intents
from agent.errors import CallerError
from agent.home import HOME_ENV, Home
from agent.learning.intents.accepting import accept, accepted_file, read_accepted
from agent.learning.intents.records import CLUSTERS, Cluster
from agent.learning.intents.step import IntentsStep
from agent.learning.records import CleanUtterance, read_records, write_records
from agent.learning.report import Report
from agent.learning.runs import Run, StepContext, StepName, StepOutcome, StepRecord, new_run, perform
from agent.learning.wording import Said
from agent.settings import Settings
from knowledge.progress import silent
from tests.support.said import said, utterances

RECORDS = [*utterances("en", labelled=frozenset({"refund"})), *utterances("zh")]
STEP = IntentsStep(count=8, embed_of=lambda _: None)


def learn(home: Home, records: list[CleanUtterance], step: IntentsStep = STEP, run: Run | None = None) -> StepRecord:
    run = run or new_run(home)
    home.settings_file.touch()

    def context(name: StepName) -> StepContext:
        return StepContext(home=home, settings=Settings(home=home.root), run=run, out=run.folder(name), progress=silent)

    def clean(given: StepContext) -> StepOutcome:
        write_records(given.out / "utterances.jsonl", records)
        return StepOutcome(figures={}, report=Report(Said("Clean")))

    perform(StepName.CLEAN, clean, context(StepName.CLEAN), inputs="clean")
    return perform(StepName.INTENTS, step, context(StepName.INTENTS), inputs="intents")


def parley(home: Home, *arguments: str) -> tuple[int, str]:
    app, accepting = typer.Typer(), typer.Typer()
    learn_intents.register(app, accepting)
    app.add_typer(accepting, name="accept")
    result = CliRunner().invoke(app, arguments, env={HOME_ENV: str(home.root)})
    return result.exit_code, result.output if result.exit_code == 0 else str(result.exception) + result.output


def clusters(home: Home, run: str) -> list[Cluster]:
    return list(read_records(home.root / "learning" / run / "3-intents" / CLUSTERS, Cluster))


def test_a_run_leaves_clusters_sheets_and_a_report(tmp_path: Path) -> None:
    home = Home(tmp_path)
    record = learn(home, RECORDS)
    assert record.figures["unlabelled utterances"] == 125
    assert record.figures["labelled utterances"] == 25
    assert record.figures["to label next"] == 8
    (folder,) = (tmp_path / "learning").iterdir()
    found = clusters(home, folder.name)
    assert {one.language for one in found} == {"en", "zh"}
    assert len({one.id for one in found}) == len({one.name for one in found}) == len(found)
    members = [member for one in found for member in one.members]
    assert len(set(members)) == len(members)
    report = (folder / "3-intents" / "report.md").read_text("utf-8")
    assert "退款" in report
    assert (folder / "3-intents" / "map-zh.svg").is_file()
    with (folder / "3-intents" / "to_label.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert {row["label"] for row in csv.DictReader(stream)} == {""}


def test_ids_stay_from_run_to_run(tmp_path: Path) -> None:
    home = Home(tmp_path)
    learn(home, RECORDS)
    learn(home, RECORDS[:-3])
    first, second = (clusters(home, folder.name) for folder in sorted((tmp_path / "learning").glob("2*")))
    by_id = {one.id: set(one.members) for one in first}
    kept = [one for one in second if by_id.get(one.id, set()) & set(one.members)]
    assert len(kept) >= 0.8 * len(second)


def test_more_of_a_known_intent_is_proposed_as_that(tmp_path: Path) -> None:
    home = Home(tmp_path)
    accept(home, [(text, intent) for n, (text, intent) in enumerate(said("zh")) if intent == "停车" and n % 2])
    learn(home, utterances("zh"))
    found = clusters(home, next((tmp_path / "learning").glob("2*")).name)
    texts = {one.id: one.label for one in utterances("zh", labelled=frozenset({"停车", "退款", "发票"}))}
    for one in found:
        assert (one.more_of == "停车") == (texts[one.members[0]] == "停车")


@pytest.mark.parametrize("records", [[], RECORDS[:1], RECORDS[:20]])
def test_little_or_nothing_is_no_error(tmp_path: Path, records: list[CleanUtterance]) -> None:
    record = learn(Home(tmp_path), records)
    assert record.figures["clusters"] in range(6)


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CallerError, match="no model"):
        learn(Home(tmp_path), RECORDS, IntentsStep(by_model=True))


def test_a_person_accepts_a_cluster_labels_and_corrections(tmp_path: Path) -> None:
    home = Home(tmp_path)
    wrong, text = said("en")[30][0], said("en")[0][0]
    labelled = utterances("en", labelled=frozenset({"refund", "change_pin", "card_arrival"}))
    records = [one.model_copy(update={"label": "refund"}) if one.text == wrong else one for one in labelled]
    learn(home, [*(one.model_copy(update={"label": None}) if one.text == text else one for one in records), *RECORDS])
    listed = json.loads(parley(home, "clusters", "--json")[1])["clusters"]
    first = listed[0]["id"]
    shown = json.loads(parley(home, "clusters", first, "--json")[1])
    without = shown["members"][0]

    status, out = parley(home, "accept", "intents", first, "--name", "停车_收费", "--without", without, "--json")
    assert (status, json.loads(out)["added"]) == (0, len(shown["members"]) - 1)
    assert shown["texts"][without] not in read_accepted(home).texts

    sheet = next(home.root.glob("learning/*/3-intents/clusters.csv"))
    rows = list(csv.reader(io.StringIO(sheet.read_text("utf-8-sig"))))
    assert [row[3] for row in rows[1:]] == [""] * len(listed)
    filled = tmp_path / "clusters.csv"
    filled.write_text("id,label\n" + "\n".join(f"{row[0]},意图 {n // 2}" for n, row in enumerate(rows[2:4])), "utf-8")
    status, out = parley(home, "accept", "intents", str(filled), "--json")
    assert (status, json.loads(out)["added"]) == (0, sum(int(row[1]) for row in rows[2:4]))
    assert {"意图 0", "停车_收费"} <= {*read_accepted(home).labels}

    (suspect,) = json.loads(parley(home, "suspects", "--json")[1])["suspects"]
    assert (suspect["text"], suspect["label"], suspect["suggested"]) == (wrong, "refund", "change_pin")
    assert parley(home, "accept", "suspects", suspect["id"])[0] == 0
    assert f"{wrong},change_pin\n" in accepted_file(home).read_text("utf-8")

    sheet = tmp_path / "labels.csv"
    sheet.write_text(f"id,text,label\n{without},,停车\n", "utf-8")
    assert parley(home, "accept", "labels", str(sheet))[0] == 0
    assert f"{shown['texts'][without]},停车\n" in accepted_file(home).read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("accept", "intents", "c999"), "no cluster c999"),
        (("accept", "intents", "nowhere.csv"), "can't be read"),
        (("accept", "intents", "c1", "--without", "nobody#1"), "has no member nobody#1"),
        (("accept", "suspects"), "name suspects"),
        (("accept", "suspects", "x#1"), "no suspect is called x#1"),
        (("accept", "labels", "nowhere.csv"), "no such file"),
        (("clusters", "--run", "1999-01-01-1"), "no run 1999-01-01-1"),
    ],
)
def test_wrong_use_is_named(tmp_path: Path, arguments: tuple[str, ...], problem: str) -> None:
    home = Home(tmp_path)
    learn(home, RECORDS[:40])
    status, out = parley(home, *arguments)
    assert status != 0
    assert problem in out
