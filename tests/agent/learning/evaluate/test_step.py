"""The step: bundles and proposals of a run against what is in use, on frozen examples of the home."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.home import Home
from agent.homes import open_graph
from agent.learning.evaluate.comparing import Told
from agent.learning.evaluate.comparison import TaskComparison, Verdict
from agent.learning.evaluate.frozen import FrozenSets
from agent.learning.evaluate.judging import Terms
from agent.learning.evaluate.step import Evaluate, read_comparison
from agent.learning.graph.proposals import Kind, propose, write_proposals
from agent.learning.runs import StepContext, StepName, new_run, perform
from agent.settings import Settings
from agent.training.bundle import Card, Task
from agent.training.data import Labelled, write_labelled
from knowledge.progress import silent
from tests.agent.learning.evaluate.test_comparing import Said


@dataclass
class Words:
    """A model that finds its labels by a word, and knows some of the words only."""

    known: dict[str, str]
    sources: tuple[str, ...] = ()

    @property
    def card(self) -> Card:
        return Card(
            task=Task.INTENT,
            model="words",
            labels=("退款", "ship"),
            examples=2,
            data_sha256=str(len(self.known)),
            sources=self.sources,
        )

    def predict(self, texts: Sequence[str]) -> list[Told]:
        return [Said(next((label for word, label in self.known.items() if word in text), "ship")) for text in texts]


OLD, NEW = Words({"退": "退款"}), Words({"退": "退款", "refund": "退款"})
LEARNED = Words({"退": "退款"}, ("learning run 2026-11-24",))


def opened(folder: Path) -> Words:
    return {"intent": NEW, "learned": LEARNED}.get(folder.name, OLD)


def context(home: Home) -> StepContext:
    run = new_run(home)
    return StepContext(
        home=home,
        settings=Settings(home=home.root),
        run=run,
        out=run.folder(StepName.EVALUATE),
        progress=silent,
    )


def test_bundles_and_graph_are_compared(tmp_path: Path) -> None:
    home = Home(tmp_path)
    accepted = tmp_path / "learning" / "accepted"
    accepted.mkdir(parents=True)
    rows = [(f"refund {chr(97 + n % 26)}{chr(97 + n // 26)} please", "退款") for n in range(300)]
    rows += [(f"把{chr(0x4E00 + n)}退了", "退款") for n in range(300)]
    with (accepted / "utterances.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("text", "label"), *rows, ("where is it", "ship")])
    triples = tmp_path / "t.csv"
    triples.write_text("head,relation,tail,head_type\n故宫,电话,010-1,景点\n天坛,地址,东城,景点\n", "utf-8")
    graph = open_graph(home)
    graph.import_file(triples)
    graph.close()
    FrozenSets.open(home).folder.joinpath("graph.jsonl").write_text(
        '{"question":"天坛的电话是多少","facts":[["天坛","电话","010-2"]]}\n'
        '{"question":"故宫的电话是多少","facts":[["故宫","电话","010-1"]]}\n',
        "utf-8",
    )
    given = context(home)
    (given.run.folder(StepName.TRAIN) / "intent").mkdir(parents=True)
    proposal = propose(Kind.VALUE, ("景点", "天坛"), "电话", "010-2", 0.95, ())
    write_proposals(given.run.folder(StepName.GRAPH) / "proposals.jsonl", [proposal])
    step = Evaluate(open_model=opened, in_use={Task.INTENT: tmp_path / "old"}, terms=Terms(resamples=200))
    perform(StepName.EVALUATE, step, given, inputs="x")
    intents, facts = read_comparison(given.out).tasks
    assert intents.verdict is Verdict.BETTER
    assert 80 < intents.examples < 180
    assert facts.figures[0].before == 0.5
    assert facts.figures[0].after == 1.0
    assert facts.verdict is Verdict.TOO_LITTLE
    assert facts.flips[0].text == "天坛的电话是多少"
    graph = open_graph(home)
    assert graph.source_ids("learned") == []
    graph.close()
    assert (given.out / "report.html").is_file()


def test_nothing_in_use_and_nothing_frozen_are_said(tmp_path: Path) -> None:
    home = Home(tmp_path)
    given = context(home)
    (given.run.folder(StepName.TRAIN) / "intent").mkdir(parents=True)
    step = Evaluate(open_model=opened, in_use={}, terms=Terms(resamples=50))
    perform(StepName.EVALUATE, step, given, inputs="x")
    (found,) = read_comparison(given.out).tasks
    assert found.verdict is Verdict.TOO_LITTLE
    assert "frozen" in found.notes[0]
    FrozenSets.open(home).folder.joinpath("intent.csv").write_text("text,label\nrefund it,退款\n寄了吗,ship\n", "utf-8")
    perform(StepName.EVALUATE, step, given, inputs="y")
    (found,) = read_comparison(given.out).tasks
    assert found.verdict is Verdict.FIRST
    assert found.figures[0].after == 1.0


def test_what_the_training_set_aside_is_counted_unless_what_is_in_use_may_have_met_it(tmp_path: Path) -> None:
    given = context(Home(tmp_path))
    training = given.run.folder(StepName.TRAIN)
    (training / "intent").mkdir(parents=True)
    (training / "set_aside").mkdir()
    aside = Labelled(tuple(f"refund {chr(0x4E00 + n)}" for n in range(200)), ("退款",) * 200)
    write_labelled(aside, training / "set_aside" / "intent.csv")

    def judged(**in_use: Path) -> TaskComparison:
        paths = {Task(task): path for task, path in in_use.items()}
        step = Evaluate(open_model=opened, in_use=paths, terms=Terms(resamples=50))
        perform(StepName.EVALUATE, step, given, inputs=str(in_use))
        (found,) = read_comparison(given.out).tasks
        return found

    first = judged()
    assert (first.verdict, first.examples, first.figures[0].after) == (Verdict.FIRST, 200, 1.0)
    own = judged(intent=tmp_path / "learned")
    assert (own.verdict, own.examples) == (Verdict.BETTER, 200)
    foreign = judged(intent=tmp_path / "old")
    assert (foreign.verdict, foreign.examples) == (Verdict.TOO_LITTLE, 0)
    assert "200 examples" in foreign.notes[-1]
