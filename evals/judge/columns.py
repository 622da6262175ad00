"""Columns of the fitted judge beside what is counted, and how far that judge was found to agree with people."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, TypeAdapter

from agent.types import JsonValue
from evals.judge.fitted import FittedJudge
from evals.judge.grades import grades_in_words
from evals.metrics.rightness import is_declined
from evals.runner import Result, evidence_of

AGREEMENT = "agreement.json"


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


def judged(result: Result, judge: FittedJudge) -> dict[str, float]:
    """Both columns of a case, as far as they apply."""
    reply, evidence = result.reply, evidence_of(result.reply)
    if not evidence:
        return {}
    question = reply.understanding.question
    found = {"judged_answerability": judge.answerability(question, evidence, reply.language)}
    grounded = None if is_declined(reply.decision) else judge.groundedness(reply.text, evidence)
    return found if grounded is None else {**found, "judged_groundedness": grounded}


def judge_card(*, by_meaning: bool = False) -> dict[str, JsonValue]:
    """Who judged, and how far that is to be trusted; for summaries and reports. by_meaning: with an embedder, where it can."""
    name = f"{FittedJudge.name}, English questions by MiniLM too" if by_meaning else FittedJudge.name
    kept = {"judged_groundedness", "judged_answerability", *(["judged_answerability_by_meaning"] if by_meaning else ())}
    return {"name": name, "agreement": packaged_agreement().model_dump(mode="json", include=kept)}


def judge_words(summary: Mapping[str, JsonValue]) -> list[str]:
    """A line for each column: what a reader must know before trusting it; none where nothing was judged."""
    grades = summary.get("model_judge")
    return [*_fitted_words(summary.get("judge")), *(grades_in_words(grades) if isinstance(grades, Mapping) else ())]


def _fitted_words(card: JsonValue) -> list[str]:
    if not isinstance(card, Mapping):
        return []
    agreement = _AGREEMENTS.validate_python(card["agreement"])
    return [
        f"{column}: by the judge {card['name']}; AUROC {one.auroc:.3f} [{one.interval[0]:.3f}, {one.interval[1]:.3f}] "
        f"against people's labels of {one.of} ({one.tasks} tasks)"
        for column, one in agreement.items()
    ]


_AGREEMENTS = TypeAdapter(dict[str, Agreement])


@cache
def packaged_agreement() -> Agreements:
    """As measured when the weights were shipped."""
    return Agreements.model_validate_json((files("evals.judge") / AGREEMENT).read_text("utf-8"))


@cache
def _judge() -> FittedJudge:
    return FittedJudge()
