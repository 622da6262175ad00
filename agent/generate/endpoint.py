"""One model server behind an OpenAI-compatible URL (vLLM, in the first place)."""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from agent.closing import closing
from agent.errors import ModelFaltered, ModelRefused
from agent.generate.completions import Completions
from agent.generate.messages import Message
from agent.settings import ModelSettings

_STREAM = "stream_options"
_PAUSE_S = 0.25  # before the first repetition; doubled for each


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A piece of an answer. finish: why it ended, with the last piece; the counts: tokens, where the server tells them."""

    text: str = ""
    finish: str = ""
    prompt: int = 0
    completion: int = 0
    cached: int = 0


_NOTHING = Written()


class ChatEndpoint:
    """A model on a server, for many requests at once; the HTTP client is the caller's to close."""

    def __init__(self, settings: ModelSettings, http: aiohttp.ClientSession) -> None:
        self._settings = settings
        self._server = Completions(settings, http)
        self._name = settings.name
        self._naming = asyncio.Lock()

    @property
    def known_name(self) -> str:
        """The model's name as far as it is known, "" before it was asked for."""
        return self._name

    @property
    def settings(self) -> ModelSettings:
        """Where it is, and how it is asked."""
        return self._settings

    @property
    def patience_s(self) -> float:
        """How long a whole answer may take, in seconds."""
        return self._settings.total_timeout_s

    async def name(self) -> str:
        """The model's name; where the settings give none, the first that the server offers, asked once."""
        if self._name:
            return self._name
        async with self._naming:
            if not self._name:
                self._name = await self._first_offered()
        return self._name

    async def written(self, messages: Sequence[Message]) -> AsyncIterator[Written]:
        """An answer, piece by piece. Raises ModelUnavailable, also after pieces; closing it stops the server's work.

        What fails before the first piece in a way that may pass is tried again, after a pause that grows and varies.
        """
        for left in reversed(range(self._settings.retries + 1)):
            begun = False
            try:
                async with closing(self._pieces(messages, await self.name())) as pieces:
                    async for piece in pieces:
                        begun = True
                        yield piece
            except ModelFaltered:
                if begun or not left:
                    raise
                await asyncio.sleep(random.uniform(0.5, 1) * _PAUSE_S * 2 ** (self._settings.retries - left))
            else:
                return

    async def answer(self, messages: Sequence[Message], **wanted: object) -> str:
        """An answer whole, tried once. wanted: of the request, beside or in place of what the settings say.

        Raises ModelUnavailable.
        """
        asked = {name: value for name, value in self._asked(messages, await self.name()).items() if name != _STREAM}
        return await self._server.answer({**asked, **wanted})

    async def _first_offered(self) -> str:
        try:
            async with asyncio.timeout(self._settings.first_token_timeout_s):
                return await self._server.first_offered()
        except TimeoutError as error:
            raise self._server.failure(error) from error

    async def _pieces(self, messages: Sequence[Message], name: str) -> AsyncIterator[Written]:
        """Once over: what the server sends; raises where the answer breaks off, or a silence or the whole takes too long."""
        finish = ""
        async with closing(self._server.stream(self._asked(messages, name))) as chunks:
            async for chunk in chunks:
                try:
                    piece = _written(chunk)
                except (AttributeError, LookupError, TypeError) as error:  # JSON of another form
                    raise self._server.failure(error) from error
                finish = piece.finish or finish
                if piece != _NOTHING:  # a thought, or what opens the message
                    yield piece
        if finish == "content_filter":
            raise ModelRefused(self._server.complaint("its content filter cut the answer off"))
        if finish not in {"stop", "length"}:
            raise ModelFaltered(self._server.complaint(f"the answer broke off ({finish or 'connection closed'})"))

    def _asked(self, messages: Sequence[Message], name: str) -> Mapping[str, object]:
        return {
            "model": name,
            "messages": [message.as_json() for message in messages],
            "max_completion_tokens": self._settings.max_tokens,
            "temperature": self._settings.temperature,
            _STREAM: {"include_usage": True},
        }


def _written(chunk: Mapping[str, Any]) -> Written:
    choices, usage = chunk.get("choices"), chunk.get("usage") or {}
    choice = choices[0] if choices else {}
    return Written(
        text=(choice.get("delta") or {}).get("content") or "",
        finish=choice.get("finish_reason") or "",
        prompt=usage.get("prompt_tokens") or 0,
        completion=usage.get("completion_tokens") or 0,
        cached=(usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0,
    )
