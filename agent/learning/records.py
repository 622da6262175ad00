"""What the steps hand on to each other: conversations and the customers' utterances, as lines of JSON."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from agent.errors import CallerError
from agent.types import Language, Role


class SaidTurn(BaseModel):
    """One message. n: its place in the conversation, from 1; intent: what the bot took it for.

    correction: the intent that a person put in its place; feedback: the customer's verdict on this reply.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    n: int
    role: Role
    text: str
    at: str | None = None
    intent: str | None = None
    correction: str | None = None
    feedback: Literal[-1, 1] | None = None


class LoggedConversation(BaseModel):
    """A conversation of the event log or of an import. source: `log`, or the name of the imported file.

    customer: digest of who it is of (`agent.forgotten.Digests`), so that they can be forgotten; never their name.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    source: str
    channel: str = ""
    customer: str | None = None
    turns: tuple[SaidTurn, ...]


class CleanUtterance(BaseModel):
    """What a customer said, masked and mended. id: `conversation#n`; label: an intent that a person gave it, or None.

    sentences: the same text, segmented. copies: near-duplicates of it that were dropped.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    text: str
    language: Language
    sentences: tuple[str, ...]
    label: str | None = None
    predicted: str | None = None
    copies: int = 0


_Record = TypeVar("_Record", bound=BaseModel)


def write_records(file: Path, records: Iterable[BaseModel]) -> int:
    """A line each; the file appears whole. Returns how many."""
    draft, count = file.with_name(f".{file.name}"), 0
    with draft.open("w", encoding="utf-8") as stream:
        for record in records:
            stream.write(record.model_dump_json(exclude_none=True) + "\n")
            count += 1
    draft.replace(file)
    return count


def read_records(file: Path, kind: type[_Record]) -> Iterator[_Record]:
    """The records of a file, one after the other. Raises CallerError that names the line which is none."""
    with file.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, 1):
            try:
                yield kind.model_validate_json(line)
            except ValidationError as error:
                problem = error.errors()[0]["msg"]
                raise CallerError(f"{file}, line {number}: {problem}; make the file anew by its step") from error
