"""Operations: what flows and models may call, each with a JSON schema of its arguments and a word on whether it changes anything."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from agent.tools.wording import Wording
from agent.types import JsonValue, Language

BROKEN = "error"
"""The reason where a function raised what it should not have."""
UNKNOWN_OUTCOME = frozenset({"unreachable", "unreadable"})
"""Reasons after which nobody knows whether something was changed."""


class Records(Protocol):
    """The company's records that Parley itself keeps, in the transaction of the operation that asks."""

    async def add(self, kind: str, number: str, data: Mapping[str, JsonValue], *, subject: str = "") -> None:
        """Adds a record. Raises ToolFailed("already") where this number is taken."""
        ...

    async def find(self, kind: str, subject: str) -> list[Mapping[str, JsonValue]]:
        """The records about a subject, such as the requests for an order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CallContext:
    """Who calls and for whom. key: the same for every attempt at the same thing, which must happen once.

    folder: the home; records: None where the operation only reads.
    """

    language: Language
    today: date
    folder: Path
    key: str = ""
    customer_id: str | None = None
    records: Records | None = None


class Operation(Protocol):
    """One thing that can be called.

    schema: JSON schema of the arguments, an object. own: it does all that it does in the store's transaction, so that
    a crash leaves nothing half-done; an operation of another system is not. repeatable: that system knows the key.
    words: what customers read of it, where somebody wrote that.
    """

    name: str
    description: str
    schema: Mapping[str, JsonValue]
    changes: bool
    words: Wording | None
    own: bool
    repeatable: bool

    @property
    def arguments(self) -> Collection[str]: ...

    def check(self, arguments: Mapping[str, JsonValue]) -> None:
        """Raises ToolFailed("bad_arguments") where these are not of the schema."""
        ...

    async def call(self, arguments: Mapping[str, JsonValue], context: CallContext) -> Mapping[str, JsonValue]:
        """What it gives, by name. Raises ToolFailed, with `bad_arguments` where these are not of the schema."""
        ...
