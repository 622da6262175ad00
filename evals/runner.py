"""Runs cases through an agent and scores the records of its turns."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.types import Reply, Utterance
from evals.cases import Case
from evals.metrics.ranking import hit_at, ndcg_at, reciprocal_rank
from evals.metrics.rightness import is_declined, is_right


class Answerer(Protocol):
    """Whatever answers a question."""

    async def answer(
        self, question: str, history: Sequence[Utterance] = (), customer_id: str | None = None
    ) -> Reply: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One case, its reply, and the scores of it: name to value 0…1."""

    case: Case
    reply: Reply
    scores: dict[str, float]


async def run_cases(
    cases: Sequence[Case], answerer: Answerer, progress: Callable[[str, int, int], None], *, at_once: int = 2
) -> list[Result]:
    """All results in the order of the cases, a few at a time."""
    slots = asyncio.Semaphore(at_once)
    done = 0

    async def run(case: Case) -> Result:
        nonlocal done
        history = [Utterance(role=said.role, content=said.content) for said in case.history]
        async with slots:
            reply = await answerer.answer(case.question, history)
        done += 1
        progress(case.id, done, len(cases))
        return Result(case=case, reply=reply, scores=score(case, reply))

    return list(await asyncio.gather(*(run(case) for case in cases)))


def score(case: Case, reply: Reply) -> dict[str, float]:
    """right, declined, wrong; where the case has gold documents doc@5 (any; every one for `multi`), mrr, ndcg@10."""
    right = is_right(case, reply.text, reply.decision)
    declined = is_declined(reply.decision)
    scores = {"right": float(right), "declined": float(declined), "wrong": float(not right and not declined)}
    if case.gold_docs:
        ranked = [evidence.passage.source_id for evidence in reply.evidence]
        scores["doc@5"] = hit_at(ranked, case.gold_docs, 5)
        scores["mrr"] = reciprocal_rank(ranked, case.gold_docs)
        scores["ndcg@10"] = ndcg_at(ranked, case.gold_docs, 10)
    return scores
