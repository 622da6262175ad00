"""What people say of single conversations from the command line: agreement, and corrections."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from agent.conversations.consent import Consents
from agent.conversations.correcting import correct
from agent.forgotten import digests_of
from agent.home import Home
from agent.learning.forgetting import unlearn_ids
from agent.settings import Settings
from agent.store.database import close_engine, open_engine
from agent.store.event_log import SqlEventLog


async def record_consent(settings: Settings, conversation_id: str, *, may_learn: bool) -> None:
    """The customer's word; withdrawn, the conversation is unlearned. Raises UnknownConversation."""
    async with _store(settings) as engine:
        await Consents(engine, digests_of(Home(settings.home))).set(conversation_id, may_learn=may_learn)
    if not may_learn:
        await asyncio.to_thread(unlearn_ids, Home(settings.home), [conversation_id])


async def record_correction(settings: Settings, conversation_id: str, message: int, intent: str) -> None:
    """What a message was about. Raises InvalidMessage where there is no such message."""
    async with _store(settings) as engine:
        await correct(SqlEventLog(engine), conversation_id, message, intent)


@asynccontextmanager
async def _store(settings: Settings) -> AsyncIterator[AsyncEngine]:
    engine = await open_engine(settings.database_url)
    try:
        yield engine
    finally:
        await close_engine(engine)
