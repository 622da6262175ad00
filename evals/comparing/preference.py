"""Which of two runs a chat model prefers, pair by pair."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import openai

from agent.learning.evaluate.statistics import sign_test
from agent.types import Language
from evals.comparing.runs import Outcome
from evals.judge.model import ModelJudge
from evals.judge.rubric import Rubric

_WORDS: Mapping[Language, str] = {
    "en": "{by} (rubric {rubric}, both orders) prefers the second run in {after} cases, the first in {before}; "
    "{ties} ties; p = {p:.4f} (sign test)",
    "zh": "{by}（评分标准 {rubric}，两种次序）：{after} 个用例后者更好，{before} 个前者更好，{ties} 个平局；p = {p:.4f}（符号检验）",
}
_UNREAD: Mapping[Language, str] = {"en": "; no verdict in {n}", "zh": "；{n} 个未得出结论"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """before, after, ties: cases; ties are also those that were answered alike. unread: those without a verdict.

    p: two-sided, that gains and losses are equally likely (sign test); ties say nothing of it.
    """

    by: str
    rubric: str
    before: int
    after: int
    ties: int
    unread: int
    p: float

    def words(self, speech: Language = "en") -> str:
        """In one sentence."""
        said = _WORDS[speech].format(
            by=self.by, rubric=self.rubric, before=self.before, after=self.after, ties=self.ties, p=self.p
        )
        return said + (_UNREAD[speech].format(n=self.unread) if self.unread else "")


async def preferences(
    before: Mapping[str, Outcome], after: Mapping[str, Outcome], rubric: Rubric, judge: ModelJudge, *, at_once: int = 4
) -> Preference:
    """Of the cases that both runs answered in words; each pair is shown in both orders (Zheng et al. 2023)."""
    votes: Counter[str] = Counter()
    waiting = iter([case for case in before if case in after and before[case].answer and after[case].answer])

    async def work() -> None:
        for case in waiting:
            votes[await _vote(before[case], after[case], rubric, judge)] += 1

    async with asyncio.TaskGroup() as workers:
        for _ in range(at_once):
            workers.create_task(work())
    return Preference(
        by=judge.name, rubric=rubric.name, before=votes["A"], after=votes["B"], ties=votes["tie"], unread=votes["unread"],
        p=sign_test(gained=votes["B"], lost=votes["A"]),
    )  # fmt: skip


async def _vote(old: Outcome, new: Outcome, rubric: Rubric, judge: ModelJudge) -> str:
    if old.answer == new.answer:
        return "tie"
    speech: Language = "zh" if new.slices.get("language") == "zh" else "en"
    try:
        found = await judge.better(rubric, old.question, old.answer, new.answer, language=speech)
    except openai.OpenAIError:
        return "unread"
    return found or "unread"
