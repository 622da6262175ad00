"""States of installations under way: slack_sdk's `AsyncOAuthStateStore` over the store; each is good once."""

import logging
import secrets
from datetime import UTC, datetime, timedelta
from logging import Logger

from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from agent.store.transactions import writing
from agent.store.uninterrupted import uninterrupted
from connectors.slack.install.tables import StateRow

_LOG = logging.getLogger(__name__)


class SqlStateStore(AsyncOAuthStateStore):
    """Any process gives a state, any other takes it back."""

    def __init__(self, engine: AsyncEngine, *, good_for_s: float = 600.0) -> None:
        self._engine = engine
        self._good_for = timedelta(seconds=good_for_s)

    @property
    def logger(self) -> Logger:
        """Where bolt writes about it."""
        return _LOG

    @uninterrupted
    async def async_issue(self, *_: object, **__: object) -> str:
        """A new state; those that nobody came back with are forgotten."""
        state, now = secrets.token_urlsafe(32), datetime.now(UTC)
        async with writing(self._engine) as session:
            await session.exec(delete(StateRow).where(col(StateRow.until) < now))
            session.add(StateRow(state=state, until=now + self._good_for))
        return state

    @uninterrupted
    async def async_consume(self, state: str) -> bool:
        """Whether it was given out, not long ago, and not taken back yet."""
        async with writing(self._engine) as session:
            taken = await session.exec(
                delete(StateRow).where(col(StateRow.state) == state, col(StateRow.until) > datetime.now(UTC))
            )
        return bool(taken.rowcount)
