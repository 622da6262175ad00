"""What passes by in a conversation and is not kept: that a colleague is typing."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from agent.ports import PassingEvent
from agent.store.news import News
from agent.types import JsonValue

_MOST = 16  # waiting for one reader; one who reads so slowly can do without more


@dataclass(eq=False, slots=True)
class _Reader:
    heard: list[PassingEvent]
    bell: asyncio.Event


class PassingByNews:
    """Implements `agent.ports.Passing`: by the news of the store, which reach every process that shares it."""

    def __init__(self, news: News) -> None:
        self._news = news
        self._readers: dict[str, list[_Reader]] = defaultdict(list)
        news.on_word(self._heard)

    async def publish(self, conversation_id: str, type: str, data: Mapping[str, JsonValue]) -> None:
        """Tells everyone who listens now."""
        await self._news.say(conversation_id, json.dumps({"type": type, "data": data}))

    @contextmanager
    def listening(self, conversation_id: str, bell: asyncio.Event) -> Iterator[list[PassingEvent]]:
        """What is published from now on, until the end of the block; the bell is rung for each. Whoever reads empties it."""
        reader = _Reader([], bell)
        self._readers[conversation_id].append(reader)
        try:
            yield reader.heard
        finally:
            self._readers[conversation_id].remove(reader)
            if not self._readers[conversation_id]:
                del self._readers[conversation_id]

    def _heard(self, conversation_id: str, word: str) -> None:
        readers = self._readers.get(conversation_id)
        if not readers or not word.startswith("{"):  # other words are not for readers
            return
        said = json.loads(word)
        for reader in readers:
            if len(reader.heard) < _MOST:
                reader.heard.append(PassingEvent(type=said["type"], data=said["data"]))
                reader.bell.set()
