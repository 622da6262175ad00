"""Tables of the store. Changing one needs a migration in `migrations/versions`."""

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import JSON, Column, DateTime, Index, Table, UniqueConstraint
from sqlmodel import Field, SQLModel


class TurnState(StrEnum):
    """Where a turn stands."""

    WAITING = "waiting"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    STOPPED = "stopped"


FINAL = (TurnState.COMPLETED, TurnState.FAILED, TurnState.STOPPED)


class Handoff(StrEnum):
    """Whether a person of the company is asked for, or there."""

    WAITING = "waiting"
    WITH_PERSON = "with_person"


class ConversationRow(SQLModel, table=True):
    """A conversation. last_n: number of its last event; token_hash: SHA-256 of the bearer token that opens it.

    may_learn: whether the customer agrees that it is learned from; None, as nobody has asked, is no agreement.
    worker: the process that runs its turns, until when it is heard of again (see `agent.store.leases`).
    customer: who proved to be talking; form: what they filled in before; site: on whose page.
    handoff: see Handoff; handoff_at: since when; colleague: who of the company took over.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        Index("ix_conversation_handoff", "handoff", "handoff_at"),
        Index("ix_conversation_customer", "customer_id"),
    )

    id: str = Field(primary_key=True)
    channel: str
    customer_id: str | None = None
    token_hash: str
    last_n: int = 0
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    closed_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True)))
    may_learn: bool | None = None
    worker: str | None = None
    worker_until: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True)))
    customer: dict[str, object] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    form: dict[str, object] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    language: str | None = None
    site: str | None = None
    consented_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True)))
    handoff: str | None = None
    handoff_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True)))
    colleague: str | None = None


class EventRow(SQLModel, table=True):
    """One event, appended and never changed."""

    __tablename__ = "event"

    conversation_id: str = Field(primary_key=True, foreign_key="conversation.id")
    n: int = Field(primary_key=True)
    type: str
    at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    data: dict[str, object] = Field(sa_column=Column(JSON, nullable=False))


class TurnRow(SQLModel, table=True):
    """A turn, made together with the event of the message that it answers; its key is the claim on the message."""

    __tablename__ = "turn"
    __table_args__ = (
        UniqueConstraint("conversation_id", "channel", "channel_message_id", name="one_message_once"),
        Index("ix_turn_state", "state"),
    )

    conversation_id: str = Field(primary_key=True, foreign_key="conversation.id")
    message_n: int = Field(primary_key=True)
    channel: str
    channel_message_id: str
    customer_id: str | None = None
    state: str = TurnState.WAITING
    attempts: int = 0


class FileRow(SQLModel, table=True):
    """A file that a customer sent; its bytes lie in the home."""

    __tablename__ = "file"

    conversation_id: str = Field(primary_key=True, foreign_key="conversation.id")
    id: str = Field(primary_key=True)
    name: str
    type: str
    bytes: int
    at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class ForgottenRow(SQLModel, table=True):
    """A tombstone of what was deleted, so that no import brings it back. key: see `agent.forgotten.Digests`."""

    __tablename__ = "forgotten"

    key: str = Field(primary_key=True)
    at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class ActionState(StrEnum):
    """How far an operation that changes something has come. STARTED: nobody knows whether it was done."""

    STARTED = "started"
    DONE = "done"
    FAILED = "failed"


class ActionRow(SQLModel, table=True):
    """An operation that changed something. key: what makes it once; conversation_id: None outside of any."""

    __tablename__ = "action"

    key: str = Field(primary_key=True)
    tool: str
    conversation_id: str | None = Field(default=None, index=True)
    arguments: dict[str, object] = Field(sa_column=Column(JSON, nullable=False))
    state: str
    result: dict[str, object] = Field(sa_column=Column(JSON, nullable=False))
    at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class RecordRow(SQLModel, table=True):
    """A record of the company that Parley keeps: a refund request, an appointment. subject: what it is about."""

    __tablename__ = "record"
    __table_args__ = (Index("ix_record_subject", "kind", "subject"),)

    kind: str = Field(primary_key=True)
    number: str = Field(primary_key=True)
    subject: str = ""
    conversation_id: str | None = Field(default=None, index=True)
    data: dict[str, object] = Field(sa_column=Column(JSON, nullable=False))
    at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


def aware(at: datetime) -> datetime:
    """A time of the store with its zone, which SQLite drops: it is UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def columns_of(rows: type[SQLModel]) -> Table:
    """The table beneath a class of rows, for statements that need no objects."""
    table: Table = rows.__table__  # type: ignore[attr-defined]
    return table
