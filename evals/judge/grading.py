"""Grades a run's replies by a chat model and rubrics, and measures how far these grades agree with people's."""

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import openai

from agent.types import JsonValue, Language
from evals.judge.agreement import Rated, agreement
from evals.judge.grades import column_of
from evals.judge.model import Judged, ModelJudge
from evals.judge.rated import RatedAnswer
from evals.judge.rubric import Rubric
from evals.metrics.rightness import is_declined
from evals.running.kept import KeptLines, Keyed
from evals.scoring.turns import Result, evidence_of

VERDICTS = "verdicts.jsonl"
_MOST_EVIDENCE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ToGrade:
    """One answer. rubric: by which."""

    rubric: Rubric
    question: str
    answer: str
    evidence: tuple[str, ...]
    language: Language


class _Verdict(Keyed):
    judged: Judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """results: with a score `judged_…` for each rubric, and the reasons; card: who judged, and how far to trust it."""

    results: list[Result]
    card: dict[str, JsonValue]


async def grade_run(
    results: Sequence[Result], rubrics: Sequence[Rubric], judge: ModelJudge, folder: Path,
    rated: Sequence[RatedAnswer] = (), *, at_once: int = 2, progress: Callable[[str, int, int], None],
) -> Graded:  # fmt: skip
    """Every reply that a rubric is of, by every rubric; then what people graded. Verdicts are kept in the folder by content, so
    that none is asked for twice. What the judge's server refuses stays without a grade, and is counted.
    """
    by_name = {rubric.name: rubric for rubric in rubrics}
    wanted = [_of_result(one, rubric) for rubric in rubrics for one in results]
    judgeable = [one for one in wanted if one.answer.strip()]
    known = [_of_rated(one, by_name[one.rubric]) for one in rated]
    with KeptLines(folder / VERDICTS, _Verdict) as kept:
        failure = await _ask(
            [*judgeable, *(one for one in known if one.answer.strip())], judge, kept, at_once, progress
        )
        found = {key: verdict.judged for key, verdict in kept.lines.items()}
    verdicts = [found.get(_key(one, judge)) for one in wanted]
    of_people = [found.get(_key(one, judge)) for one in known]
    graded = list(results)
    for at, rubric in enumerate(rubrics):
        own = verdicts[at * len(results) : (at + 1) * len(results)]
        graded = [_with(one, rubric, verdict) for one, verdict in zip(graded, own, strict=True)]
    asked = [verdict for verdict in verdicts if verdict]
    card: dict[str, JsonValue] = {
        "name": judge.name,
        "votes": judge.votes,
        "graded": sum(verdict.value is not None for verdict in asked),
        "unread": sum(verdict.value is None for verdict in asked),
        "failed": len(judgeable) - len(asked),
        "tokens": sum(verdict.tokens for verdict in (*asked, *filter(None, of_people))),
        "rubrics": {rubric.name: _agreed(rubric, rated, of_people) for rubric in rubrics},
    }
    return Graded(results=graded, card=card | ({"first_failure": failure} if failure else {}))


async def _ask(
    wanted: Iterable[ToGrade], judge: ModelJudge, kept: KeptLines[_Verdict], at_once: int,
    progress: Callable[[str, int, int], None],
) -> str:  # fmt: skip
    """Asks for each verdict that is not kept; why the first of those that failed did, "" where none did."""
    missing = {key: one for one in wanted if (key := _key(one, judge)) not in kept.lines}
    waiting, failures, done = iter(missing.items()), list[str](), 0

    async def work() -> None:
        nonlocal done
        for key, one in waiting:
            try:
                judged = await judge.grade(one.rubric, one.question, one.answer, one.evidence, one.language)
                kept.add(_Verdict(key=key, judged=judged))
            except openai.OpenAIError as error:
                failures.append(f"{type(error).__name__}: {error}"[:300])
            done += 1
            progress("judging", done, len(missing))

    async with asyncio.TaskGroup() as workers:
        for _ in range(at_once):
            workers.create_task(work())
    return failures[0] if failures else ""


def _of_result(result: Result, rubric: Rubric) -> ToGrade:
    """What is not to be judged by the rubric has no answer."""
    evidence = tuple(evidence_of(result.reply)[:_MOST_EVIDENCE])
    fits = rubric.of == "reply" or (evidence and (rubric.of == "evidence" or not is_declined(result.reply.decision)))
    question = "\n".join([*(f"{said.role}: {said.content}" for said in result.case.history), result.case.question])
    return ToGrade(
        rubric=rubric,
        question=question,
        answer=result.reply.text if fits else "",
        evidence=evidence,
        language=result.reply.language,
    )


def _of_rated(one: RatedAnswer, rubric: Rubric) -> ToGrade:
    return ToGrade(
        rubric=rubric, question=one.question, answer=one.answer, evidence=tuple(one.evidence), language=one.lang
    )


def _with(result: Result, rubric: Rubric, verdict: Judged | None) -> Result:
    if verdict is None or verdict.value is None:
        return result
    name = column_of(rubric.name)
    notes = {**result.notes, name: " / ".join(verdict.reasons)}
    return replace(result, scores={**result.scores, name: verdict.value}, notes=notes)


def _agreed(rubric: Rubric, rated: Sequence[RatedAnswer], verdicts: Sequence[Judged | None]) -> JsonValue:
    """With people, on the rubric's own scale; None where nobody graded by it."""
    pairs = [
        Rated(id=one.id, human=one.human, judge=rubric.grade(verdict.value))
        for one, verdict in zip(rated, verdicts, strict=True)
        if one.rubric == rubric.name and verdict is not None and verdict.value is not None
    ]
    return dict(asdict(agreement(pairs))) if pairs else None


def _key(one: ToGrade, judge: ModelJudge) -> str:
    parts = [judge.name, str(judge.votes), one.rubric.model_dump_json(), one.language, one.question, one.answer]
    return hashlib.sha256("\x1f".join([*parts, *one.evidence]).encode()).hexdigest()
