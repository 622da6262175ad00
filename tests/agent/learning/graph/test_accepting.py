"""What a person accepts enters the graph and can leave it again; what is rejected is not proposed again."""

from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

from agent.cli.learn_graph import register
from agent.home import Home
from agent.homes import new_home, open_graph
from agent.learning.graph.accepting import Decisions
from agent.learning.graph.proposals import FILE, Kind, Proof, Proposal, State, propose, read_proposals, write_proposals
from agent.learning.graph.stated import of_sources, of_talks, propose_stated
from agent.learning.graph.step import ProposeGraph, together
from agent.learning.records import write_records
from agent.learning.report import Report
from agent.learning.runs import Run, StepContext, StepName, StepOutcome, new_run, perform
from agent.learning.wording import said
from agent.settings import load_settings
from knowledge.graph.articles import Told
from knowledge.graph.entities import ARTICLES, EntityRecord, Source, SourceHead
from knowledge.progress import silent
from knowledge.types import Passage
from tests.agent.learning.graph.talks import chinese, graph_of, heard

SAID = Proof(source="c1#2", quote="李先生您好，故宫的电话是010-1。")


def some() -> list[Proposal]:
    return [
        propose(Kind.ALIAS, ("景点", "故宫"), "alias", "紫禁城", 0.95, [SAID]),
        propose(Kind.ENTITY, ("景点", "天坛"), "type", "景点", 0.9, [SAID]),
        propose(Kind.VALUE, ("景点", "故宫"), "电话", "010-1", 0.8, [SAID]),
        propose(Kind.LINK, ("景点", "故宫"), "周边景点", "天坛", 0.7, [SAID], tail_type="景点"),
        propose(Kind.VALUE, ("景点", "故宫"), "门票", "65", 0.99, [SAID], state=State.CONFLICT, others=["60"]),
    ]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = new_home(tmp_path / "home")
    graph = open_graph(home)
    record = EntityRecord(name="故宫", type="景点", values={"门票": [60.0]})
    graph.take([Source(head=SourceHead(source_id="places", fingerprint=""), entities=[record])])
    graph.close()
    return home


def test_accepted_proposals_are_used_and_undone_without_a_trace(home: Home) -> None:
    graph = open_graph(home)
    before = graph.records()
    decisions = Decisions.open(home)
    assert decisions.accept(some()[:4], graph) == 4
    assert [m.name for m in graph.link("紫禁城和天坛")] == ["故宫", "天坛"]
    facts = graph.answer("紫禁城的电话是多少？").facts
    assert [(f.head, f.relation, f.tail) for f in facts] == [("故宫", "电话", "010-1")]
    assert "李先生" not in "".join(f.quote for f in facts)
    assert graph.answer("故宫周边有什么景点？").results == ("天坛",)
    again = Decisions.open(home)
    assert again.undecided(some()) == some()[4:]
    assert again.undo(None, graph) == 4
    assert graph.records() == before
    graph.close()


def test_the_rejected_are_remembered_and_leave_the_graph(home: Home) -> None:
    graph = open_graph(home)
    decisions = Decisions.open(home)
    decisions.accept(some()[:1], graph)
    decisions.reject(some()[:1], graph)
    assert graph.link("紫禁城") == ()
    assert some()[0].id not in {p.id for p in Decisions.open(home).undecided(some())}
    graph.close()


def made(home: Home, proposals: list[Proposal]) -> Run:
    run = new_run(home)
    write_proposals(run.folder(StepName.GRAPH) / FILE, proposals)
    return run


def test_the_commands(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_HOME", str(home.root))
    app = Typer()
    register(app)
    run = CliRunner()
    assert run.invoke(app, ["accept", "graph"]).exit_code == 2
    made(home, some())
    assert "紫禁城" in run.invoke(app, ["accept", "graph"]).output
    assert "4 accepted" in run.invoke(app, ["accept", "graph", "--above", "0.5"]).output
    graph = open_graph(home)
    assert graph.answer("故宫门票多少钱").results == ("60",)
    assert "1 undone" in run.invoke(app, ["accept", "graph", "--undo", some()[0].id]).output
    assert graph.link("紫禁城") == ()
    assert "1 rejected" in run.invoke(app, ["reject", "graph", some()[0].id]).output
    assert "紫禁城" not in run.invoke(app, ["accept", "graph"]).output
    assert run.invoke(app, ["accept", "graph", "nonsense"]).exit_code == 2
    assert '"undone":3' in run.invoke(app, ["accept", "graph", "--undo", "--json"]).output
    graph.close()


def test_the_step_reads_conversations_and_offers_nothing_that_was_decided(home: Home) -> None:
    records, talks = chinese(["心宿音箱"])
    graph = open_graph(home)
    graph.take([Source(head=SourceHead(source_id="speakers", fingerprint=""), entities=records)])
    graph.close()

    def context(run: Run, name: StepName) -> StepContext:
        return StepContext(home=home, settings=load_settings(home.root), run=run, out=run.folder(name), progress=silent)

    def clean(given: StepContext) -> StepOutcome:
        write_records(given.out / "conversations.jsonl", talks)
        return StepOutcome(figures={}, report=Report(said("Clean")))

    def pass_over() -> list[Proposal]:
        run = new_run(home)
        perform(StepName.CLEAN, clean, context(run, StepName.CLEAN), inputs="")
        perform(StepName.GRAPH, ProposeGraph(), context(run, StepName.GRAPH), inputs="")
        assert "心宿音箱" in (run.folder(StepName.GRAPH) / "report.md").read_text("utf-8") or not read_proposals(
            run.folder(StepName.GRAPH) / FILE
        )
        return read_proposals(run.folder(StepName.GRAPH) / FILE)

    (found,) = [p for p in pass_over() if p.kind is Kind.VALUE]
    assert (found.head, found.tail) == ("心宿音箱", "218")
    graph = open_graph(home)
    Decisions.open(home).reject([found], graph)
    graph.close()
    assert [p for p in pass_over() if p.kind is Kind.VALUE] == []


def test_what_articles_and_a_model_state_is_believed_as_far_as_it_agrees(tmp_path: Path) -> None:
    records, talks = chinese(["心宿音箱"])
    known, heard_talks = heard(graph_of(tmp_path, records), talks)
    stated = [
        EntityRecord(name=r.name, type="product", values={"Price": [v]}, quotes={("Price", v): f"Price: {v}"})
        for r, v in zip(records, ("200", "203", "206", "1", "212", "215", "218", "221", "224", "227"), strict=True)
    ]
    source = Source(head=SourceHead(source_id="article:a", fingerprint="", kind=ARTICLES), entities=stated)
    found = list(propose_stated(known, of_sources([source])))
    new, conflict = sorted(found, key=lambda p: p.state is State.CONFLICT)
    assert (new.head, new.relation, new.tail) == ("心宿音箱", "price", "218")
    assert conflict.others == ("209",)
    assert 0.8 < new.score < 0.95
    assert new.evidence[0].quote == "Price: 218"

    def read(passage: Passage, name: str, told: dict[str, Told]) -> None:
        if name == "心宿音箱":
            about = told.setdefault(name, Told())
            about.take("color", "red", passage.text)
            about.aliases.append("小心宿")

    by_model = list(propose_stated(known, of_talks(heard_talks, read)))
    assert {(p.kind, p.tail) for p in by_model} == {(Kind.VALUE, "red"), (Kind.ALIAS, "小心宿")}


def test_the_same_proposal_of_two_finders_is_one_with_the_evidence_of_both() -> None:
    one, other = (
        propose(Kind.VALUE, ("t", "故宫"), "电话", "010", score, [Proof(source=s, quote="q")])
        for score, s in ((0.5, "a"), (0.7, "b"))
    )
    (found,) = together([one, other])
    assert found.score == 0.7
    assert [proof.source for proof in found.evidence] == ["b", "a"]
