"""Runs that are cut off go on; failures are asked again; limits end a run."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agent.types import JsonValue, Reply
from evals.cases import Case
from evals.metrics.running import Price
from evals.running.log import ANSWERS, AnswerLog, forget_finished, version_of
from evals.running.run import Limits, Run, run_cases
from evals.scoring.turns import score
from evals.targets.replies import plain_reply
from evals.targets.target import Answered, TargetFailed

CASES = [Case(id=f"c{n}", question=f"Question {n}?", must_include=[["30 days"]]) for n in range(8)] + [
    Case(id="z1", lang="zh", question="多久可以退货？", must_include=[["30天"]])
]
QUICK = Limits(at_once=3, pause_s=0.0)


@dataclass
class Target:
    """Counts what it is asked; raises what it is told to, once for each question."""

    name: str = "scripted"
    failing: dict[str, TargetFailed] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    usage: dict[str, int] = field(default_factory=dict)

    async def answer(self, case: Case) -> Answered:
        self.asked.append(case.id)
        if case.id in self.failing:
            raise self.failing.pop(case.id)
        text = "30天内。" if case.lang == "zh" else "Within 30 days."
        return Answered(reply=plain_reply(text, case.question, case.lang, {"total": 1.0}, "x"), usage=self.usage)

    def score(self, case: Case, reply: Reply) -> dict[str, float]:
        return score(case, reply)


def quiet(_stage: str, _done: int, _total: int) -> None:
    pass


async def ran(folder: Path, target: Target, limits: Limits = QUICK) -> Run:
    with AnswerLog(folder) as log:
        return await run_cases(CASES, target, log, quiet, limits)


async def test_a_run_that_was_killed_goes_on_without_repeating_a_case(tmp_path: Path) -> None:
    whole = await ran(tmp_path, Target())
    assert [result.case.id for result in whole.results] == [case.id for case in CASES]
    assert all(result.scores["right"] for result in whole.results)
    lines = (tmp_path / ANSWERS).read_bytes().splitlines(keepends=True)
    (tmp_path / ANSWERS).write_bytes(b"".join(lines[:4]) + lines[4][:50])  # killed while it wrote
    target = Target()
    again = await ran(tmp_path, target)
    assert len(target.asked) == again.asked == 5
    assert again.results == whole.results
    assert (await ran(tmp_path, Target())).asked == 0


async def test_another_target_or_wording_is_asked_anew(tmp_path: Path) -> None:
    await ran(tmp_path, Target())
    assert (await ran(tmp_path, Target(name="another"))).asked == len(CASES)


async def test_what_may_pass_is_asked_again_and_what_will_not_is_not(tmp_path: Path) -> None:
    target = Target(failing={"c1": TargetFailed("busy"), "c2": TargetFailed("refused", again=False)})
    run = await ran(tmp_path, target)
    assert target.asked.count("c1") == 2
    assert target.asked.count("c2") == 1
    assert run.failed == {"c2": "refused"}
    assert len(run.results) == len(CASES) - 1


@pytest.mark.parametrize(
    "limit",
    [
        Limits(at_once=1, most_tokens=30),
        Limits(at_once=1, most_cost=0.03, price=Price(prompt=1.0, completion=1.0)),
    ],
)
async def test_a_limit_ends_a_run_and_a_higher_one_lets_it_go_on(tmp_path: Path, limit: Limits) -> None:
    target = Target(usage={"prompt_tokens": 8, "completion_tokens": 2})
    run = await ran(tmp_path, target, limit)
    assert (len(run.results), run.left, run.tokens) == (3, 6, 30)
    assert (await ran(tmp_path, target)).left == 0
    assert len(target.asked) == len(CASES)


@pytest.mark.parametrize(
    ("summary", "kept"), [({"failed": 0, "left": 0}, False), ({"failed": 1}, True), ({"left": 2}, True)]
)
async def test_a_finished_run_is_asked_anew_and_any_other_kept(
    tmp_path: Path, summary: dict[str, JsonValue], kept: bool
) -> None:
    import orjson

    await ran(tmp_path, Target())
    (tmp_path / "summary.json").write_bytes(orjson.dumps(summary))
    forget_finished(tmp_path)
    assert (tmp_path / ANSWERS).exists() is kept


def test_a_version_changes_with_any_case_and_with_the_suite() -> None:
    versions = {version_of(CASES), version_of(CASES[1:]), version_of(CASES, "name: x")}
    assert len(versions) == 3
    assert version_of(CASES) == version_of(list(CASES))
