"""Sums a run up, writes it down, and tells what is not as it must be."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from agent.cli.output import fail
from agent.types import JsonValue
from evals.judge.columns import judge_card, judged
from evals.reporting.files import write_report
from evals.running.job import Job
from evals.running.run import Run
from evals.statistics.slices import sliced
from evals.suites.contamination import contaminated
from evals.suites.suite import Threshold, figure_of
from evals.summary import summarise


def conclude(job: Job, run: Run, language: str) -> dict[str, JsonValue]:
    """Everything that the run leaves in its folder; its summary."""
    if not run.results:
        why = next(iter(run.failed.values()), "a limit was reached")
        raise fail(f"no case was answered; the first failed so: {why}", status=1)
    results = [replace(one, scores={**one.scores, **judged(one)}) for one in run.results]
    run = replace(run, results=results)
    summary: dict[str, JsonValue] = {
        **summarise(results),
        "suite": job.name,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": job.version,
        "failed": len(run.failed),
        **_of_suite(job, run),
        "left": run.left,
        "tokens": run.tokens,
        "cost": round(run.cost, 6),
    }
    if any(name.startswith("judged_") for name in summary):
        summary["judge"] = judge_card()
    write_report(job.out, results, summary, run.failed, job.thresholds, language)
    return summary


def faults(summary: Mapping[str, JsonValue], thresholds: Mapping[str, Threshold]) -> list[str]:
    """What a threshold forbids, cases that failed, and cases that were left; empty where all is well."""
    found = [fault for name, limit in thresholds.items() if (fault := _beyond(summary, name, limit))]
    if failed := summary.get("failed"):
        found.append(f"{failed} cases failed; the first so: {summary.get('first_failure', '')}")
    if left := summary.get("left"):
        found.append(f"{left} cases were left when a limit was reached; run it again with a higher one to go on")
    return found


def _of_suite(job: Job, run: Run) -> dict[str, JsonValue]:
    """Slices with their intervals, the first failure, and cases that stand in a suite's training data."""
    by = job.suite.suite.slices if job.suite else ("lang", "kind")
    cut: dict[str, list[str]] = {name: [str(getattr(one.case, name)) for one in run.results] for name in by}
    cases = [one.case.id for one in run.results]
    slices: list[JsonValue] = []
    for one in sliced([result.scores["right"] for result in run.results], cut, cases):
        ends: list[JsonValue] = [one.interval.low, one.interval.high]
        slices.append(
            {"by": one.by, "name": one.name, "right": one.interval.value, "interval": ends, "cases": one.interval.n}
        )
    found: dict[str, JsonValue] = {"slices": slices}
    if run.failed:
        found["first_failure"] = next(iter(run.failed.values()))
    if job.suite and job.suite.suite.training:
        copies = contaminated(job.cases, [job.suite.path(name) for name in job.suite.suite.training])
        found |= {"contaminated": len(copies), "contaminated_cases": copies}
    return found


def _beyond(summary: Mapping[str, JsonValue], name: str, limit: Threshold) -> str:
    value = figure_of(summary, name)
    if value is None:
        return f"{name} is not known, so no threshold can be held to it"
    if limit.min is not None and value < limit.min:
        return f"{name} is {value}, below {limit.min}"
    return f"{name} is {value}, above {limit.max}" if limit.max is not None and value > limit.max else ""
