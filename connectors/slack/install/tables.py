"""What the store keeps of installations. Changing a table needs a migration in `agent/store/migrations/versions`."""

from datetime import datetime

from sqlalchemy import Column, DateTime, Text
from sqlmodel import Field, SQLModel


class InstallationRow(SQLModel, table=True):
    """What one person granted in one place; without a user, the bot's own grant there, the latest.

    enterprise, team: "" for none; an installation for a whole Grid organisation has no team. data: encrypted.
    rotating_until: so long one process changes its token, and no other does.
    """

    __tablename__ = "slack_installation"

    client_id: str = Field(primary_key=True)
    enterprise: str = Field(primary_key=True)
    team: str = Field(primary_key=True)
    user: str = Field(primary_key=True)
    installed_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    data: str = Field(sa_column=Column(Text, nullable=False))
    rotating_until: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True)))


class StateRow(SQLModel, table=True):
    """A state that was given to a browser which is to come back with it once."""

    __tablename__ = "slack_oauth_state"

    state: str = Field(primary_key=True)
    until: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
