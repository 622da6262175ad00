"""Judges a graph by frozen questions: how many of the facts that answer them it gives."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.learning.evaluate.comparison import Flip, TaskComparison
from agent.learning.evaluate.frozen import FrozenQuestion
from agent.learning.evaluate.judging import Pairs, Terms, conclude, mean_figure, shares_figure
from agent.types import Language
from agent.understand.language import ScriptLanguages
from knowledge.graph import KnowledgeGraph
from knowledge.graph.name_table import fold
from knowledge.types import Fact, GraphStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphOutcome:
    """What became of one question. recall: share of its facts that were given, 1 where it has none and got none."""

    recall: float
    right: bool
    given: str


def outcome(graph: KnowledgeGraph, question: FrozenQuestion, language: Language) -> GraphOutcome:
    """One question put to a graph."""
    answer = graph.answer(question.question, language=language)
    facts = answer.facts if answer.status is GraphStatus.ANSWERED else ()
    given = "; ".join(f"{f.head} · {f.relation} · {f.tail}" for f in facts[:4]) or answer.status.value
    if not question.facts:
        return GraphOutcome(recall=float(not facts), right=not facts, given=given)
    held = {_key(fact) for fact in facts}
    found = sum(tuple(map(_plain, fact)) in held for fact in question.facts) / len(question.facts)
    return GraphOutcome(recall=found, right=found == 1, given=given)


def compare_graphs(
    questions: Sequence[FrozenQuestion], before: KnowledgeGraph, after: KnowledgeGraph, terms: Terms
) -> TaskComparison:
    """The comparison of two graphs on the same questions."""
    languages = [q.language or ScriptLanguages().detect(q.question, ()) for q in questions]
    asked = list(zip(questions, languages, strict=True))
    old = [outcome(before, question, language) for question, language in asked]
    new = [outcome(after, question, language) for question, language in asked]
    pairs = Pairs(
        before=[one.right for one in old], after=[one.right for one in new], slices={"language": list(languages)}
    )
    figures = [
        shares_figure("questions with all their facts", pairs),
        mean_figure("recall of facts", [one.recall for one in old], [one.recall for one in new], terms),
    ]
    flips = [
        Flip(
            text=question.question,
            truth="; ".join(" · ".join(fact) for fact in question.facts) or "no answer",
            before=one.given,
            after=other.given,
            gained=other.right,
        )
        for question, one, other in zip(questions, old, new, strict=True)
        if one.right != other.right
    ]
    return conclude("graph", pairs, figures, terms, flips=sorted(flips, key=lambda flip: flip.gained))


def _key(fact: Fact) -> tuple[str, ...]:
    return _plain(fact.head), _plain(fact.relation), _plain(fact.tail)


def _plain(text: str) -> str:
    """A name or value as it is compared: one width and case, a whole number without its fraction."""
    return " ".join(fold(text).split()).removesuffix(".0")
