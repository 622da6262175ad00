"""Sums a run up, writes it down, and tells what is not as it must be."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from agent.cli.output import fail
from agent.types import JsonValue
from evals.judge.columns import FITTED, all_judged, judge_card, trust_of
from evals.judge.grades import column_of
from evals.metrics.rightness import is_declined
from evals.metrics.semantic import semantic_similarity
from evals.reporting.files import write_report
from evals.reporting.verdict import verdict
from evals.running.job import Job
from evals.running.judging import rated_answers
from evals.running.run import Run
from evals.scoring.summary import summarise
from evals.scoring.turns import Result, told_intent
from evals.statistics.slices import length_of, sliced
from evals.suites.suite import SLICES, Slice, Threshold, figure_of
from knowledge.embedders import minilm
from knowledge.embedders.embedder import Embedder


def conclude(
    job: Job, run: Run, grades: Mapping[str, JsonValue] | None = None, *, language: str = "en"
) -> dict[str, JsonValue]:
    """Everything that the run leaves in its folder; its summary. grades: the card of the model that graded it, if any."""
    if not run.results:
        why = next(iter(run.failed.values()), "a limit was reached")
        raise fail(f"no case was answered; the first failed so: {why}", status=1)
    embedder = minilm.packaged() if job.meaning and minilm.is_available() else None
    by_model = _columns(grades)
    results = all_judged(run.results, embedder, by_model)
    results = _with_likeness(results, embedder) if embedder else results
    run = replace(run, results=results)
    summary: dict[str, JsonValue] = {
        "verdict": verdict(results)[0],
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
    if fitted := [name for name in summary if name in FITTED - by_model]:
        rubrics, rated = rated_answers(job)
        trust = trust_of(rated, rubrics, embedder) if rated else None
        summary["judge"] = judge_card(fitted, by_meaning=embedder is not None, trust=trust)
    if grades is not None:
        summary["model_judge"] = dict(grades)
    write_report(job.out, results, summary, run.failed, job.thresholds, language)
    return summary


def _columns(grades: Mapping[str, JsonValue] | None) -> frozenset[str]:
    """Those that a model gave."""
    rubrics = grades["rubrics"] if grades is not None else None
    return frozenset(map(column_of, rubrics)) if isinstance(rubrics, Mapping) else frozenset()


def _with_likeness(results: Sequence[Result], embedder: Embedder) -> list[Result]:
    """The results with how like answers are to their references in meaning, in languages that the embedder understands."""
    able = [
        one
        for one in results
        if one.case.reference and one.case.lang in embedder.languages and not is_declined(one.reply.decision)
    ]
    values = semantic_similarity([one.reply.text for one in able], [one.case.reference for one in able], embedder)
    like = {id(one): {"semantic_similarity": value} for one, value in zip(able, values, strict=True)}
    return [replace(one, scores={**one.scores, **like.get(id(one), {})}) for one in results]


def faults(summary: Mapping[str, JsonValue], thresholds: Mapping[str, Threshold]) -> list[str]:
    """What a threshold forbids, cases that failed, and cases that were left; empty where all is well."""
    found = [fault for name, limit in thresholds.items() if (fault := _beyond(summary, name, limit))]
    if failed := summary.get("failed"):
        found.append(f"{failed} cases failed; the first so: {summary.get('first_failure', '')}")
    judged = summary.get("model_judge")
    if isinstance(judged, Mapping) and judged.get("failed") and not judged.get("graded"):
        found.append(f"the judge gave no grade; the first request failed so: {judged.get('first_failure', '')}")
    if left := summary.get("left"):
        found.append(f"{left} cases were left when a limit was reached; run it again with a higher one to go on")
    return found


def _of_suite(job: Job, run: Run) -> dict[str, JsonValue]:
    """Slices with their intervals, the first failure, and cases that stand in a suite's training data."""
    by = job.suite.suite.slices if job.suite else SLICES
    cut: dict[str, list[str]] = {name: [_slice(one, name) for one in run.results] for name in by}
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
    if job.suite and job.target == job.suite.suite.target and job.suite.suite.trains:
        # Imported here: it costs a second that a run without training data need not pay.
        from evals.suites.contamination import contaminated, training_of

        copies = contaminated(job.cases, training_of(job.suite))
        found |= {"contaminated": len(copies), "contaminated_cases": copies}
    return found


def _slice(result: Result, by: Slice) -> str:
    """Which part of the cases it belongs to; "" where that is not known."""
    understood = result.reply.understanding
    found: dict[Slice, str] = {
        "lang": result.case.lang,
        "kind": result.case.kind,
        "intent": result.case.intent or told_intent(result.reply),
        "emotion": understood.sentiment.emotion.value,
        "length": length_of(result.case.question),
    }
    return found[by]


def _beyond(summary: Mapping[str, JsonValue], name: str, limit: Threshold) -> str:
    value = figure_of(summary, name)
    if value is None:
        return f"{name} is not known, so no threshold can be held to it"
    if limit.min is not None and value < limit.min:
        return f"{name} is {value}, below {limit.min}"
    return f"{name} is {value}, above {limit.max}" if limit.max is not None and value > limit.max else ""
