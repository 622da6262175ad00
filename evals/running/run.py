"""Asks a target every case that was not answered yet, and scores what it said."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from evals.cases import Case
from evals.metrics.running import Price, cost, tokens_used
from evals.running.log import AnswerLog, case_key
from evals.scoring.dialogues import dialogue_result
from evals.scoring.obedience import obedience
from evals.scoring.turns import Result
from evals.targets.target import Answered, Target, TargetFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """at_once: cases asked at the same time. tries: of each case; pause_s: before the second, doubled with each further one.

    most_tokens, most_cost: of the whole run, what earlier runs spent included; None for no limit. Cases that are under
    way when a limit is reached are still finished.
    """

    at_once: int = 2
    tries: int = 3
    pause_s: float = 1.0
    most_tokens: int | None = None
    most_cost: float | None = None
    price: Price = field(default_factory=lambda: Price(prompt=0.0, completion=0.0))

    def shared(self, parts: int) -> "Limits":
        """Those of each of so many parts of a run."""
        tokens = None if self.most_tokens is None else -(-self.most_tokens // parts)
        return replace(self, most_tokens=tokens, most_cost=None if self.most_cost is None else self.most_cost / parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """results: in the order of the cases. failed: id to why; left: how many a limit kept from being asked; asked: anew."""

    results: list[Result]
    failed: dict[str, str]
    left: int
    asked: int
    tokens: int
    cost: float


@dataclass(slots=True)
class _State:
    tokens: int = 0
    cost: float = 0.0
    done: int = 0
    asked: int = 0
    failed: dict[str, tuple[str, str]] = field(default_factory=dict)  # key of a case to its id and why

    def spend(self, answered: Answered, price: Price) -> None:
        self.tokens += tokens_used(answered.usage)
        self.cost += cost(answered.usage, price)

    def over(self, limits: Limits) -> bool:
        tokens, money = limits.most_tokens, limits.most_cost
        return (tokens is not None and self.tokens >= tokens) or (money is not None and self.cost >= money)


async def run_cases(
    cases: Sequence[Case], target: Target, log: AnswerLog, progress: Callable[[str, int, int], None], limits: Limits,
    repeat: int = 1,
) -> Run:  # fmt: skip
    """The run, as far as the limits let it go; what the log holds is not asked again. repeat: how often each is asked."""
    cases = [case for case in cases for _ in range(repeat)]
    name = target.name
    keys = [case_key(case, name, at % repeat) for at, case in enumerate(cases)]
    state = _State()
    for key in dict.fromkeys(keys):
        if key in log.answers:
            state.spend(log.answers[key], limits.price)
    state.done = sum(key in log.answers for key in keys)
    waiting = iter([(key, case) for key, case in zip(keys, cases, strict=True) if key not in log.answers])

    async def work() -> None:
        for key, case in waiting:  # one iterator for all workers, so that none holds more than one case
            if state.over(limits):
                return
            await _ask(key, case, target, log, limits, state)
            state.done += 1
            progress(case.id, state.done, len(cases))

    async with asyncio.TaskGroup() as workers:
        for _ in range(limits.at_once):
            workers.create_task(work())
    results = [
        _result(case, said, target) for key, case in zip(keys, cases, strict=True) if (said := log.answers.get(key))
    ]
    left = len(cases) - len(results) - len(state.failed)
    failed = dict(state.failed.values())
    return Run(results=results, failed=failed, left=left, asked=state.asked, tokens=state.tokens, cost=state.cost)


def _result(case: Case, said: Answered, target: Target) -> Result:
    if case.dialogue is not None:
        return dialogue_result(case, said, target.score)
    scores = target.score(case, said.reply)
    if case.policy is None or said.bare:
        return Result(case=case, reply=said.reply, scores=scores)
    obeyed = obedience([case.policy], [said.reply])
    share = {} if obeyed.share is None else {"policy_obedience": obeyed.share}
    notes = {"policy": "\n".join(obeyed.breaches)} if obeyed.breaches else {}
    return Result(case=case, reply=said.reply, scores=scores | share, notes=notes)


async def _ask(key: str, case: Case, target: Target, log: AnswerLog, limits: Limits, state: _State) -> None:
    for attempt in range(limits.tries):
        if attempt:
            await asyncio.sleep(limits.pause_s * 2 ** (attempt - 1))
        state.asked += 1
        try:
            answered = await target.answer(case)
        except TargetFailed as error:
            state.failed[key] = (case.id, str(error))
            if not error.again:
                return
            continue
        state.failed.pop(key, None)
        log.add(key, answered)
        state.spend(answered, limits.price)
        return
