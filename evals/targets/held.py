"""A conversation that is held with a target, turn by turn: a dialogue of a suite, or a made-up customer's."""

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Protocol

from agent.types import Reply
from evals.cases import Case, CaseUtterance, Dialogue
from evals.targets.target import Answered, Done


class Held(Protocol):
    """A conversation under way."""

    async def say(self, text: str) -> Answered:
        """The answer to the customer's next message. Raises TargetFailed."""
        ...

    async def done(self) -> tuple[Done, ...] | None:
        """What was done in it so far, in order; None where the target does not tell. Raises TargetFailed."""
        ...


class Replayed:
    """Held with what answers a question and a history: all that was said is sent again with each message."""

    def __init__(self, ask: Callable[[Case], Awaitable[Answered]], case: Case) -> None:
        """ask: as `Target.answer`; case: the one that the dialogue is of."""
        self._ask = ask
        self._lang = case.lang
        self._said: list[CaseUtterance] = []

    async def say(self, text: str) -> Answered:
        """As `Held.say`."""
        found = await self._ask(Case(id="", lang=self._lang, question=text, history=self._said))
        self._said = [
            *self._said,
            CaseUtterance(role="user", content=text),
            CaseUtterance(role="assistant", content=found.reply.text),
        ]
        return found

    async def done(self) -> None:
        """An endpoint tells nothing of what it did."""


async def hold(dialogue: Dialogue, held: Held) -> Answered:
    """All its turns, one after the other. Raises TargetFailed."""
    replies: list[Reply] = []
    usage: Counter[str] = Counter()
    bare = False
    for turn in dialogue.turns:
        said = await held.say(turn.say)
        replies.append(said.reply)
        usage.update(said.usage)
        bare = bare or said.bare
    return Answered(reply=replies[-1], usage=dict(usage), bare=bare, turns=tuple(replies), done=await held.done())
