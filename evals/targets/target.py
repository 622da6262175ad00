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
class Answered:
    """A reply; usage: tokens read and written as the server counts them, empty where it does not.

    Of a case that is a dialogue, the last reply, with all that was said and what was wrong with it.
    """

    reply: Reply
    usage: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    transcript: str = ""


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
