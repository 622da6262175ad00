"""Scores the record of a turn."""

from dataclasses import dataclass

from agent.types import Reply
from evals.cases import Case
from evals.metrics.graph import graph_f1
from evals.metrics.grounding import citation_precision, citation_recall, groundedness, number_agreement
from evals.metrics.ranking import hit_at, ndcg_at, recall_at, reciprocal_rank
from evals.metrics.rightness import is_declined, is_right, key_facts
from evals.metrics.text import chrf, rouge_l, token_f1

_LIKENESS = {"token_f1": token_f1, "rouge_l": rouge_l, "chrf": chrf}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One case, its reply, and the scores of it: name to value 0…1."""

    case: Case
    reply: Reply
    scores: dict[str, float]


def score(case: Case, reply: Reply) -> dict[str, float]:
    """right, declined, wrong, and what else case and reply allow: by key facts, reference, gold documents and facts, evidence.

    doc@5: any gold document among the first five. What cannot be counted is left out, not nought.
    """
    right = is_right(case, reply.text, reply.decision)
    declined = is_declined(reply.decision)
    scores = {"right": float(right), "declined": float(declined), "wrong": float(not right and not declined)}
    if case.gold_docs:
        ranked = [evidence.passage.source_id for evidence in reply.evidence]
        scores["doc@5"] = hit_at(ranked, case.gold_docs, 5)
        scores["recall@5"] = recall_at(ranked, case.gold_docs, 5)
        scores["mrr"] = reciprocal_rank(ranked, case.gold_docs)
        scores["ndcg@10"] = ndcg_at(ranked, case.gold_docs, 10)
    if not declined:
        scores |= _of_answer(case, reply)
    return scores


def _of_answer(case: Case, reply: Reply) -> dict[str, float]:
    evidence = [text for one in reply.evidence if (text := one.passage.text)]
    evidence += [f"{fact.head} {fact.relation} {fact.tail}" for fact in reply.facts]
    found: dict[str, float | None] = {"key_facts": key_facts(reply.text, case.must_include)}
    if case.reference:
        found |= {name: measure(reply.text, case.reference) for name, measure in _LIKENESS.items()}
    if case.gold_facts:
        found["graph_f1"] = graph_f1([(fact.head, fact.relation, fact.tail) for fact in reply.facts], case.gold_facts)
    if evidence:
        found["groundedness"] = groundedness(reply.text, evidence)
        found["number_agreement"] = number_agreement(reply.text, evidence)
    if reply.citations:
        cited = {citation.n: citation.quote for citation in reply.citations}
        found["citation_precision"] = citation_precision(reply.text, cited)
        found["citation_recall"] = citation_recall(reply.text, cited)
    return {name: value for name, value in found.items() if value is not None}
