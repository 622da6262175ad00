"""Columns of the fitted judge beside what is counted, and how far that judge was found to agree with people."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, TypeAdapter

from agent.types import JsonValue, Language
from evals.judge.fitted import FittedJudge
from evals.judge.grades import grades_in_words
from evals.metrics.rightness import is_declined
from evals.runner import Result, evidence_of
from knowledge.embedders.embedder import Embedder

AGREEMENT = "agreement.json"
_NEAREST = 5  # passages that are shown to the judge of answerability: as many as its agreement was measured with


class Agreement(BaseModel):
    """AUROC of a column against people's labels with its 95 % interval; tasks: how many; of: which set."""

    model_config = ConfigDict(frozen=True)

    auroc: float
    interval: tuple[float, float]
    tasks: int
    of: str


class Agreements(BaseModel):
    """By column; `python -m evals.benchmarks.judge_mtrag FILE --record` measures them anew. by_meaning: with MiniLM's signs."""

    model_config = ConfigDict(frozen=True)

    judged_groundedness: Agreement
    judged_answerability: Agreement
    judged_answerability_by_meaning: Agreement


def judged_groundedness(answer: str, evidence: Sequence[str]) -> float | None:
    """Mean probability of the fitted judge that a claim stands in the evidence, 0…1; None where nothing is claimed."""
    return _judge().groundedness(answer, evidence)


def judged_answerability(question: str, evidence: Sequence[str], language: str = "en") -> float:
    """Probability of the fitted judge that the evidence answers the question, 0…1; by words alone."""
    return _judge().answerability(question, evidence, language)


def all_judged(results: Sequence[Result], embedder: Embedder | None = None) -> list[Result]:
    """The results with both columns, as far as they apply. embedder: compares texts of its languages, too; None for words alone."""
    judge = FittedJudge(embedder)
    able = [one for one in results if embedder and one.reply.language in embedder.languages]
    judge.prepare(text for one in able for text in evidence_of(one.reply)[:_NEAREST])
    return [replace(one, scores={**one.scores, **_judged(one, judge)}) for one in results]


def _judged(result: Result, judge: FittedJudge) -> dict[str, float]:
    reply, evidence = result.reply, evidence_of(result.reply)
    if not evidence:
        return {}
    question = reply.understanding.question
    found = {"judged_answerability": judge.answerability(question, evidence[:_NEAREST], reply.language)}
    grounded = None if is_declined(reply.decision) else judge.groundedness(reply.text, evidence)
    return found if grounded is None else {**found, "judged_groundedness": grounded}


def judge_card(*, by_meaning: bool = False) -> dict[str, JsonValue]:
    """Who judged, and how far that is to be trusted; for summaries and reports. by_meaning: with an embedder, where it can."""
    name = f"{FittedJudge.name}, English questions by MiniLM too" if by_meaning else FittedJudge.name
    kept = {"judged_groundedness", "judged_answerability", *(["judged_answerability_by_meaning"] if by_meaning else ())}
    return {"name": name, "agreement": packaged_agreement().model_dump(mode="json", include=kept)}


def judge_words(summary: Mapping[str, JsonValue], speech: Language = "en") -> list[str]:
    """A line for each column: what a reader must know before trusting it; none where nothing was judged."""
    grades = summary.get("model_judge")
    graded = grades_in_words(grades, speech) if isinstance(grades, Mapping) else ()
    return [*_fitted_words(summary.get("judge"), speech), *graded]


def _fitted_words(card: JsonValue, speech: Language) -> list[str]:
    if not isinstance(card, Mapping):
        return []
    agreement = _AGREEMENTS.validate_python(card["agreement"])
    return [
        _FITTED[speech].format(
            column=column, judge=card["name"], auroc=one.auroc, ends=one.interval, of=one.of, tasks=one.tasks
        )
        for column, one in agreement.items()
    ]


_AGREEMENTS = TypeAdapter(dict[str, Agreement])
_FITTED: Mapping[Language, str] = {
    "en": "{column}: by the judge {judge}; AUROC {auroc:.3f} [{ends[0]:.3f}, {ends[1]:.3f}] against people's labels of {of} "
    "({tasks} tasks)",
    "zh": "{column}：由评判器 {judge} 给出；与人工标注 {of}（{tasks} 题）相比 AUROC {auroc:.3f} [{ends[0]:.3f}, {ends[1]:.3f}]",
}


@cache
def packaged_agreement() -> Agreements:
    """As measured when the weights were shipped."""
    return Agreements.model_validate_json((files("evals.judge") / AGREEMENT).read_text("utf-8"))


@cache
def _judge() -> FittedJudge:
    return FittedJudge()
