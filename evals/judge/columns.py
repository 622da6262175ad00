"""Columns of judges beside what is counted: those of the fitted judge, who gave which, and how far that agrees with people."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, TypeAdapter

from agent.types import JsonValue, Language
from evals.judge.agreement import Rated, agreement
from evals.judge.fitted import FittedJudge
from evals.judge.grades import column_of, grades_in_words, trust_in_words
from evals.judge.rated import RatedAnswer
from evals.judge.rubric import Rubric
from evals.metrics.rightness import is_declined
from evals.scoring.turns import Result, evidence_of
from knowledge.embedders.embedder import Embedder

AGREEMENT = "agreement.json"
FITTED = frozenset({"judged_helpful", "judged_groundedness", "judged_answerability"})
"""What the fitted judge tells, as a chat model does by the shipped rubrics."""

_BY_EMBEDDER = frozenset({"judged_answerability"})
_NEAREST = 5  # passages that are shown to the judge of answerability: as many as its agreement was measured with


class Agreement(BaseModel):
    """AUROC of a column against people's labels with its 95 % interval; tasks: how many; of: which set.

    kappa: Cohen's, of a column of at least one half and the label; spearman: of the column and the label.
    """

    model_config = ConfigDict(frozen=True)

    auroc: float
    interval: tuple[float, float]
    kappa: float | None
    spearman: float | None
    tasks: int
    of: str


class Agreements(BaseModel):
    """By column; `python -m evals.benchmarks.judge_mtrag FILE --record` measures them anew. by_meaning: with MiniLM's signs."""

    model_config = ConfigDict(frozen=True)

    judged_helpful: Agreement
    judged_groundedness: Agreement
    judged_answerability: Agreement
    judged_answerability_by_meaning: Agreement


def judged_groundedness(answer: str, evidence: Sequence[str]) -> float | None:
    """Mean probability of the fitted judge that a claim stands in the evidence, 0…1; None where nothing is claimed."""
    return _judge().groundedness(answer, evidence)


def judged_answerability(question: str, evidence: Sequence[str], language: str = "en") -> float:
    """Probability of the fitted judge that the evidence answers the question, 0…1; by words alone."""
    return _judge().answerability(question, evidence, language)


def judged_helpful(question: str, answer: str, evidence: Sequence[str]) -> float:
    """How far the fitted judge takes the answer for one to the question that stands in the evidence, 0…1."""
    return _judge().helpfulness(question, answer, _judge().groundedness(answer, evidence))


def all_judged(
    results: Sequence[Result], embedder: Embedder | None = None, by_model: Collection[str] = ()
) -> list[Result]:
    """The results with the columns that no model judged, as far as they apply. by_model: columns that one did.

    embedder: compares English texts, too; None for words alone.
    """
    if set(by_model) >= FITTED:
        return list(results)
    judge = FittedJudge(embedder)
    able = [one for one in results if embedder and one.reply.language == "en"]
    judge.prepare(text for one in able for text in evidence_of(one.reply)[:_NEAREST])
    found = [_judged(one, judge) for one in results]
    return [
        replace(one, scores={**one.scores, **{name: value for name, value in own.items() if name not in by_model}})
        for one, own in zip(results, found, strict=True)
    ]


def _judged(result: Result, judge: FittedJudge) -> dict[str, float]:
    reply, evidence = result.reply, evidence_of(result.reply)
    if not evidence:
        return {}
    question = reply.understanding.question
    grounded = judge.groundedness(reply.text, evidence)
    found = {
        "judged_helpful": judge.helpfulness(question, reply.text, grounded),
        "judged_answerability": judge.answerability(question, evidence[:_NEAREST], reply.language),
    }
    if grounded is None or is_declined(reply.decision):
        return found
    return {**found, "judged_groundedness": grounded}


def trust_of(
    rated: Sequence[RatedAnswer], rubrics: Sequence[Rubric], embedder: Embedder | None = None
) -> dict[str, JsonValue]:
    """How far each column agrees with a team's own people: column, then rubric, then figures, on the rubric's own scale.

    Only answers whose evidence was kept can be judged; empty where there is none.
    """
    judge = FittedJudge(embedder)
    columns: dict[str, Callable[[RatedAnswer], float | None]] = {
        "judged_helpful": lambda one: judge.helpfulness(
            one.question, one.answer, judge.groundedness(one.answer, one.evidence)
        ),
        "judged_groundedness": lambda one: judge.groundedness(one.answer, one.evidence),
        "judged_answerability": lambda one: judge.answerability(one.question, one.evidence[:_NEAREST], one.lang),
    }
    found: dict[str, dict[str, JsonValue]] = {}
    for rubric in rubrics:
        own = [one for one in rated if one.rubric == rubric.name and one.evidence]
        for column, judged in columns.items():
            values = [(one, value) for one in own if (value := judged(one)) is not None]
            pairs = [Rated(id=one.id, human=one.human, judge=rubric.grade(value)) for one, value in values]
            if pairs:
                found.setdefault(column, {})[rubric.name] = dict(asdict(agreement(pairs)))
    return dict(found)


def judge_card(
    columns: Collection[str] = FITTED, *, by_meaning: bool = False, trust: Mapping[str, JsonValue] | None = None
) -> dict[str, JsonValue]:
    """Who judged which columns, and how far that is to be trusted; for summaries and reports.

    by_meaning: with an embedder, where it can; trust: of `trust_of`, where people of the team graded answers.
    """
    name = f"{FittedJudge.name}, English questions by MiniLM too" if by_meaning else FittedJudge.name
    kept = {
        *columns,
        *(["judged_answerability_by_meaning"] if by_meaning and "judged_answerability" in columns else ()),
    }
    measured = packaged_agreement().model_dump(mode="json", include=kept)
    return {
        "name": name,
        "agreement": measured,
        "own": {one: told for one, told in (trust or {}).items() if one in kept},
    }


def judges_of(summary: Mapping[str, JsonValue]) -> dict[str, str]:
    """Who gave each column of a run."""
    fitted, model = summary.get("judge"), summary.get("model_judge")
    found: dict[str, str] = {}
    if isinstance(fitted, Mapping) and isinstance(measured := fitted["agreement"], Mapping):
        # Only evidence is read by an embedder, too; the card's name says whether it is.
        found |= {
            one: str(fitted["name"]) if one in _BY_EMBEDDER else FittedJudge.name for one in FITTED & measured.keys()
        }
    if isinstance(model, Mapping) and isinstance(rubrics := model["rubrics"], Mapping):
        found |= {column_of(rubric): str(model["name"]) for rubric in rubrics}
    return found


def judge_words(summary: Mapping[str, JsonValue], speech: Language = "en") -> list[str]:
    """A line for each column: what a reader must know before trusting it; none where nothing was judged."""
    grades = summary.get("model_judge")
    graded = grades_in_words(grades, speech) if isinstance(grades, Mapping) else ()
    return [*_fitted_words(summary.get("judge"), speech), *graded]


def _fitted_words(card: JsonValue, speech: Language) -> list[str]:
    if not isinstance(card, Mapping):
        return []
    agreement_of, own = _AGREEMENTS.validate_python(card["agreement"]), card.get("own") or {}
    assert isinstance(own, Mapping)
    return [
        _FITTED[speech].format(
            column=column, judge=card["name"], auroc=one.auroc, ends=one.interval, of=one.of, tasks=one.tasks,
            kappa=_said(one.kappa), spearman=_said(one.spearman), own=_own_words(own.get(column), speech),
        )
        for column, one in agreement_of.items()
    ]  # fmt: skip


def _said(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _own_words(found: JsonValue, speech: Language) -> str:
    """With the team's own people, by each rubric; else that nobody of them graded anything."""
    if not isinstance(found, Mapping) or not found:
        return _UNRATED[speech]
    return "; ".join(f"{rubric}: {trust_in_words(one, speech)}" for rubric, one in found.items())


_AGREEMENTS = TypeAdapter(dict[str, Agreement])
_FITTED: Mapping[Language, str] = {
    "en": "{column}: by the judge {judge}; against people's labels of {of} ({tasks} tasks) kappa {kappa}, Spearman "
    "{spearman}, AUROC {auroc:.3f} [{ends[0]:.3f}, {ends[1]:.3f}]; {own}",
    "zh": "{column}：由评判器 {judge} 给出；与人工标注 {of}（{tasks} 题）相比 kappa {kappa}，Spearman {spearman}，AUROC "
    "{auroc:.3f} [{ends[0]:.3f}, {ends[1]:.3f}]；{own}",
}
_UNRATED: Mapping[Language, str] = {
    "en": "with your own people not measured (name answers that they graded: --rated)",
    "zh": "未测量它与贵团队评分的一致程度（请用 --rated 给出人工评分的回答）",
}


@cache
def packaged_agreement() -> Agreements:
    """As measured when the weights were shipped."""
    return Agreements.model_validate_json((files("evals.judge") / AGREEMENT).read_text("utf-8"))


@cache
def _judge() -> FittedJudge:
    return FittedJudge()
