"""What the store keeps for Slack. Changing a table needs a migration in `agent/store/migrations/versions`."""

from datetime import datetime

from sqlalchemy import JSON, Column, DateTime, ForeignKey, Index, String, UniqueConstraint
from sqlmodel import Field, SQLModel


class InboxRow(SQLModel, table=True):
    """Something that Slack told, kept before it is acknowledged; its id is the claim on it, in all processes.

    place: what must be handled in order, by sort_key; data: gone once it is handled.
    """

    __tablename__ = "slack_inbox"
    __table_args__ = (Index("ix_slack_inbox_pending", "done_at", "place"),)

    id: str = Field(primary_key=True)
    team: str
    enterprise: str | None = None
    place: str
    sort_key: str
    kind: str
    data: dict[str, object] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    received_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    done_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True)))


def _conversation() -> Column[str]:
    return Column(String, ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)


class ThreadRow(SQLModel, table=True):
    """The conversation `id` is this thread. delivered_n: number of the last event that Slack has been told.

    surface: see `connectors.slack.threads.Surface`; worker: the process that tells Slack, as in `agent.store.leases`.
    """

    __tablename__ = "slack_thread"
    __table_args__ = (UniqueConstraint("team", "channel", "thread", name="one_conversation_a_thread"),)

    id: str = Field(sa_column=_conversation())
    team: str
    enterprise: str | None = None
    channel: str
    thread: str
    surface: str
    asker: str
    response_url: str = ""
    delivered_n: int = 0
    worker: str | None = None
    worker_until: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True)))


class PostRow(SQLModel, table=True):
    """A message in Slack that shows something of the conversation `id`.

    key: what it shows; question: time stamp of the message that it answers; ts: its own, None while it is not known
    whether it arrived; done: nothing more is changed in it.
    """

    __tablename__ = "slack_post"

    id: str = Field(sa_column=_conversation())
    key: str = Field(primary_key=True)
    question: str = ""
    ts: str | None = None
    done: bool = False
