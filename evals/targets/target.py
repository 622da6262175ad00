"""What every target is, and how it says that it could not answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from agent.types import Reply
from evals.cases import Case


class TargetFailed(Exception):
    """A case got no answer. again: whether asking once more may help (a timeout, a busy server)."""

    def __init__(self, message: str, *, again: bool = True) -> None:
        super().__init__(message)
        self.again = again


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A tool that was done in a conversation; record: what was noted of it, as a text."""

    tool: str
    record: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A reply; usage: tokens read and written as the server counts them, empty where it does not.

    bare: whether the text alone is known of it, no decision.
    turns: of a case that is a dialogue, every reply, `reply` being the last; done: what was done in it, None where the
    target does not tell.
    """

    reply: Reply
    usage: Mapping[str, int] = field(default_factory=dict)
    bare: bool = False
    turns: tuple[Reply, ...] = ()
    done: tuple[Done, ...] | None = None


class Target(Protocol):
    """name tells targets apart: an answer of one is never taken for another's."""

    @property
    def name(self) -> str: ...

    async def answer(self, case: Case) -> Answered:
        """Raises TargetFailed."""
        ...

    def score(self, case: Case, reply: Reply) -> dict[str, float]:
        """By metric; it knows what it was told, which it must keep to itself."""
        ...
