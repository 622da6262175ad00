"""What a reader makes of a file: conversations one after the other, and places that could not be read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from agent.types import Role

Speakers: TypeAlias = Mapping[str, Role | None]
"""Who a speaker's name stands for, in lower case; None: what they say is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One message. at: ISO 8601; intent: what a bot took it for; label: what a person says it is.

    decision: of a bot's reply, as in `agent.types.DecisionKind`; "" where the file does not tell.
    """

    role: Role
    text: str
    at: str | None = None
    intent: str | None = None
    label: str | None = None
    feedback: Literal[-1, 1] | None = None
    decision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """One conversation. consent: what the file says of agreement to learning; None where it says nothing."""

    id: str
    turns: tuple[Spoken, ...]
    consent: bool | None = None
    customer: str | None = None
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """A place that could not be read (`line 7`, `general/2026-01-05.json`), and why; the rest of the file goes in."""

    where: str
    reason: str


Reading: TypeAlias = Iterator[Imported | Broken]
