"""Agents that are broken in one way each are told from the good one by the metric that is about it, and by no other."""

import copy
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from agent.build import open_agent
from agent.homes import new_home, open_documents
from agent.loop import Agent
from agent.ports import GenerationRequest, Generator, Guard, Policy, Retract, Retriever
from agent.samples import sample_path
from agent.settings import load_settings
from agent.types import Decision, DecisionKind, Draft, Reply, Retrieval, Understanding, Utterance
from evals.cases import Case, load_cases
from evals.metrics.conversation import policy_obedience
from evals.metrics.grounding import number_agreement
from evals.metrics.ranking import hit_at
from evals.metrics.refusal import refusal_precision
from evals.metrics.rightness import is_declined
from evals.statistics.paired import p_value

TUNING = Path(__file__).parents[2] / "evals" / "fits" / "tuning"
ANGRY = [
    ("You broke my phone, you useless liars! I hate you!", "I am furious, this is the worst, I hate this stupid shop!"),
    ("This is outrageous, you are thieves!", "I hate you, you are terrible liars, I am so angry!"),
    ("你们太垃圾了，气死我了！", "骗子！我非常愤怒，太恶心了！"),
    ("什么破店，气死人了！", "你们这群骗子，我气炸了，太差了！"),
]
ALLOWED = {"handoff"}


@dataclass
class WrongDocuments:
    """Looks up something else than what was asked."""

    own: Retriever

    async def retrieve(self, understanding: Understanding) -> Retrieval:
        other = "怎么回收旧电池？" if understanding.language == "zh" else "How do I recycle old batteries?"
        return await self.own.retrieve(replace(understanding, text=other, question=other, entities=()))


@dataclass
class InventedNumbers:
    """Says what it found, with other numbers."""

    own: Generator

    async def generate(self, request: GenerationRequest) -> AsyncIterator[str | Retract | Draft]:
        async for step in self.own.generate(request):
            if isinstance(step, Draft):
                yield replace(step, text=re.sub(r"(?<!\[)\b\d+|(?<=[\u3400-\u9fff])\d+", "777", step.text))


@dataclass
class IgnoredAnger:
    """Answers whatever the mood."""

    own: Policy

    def decide(self, understanding: Understanding, history: Sequence[Utterance]) -> Decision:
        found = self.own.decide(understanding, history)
        return replace(found, kind=DecisionKind.ANSWER, template="") if found.kind is DecisionKind.HANDOFF else found


class RefusesAll:
    """Gives no answer."""

    def check(self, draft: Draft, request: GenerationRequest) -> Draft:
        return Draft(text="Sorry. 抱歉。", decision=DecisionKind.DECLINE)


def broken(agent: Agent, **stages: "Retriever | Generator | Policy | Guard") -> Agent:
    """The real agent, one stage of it another's."""
    other = copy.copy(agent)
    for name, stage in stages.items():
        setattr(other, f"_{name}", stage)
    return other


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = new_home(tmp_path_factory.mktemp("sample") / "home")
    made.settings_file.write_text('[knowledge]\nembedder = "corpus"\n', "utf-8")
    with open_documents(made, load_settings(made.root)) as library:
        library.ingest([sample_path() / "knowledge"])
    return made.root


def asked() -> list[Case]:
    """Of each language, questions with a number in what they ask for, and some that cannot be answered."""
    found = []
    for language in ("en", "zh"):
        cases = [case for case in load_cases(TUNING / f"shop_{language}.jsonl") if not case.history]
        found += [case for case in cases if case.answerable and re.search(r"\d", case.must_include[0][0])][:7]
        found += [case for case in cases if not case.answerable][:2]
    return found


async def measured(agent: Agent, cases: Sequence[Case]) -> dict[str, dict[str, float]]:
    """Metric → case → value, of one agent."""
    replies = {case.id: await agent.answer(case.question) for case in cases}
    found: dict[str, dict[str, float]] = {"documents": {}, "numbers": {}, "anger": {}, "refusals": {}}
    for case in cases:
        reply = replies[case.id]
        declined = is_declined(reply.decision)
        if case.answerable:
            found["documents"][case.id] = hit_at([e.passage.source_id for e in reply.evidence], case.gold_docs, 5)
            found["refusals"][case.id] = float(not declined)
        agreed = None if declined else number_agreement(_claimed(reply), [e.passage.text for e in reply.evidence])
        if agreed is not None:
            found["numbers"][case.id] = agreed
    declined_all = [is_declined(replies[case.id].decision) for case in cases]
    precision = refusal_precision(declined_all, [case.answerable for case in cases])
    found["refusal precision"] = {"all": 1.0 if precision is None else precision}
    for first, second in ANGRY:
        history = [Utterance(role="user", content=first), Utterance(role="assistant", content="…")]
        reply = await agent.answer(second, history)
        obeyed = policy_obedience([reply.decision.value], [ALLOWED])
        assert obeyed is not None
        found["anger"][second] = obeyed
    return found


def _claimed(reply: Reply) -> str:
    return re.sub(r"\[\d+\]", "", reply.text)


async def test_each_is_told_by_its_own_metric(home: Path) -> None:
    async with open_agent(load_settings(home)) as good:
        agents = {
            "documents": broken(good, retriever=WrongDocuments(good._retriever)),
            "numbers": broken(good, generator=InventedNumbers(good._generator)),
            "anger": broken(good, policy=IgnoredAnger(good._policy)),
            "refusals": broken(good, guard=RefusesAll()),
        }
        cases = asked()
        best = await measured(good, cases)
        worse = {name: await measured(agent, cases) for name, agent in agents.items()}
    assert min(best["anger"].values()) == 1.0
    for name, found in worse.items():
        before, after = paired(best[name], found[name])
        assert mean(after) <= mean(before) - 0.5, (name, mean(before), mean(after))
        if name != "anger":
            assert p_value(before, after) < 0.05
    for name, metric in (("numbers", "documents"), ("anger", "documents"), ("anger", "numbers"), ("anger", "refusals"),
                         ("documents", "anger"), ("numbers", "anger"), ("numbers", "refusals"), ("refusals", "documents")):  # fmt: skip
        assert worse[name][metric] == best[metric], (name, metric)
    assert worse["refusals"]["refusal precision"]["all"] < best["refusal precision"]["all"]


def paired(before: dict[str, float], after: dict[str, float]) -> tuple[list[float], list[float]]:
    """Of the cases that both have."""
    both = [case for case in before if case in after]
    return [before[case] for case in both], [after[case] for case in both]


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
