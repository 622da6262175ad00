"""What the store keeps of threads for people. Changing a table needs a migration in `agent/store/migrations/versions`."""

from datetime import datetime

from sqlalchemy import Column, DateTime, ForeignKey, String
from sqlmodel import Field, SQLModel


def _conversation() -> Column[str]:
    return Column(String, ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)


class DeskRow(SQLModel, table=True):
    """The conversation `id` has this thread in a support channel. thread: None until it is known to be there.

    holder: who took over in Slack; suggested: a reply to send with one press; delivered_n: number of the last event told;
    worker: the process that tells, as in `agent.store.leases`.
    """

    __tablename__ = "slack_desk"

    id: str = Field(sa_column=_conversation())
    team: str
    enterprise: str | None = None
    channel: str
    thread: str | None = Field(default=None, index=True)
    holder: str | None = None
    suggested: str = ""
    delivered_n: int = 0
    worker: str | None = None
    worker_until: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True)))


class DeskPostRow(SQLModel, table=True):
    """Event `n` of the conversation `id` is shown by this message; ts: None while it is not known whether it arrived."""

    __tablename__ = "slack_desk_post"

    id: str = Field(sa_column=_conversation())
    n: int = Field(primary_key=True)
    ts: str | None = None
