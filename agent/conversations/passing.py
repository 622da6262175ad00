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


class PassingByNews:
    """Implements `agent.ports.Passing`: by the news of the store, which reach every process that shares it."""

    def __init__(self, news: News) -> None:
        self._news = news
        self._readers: dict[str, set[asyncio.Queue[PassingEvent]]] = defaultdict(set)
        news.on_word(self._heard)

    async def publish(self, conversation_id: str, type: str, data: Mapping[str, JsonValue]) -> None:
        """Tells everyone who listens now."""
        await self._news.say(conversation_id, json.dumps({"type": type, "data": data}))

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

    def _heard(self, conversation_id: str, word: str) -> None:
        readers = self._readers.get(conversation_id)
        if not readers or not word.startswith("{"):  # other words are not for readers
            return
        said = json.loads(word)
        for reader in readers:
            if reader.qsize() < _MOST:
                reader.put_nowait(PassingEvent(type=said["type"], data=said["data"]))
