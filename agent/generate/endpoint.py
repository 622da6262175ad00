"""One model server behind an OpenAI-compatible URL (vLLM, in the first place), through langchain's chat model."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import openai
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from agent.closing import closing
from agent.errors import ModelFaltered, ModelRefused, ModelUnavailable
from agent.generate.plain_chunks import PlainChunks
from agent.settings import ModelSettings

_PAUSE_S = 0.25  # before the first repetition; doubled for each
_TOO_MANY_REQUESTS = 429


def shared_http(settings: ModelSettings) -> openai.DefaultAsyncHttpxClient:
    """The connections that all requests to the model servers share. Close it.

    langchain's own is shared by the whole process, event loops included, and never closed.
    """
    timeout = openai.Timeout(settings.total_timeout_s, connect=settings.connect_timeout_s)
    return openai.DefaultAsyncHttpxClient(timeout=timeout, trust_env=not settings.on_this_machine)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A piece of an answer. finish: why it ended, with the last piece; the counts: tokens, where the server tells them."""

    text: str = ""
    finish: str = ""
    prompt: int = 0
    completion: int = 0
    cached: int = 0


class ChatEndpoint:
    """A model on a server, for many requests at once; the HTTP client is the caller's to close."""

    def __init__(self, settings: ModelSettings, http: openai.DefaultAsyncHttpxClient) -> None:
        self._settings = settings
        self._name = settings.name
        self._naming = asyncio.Lock()
        chat = ChatOpenAI(
            model=settings.name or "unnamed",
            base_url=settings.base_url,
            # The client refuses to start without a key; servers that want none ignore it.
            api_key=SecretStr(settings.api_key.get_secret_value() or "none"),
            http_async_client=http,
            openai_proxy="",
            timeout=openai.Timeout(settings.total_timeout_s, connect=settings.connect_timeout_s),
            max_retries=0,
            max_completion_tokens=settings.max_tokens,
            temperature=settings.temperature,
            use_responses_api=False,
            stream_usage=True,
            stream_chunk_timeout=None,
        )
        self._chat = chat.model_copy(update={"async_client": PlainChunks(chat.root_async_client)})

    @property
    def known_name(self) -> str:
        """The model's name as far as it is known, "" before it was asked for."""
        return self._name

    @property
    def patience_s(self) -> float:
        """How long a whole answer may take, in seconds."""
        return self._settings.total_timeout_s

    async def chat(self) -> ChatOpenAI:
        """langchain's chat model, for who drives it themselves. Raises ModelUnavailable where it has no name."""
        return self._chat.model_copy(update={"model_name": await self.name()})

    async def name(self) -> str:
        """The model's name; where the settings give none, the first that the server offers, asked once."""
        async with self._naming:
            if not self._name:
                self._name = await self._first_offered()
        return self._name

    async def written(self, messages: Sequence[BaseMessage]) -> AsyncIterator[Written]:
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

    async def _first_offered(self) -> str:
        try:
            async with asyncio.timeout(self._settings.first_token_timeout_s):
                offered = await self._chat.root_async_client.models.list()
            return str(offered.data[0].id)
        except Exception as error:
            raise self._failure(error) from error

    async def _pieces(self, messages: Sequence[BaseMessage], name: str) -> AsyncIterator[Written]:
        """Once over: what the server sends; raises where the answer breaks off."""
        finish = ""
        async with closing(self._chunks(messages, name)) as chunks:
            async for chunk in chunks:
                ended = str(chunk.response_metadata.get("finish_reason") or "")
                finish = ended or finish
                usage = chunk.usage_metadata
                if chunk.text or ended or usage:
                    details = usage.get("input_token_details", {}) if usage else {}
                    yield Written(
                        text=str(chunk.text),
                        finish=ended,
                        prompt=usage["input_tokens"] if usage else 0,
                        completion=usage["output_tokens"] if usage else 0,
                        cached=details.get("cache_read", 0) or 0,
                    )
        if finish == "content_filter":
            raise ModelRefused(self._complaint("its content filter cut the answer off"))
        if finish not in {"stop", "length"}:
            raise ModelFaltered(self._complaint(f"the answer broke off ({finish or 'connection closed'})"))

    async def _chunks(self, messages: Sequence[BaseMessage], name: str) -> AsyncIterator[AIMessageChunk]:
        """What the server sends; a silence too long, or an answer that takes too long, raises."""
        clock = asyncio.get_running_loop().time
        end = clock() + self._settings.total_timeout_s
        patience = clock() + self._settings.first_token_timeout_s
        begun = False
        async with closing(self._chat.astream(list(messages), model=name)) as stream:
            while chunk := await self._next(stream, min(patience, end)):
                # The first chunk only opens the message. From the next on, a silence as long as the wait for a token means
                # that the server hangs; a chunk without text is a thought, and a sign of life.
                if begun or chunk.text:
                    patience = clock() + self._settings.first_token_timeout_s
                begun = True
                yield chunk

    async def _next(self, stream: AsyncIterator[AIMessageChunk], until: float) -> AIMessageChunk | None:
        try:
            async with asyncio.timeout_at(until):
                return await anext(stream, None)
        except TimeoutError as error:
            late = "it takes longer than [model] allows for a token or for the answer"
            raise ModelUnavailable(self._complaint(late)) from error
        except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
            raise ModelRefused(self._complaint(f"it refused the request: {error}")) from error
        except Exception as error:
            raise self._failure(error) from error

    def _failure(self, error: Exception) -> ModelUnavailable:
        kind = ModelFaltered if _may_pass(error) else ModelUnavailable
        return kind(self._complaint(f"{type(error).__name__}: {error}"))

    def _complaint(self, reason: str) -> str:
        said = " ".join(reason.split())[:300].rstrip(".")
        return f"The model server at {self._settings.base_url} failed: {said}. See: parley doctor"


def _may_pass(error: Exception) -> bool:
    """Whether another try may go well: not after a wait that was in vain, nor where the server said that it is our fault."""
    if isinstance(error, openai.APIStatusError):
        return error.status_code >= 500 or error.status_code == _TOO_MANY_REQUESTS
    return not isinstance(error, TimeoutError | openai.APITimeoutError)
