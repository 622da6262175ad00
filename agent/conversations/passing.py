"""What passes by in a conversation and is not kept: that a colleague is typing."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from agent.ports import PassingEvent
from agent.store.news import News
from agent.types import JsonValue

_MOST = 16  # waiting for one reader; one who reads so slowly can do without more


class PassingNews:
    """Implements `agent.ports.Passing`, in all processes that share the store."""

    def __init__(self, news: News) -> None:
        self._news = news
        self._readers: dict[str, set[asyncio.Queue[PassingEvent]]] = defaultdict(set)
        news.on_word(self._heard)

    async def publish(self, conversation_id: str, type: str, data: Mapping[str, JsonValue]) -> None:
        """Tells everyone who listens now."""
        await self._news.say(conversation_id, json.dumps({"type": type, "data": data}))

    def _heard(self, conversation_id: str, word: str) -> None:
        if not word.startswith("{"):
            return
        passed = json.loads(word)
        for reader in self._readers.get(conversation_id, ()):
            if reader.qsize() < _MOST:
                reader.put_nowait(PassingEvent(type=passed["type"], data=passed["data"]))

    @contextmanager
    def listening(self, conversation_id: str) -> Iterator[asyncio.Queue[PassingEvent]]:
        """What is published from now on, until the end of the block."""
        reader: asyncio.Queue[PassingEvent] = asyncio.Queue()
        self._readers[conversation_id].add(reader)
        try:
            yield reader
        finally:
            self._readers[conversation_id].discard(reader)
            if not self._readers[conversation_id]:
                del self._readers[conversation_id]
