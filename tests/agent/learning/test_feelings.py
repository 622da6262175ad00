"""Step 5: what is heard, and what a person should check."""

import csv
from pathlib import Path

import pytest

from agent.home import Home
from agent.learning.feelings import Feelings, Heard, to_check
from agent.learning.intents.accepting import accept, read_accepted
from agent.learning.records import CleanUtterance, write_records
from agent.learning.report import Report
from agent.learning.runs import Run, StepContext, StepName, StepOutcome, new_run, perform
from agent.learning.wording import said
from agent.settings import Settings
from agent.training.bundle import Task
from agent.types import Emotion, Sentiment
from agent.understand.sentiment import default_sentiment
from knowledge.progress import silent

SAID = (
    "where is my order",
    "this is outrageous, you liars!",
    "谢谢你们，太贴心了",
    "气死我了，骗子",
    "=1+1 退货怎么办",
)


def utterance(n: int, text: str) -> CleanUtterance:
    return CleanUtterance(id=f"c#{n}", text=text, language="zh", sentences=(text,))


def context(home: Home, run: Run, step: StepName) -> StepContext:
    return StepContext(home=home, settings=Settings(home=home.root), run=run, out=run.folder(step), progress=silent)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    home = Home(tmp_path)
    made = new_run(home)

    def clean(given: StepContext) -> StepOutcome:
        write_records(given.out / "utterances.jsonl", [utterance(n, text) for n, text in enumerate(SAID)])
        return StepOutcome(figures={}, report=Report(said("Clean")))

    perform(StepName.CLEAN, clean, context(home, made, StepName.CLEAN), inputs="")
    return made


def test_all_are_labelled_and_some_are_asked(tmp_path: Path, run: Run) -> None:
    home = Home(tmp_path)
    given = context(home, run, StepName.SENTIMENT)
    record = perform(StepName.SENTIMENT, Feelings(scorer=default_sentiment, count=4), given, inputs="")
    assert record.figures["utterances"] == len(SAID)
    assert record.figures["angry"] == 0.4
    with (given.out / "labelled.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["id"]: row["emotion"] for row in csv.DictReader(file)}
    assert rows["c#1"] == rows["c#3"] == "anger"
    assert rows["c#2"] == "gratitude"
    assert len((given.out / "to_check.csv").read_text("utf-8-sig").splitlines()) == 5
    assert "'=1+1" in (given.out / "labelled.csv").read_text("utf-8-sig")
    assert "谢谢你们" in (given.out / "report.html").read_text("utf-8")


def test_what_was_checked_is_not_asked_again(tmp_path: Path, run: Run) -> None:
    home = Home(tmp_path)
    accept(home, [(SAID[1], "anger")], Task.EMOTION)
    given = context(home, run, StepName.SENTIMENT)
    perform(StepName.SENTIMENT, Feelings(scorer=default_sentiment), given, inputs="")
    assert SAID[1] not in (given.out / "to_check.csv").read_text("utf-8-sig")
    assert read_accepted(home, Task.EMOTION).labels == ("anger",)
    assert len(read_accepted(home)) == 0


def test_half_is_drawn_by_chance_and_half_by_doubt() -> None:
    heard = [
        Heard(
            said=utterance(n, f"m{n}"),
            felt=Sentiment(polarity=0.0, emotion=list(Emotion)[n % 6], confidence=(n % 50) / 50),
        )
        for n in range(300)
    ]
    asked = to_check(heard, 60)
    assert len(asked) == len({one.said.id for one in asked}) == 60
    doubted = asked[30:]
    assert max(one.felt.confidence for one in doubted) < 0.4
    assert {one.felt.emotion for one in doubted} == {*Emotion}
    assert to_check(heard[:3], 60) == to_check(heard[:3], 60)
    assert len(to_check(heard[:3], 60)) == 3
