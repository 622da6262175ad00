"""Generation by a model behind an OpenAI-compatible URL (vLLM, in the first place), through langchain's chat model."""

import asyncio
from collections.abc import AsyncIterator

import openai
from langchain_core.messages import AIMessageChunk
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from agent.closing import closing
from agent.errors import ModelRefused, ModelUnavailable
from agent.generate.citing import MarkStream, citations_in, cited_facts
from agent.generate.prompt import NO_ANSWER, Prompt, prompt_for
from agent.generate.thoughts import ThoughtStream
from agent.ports import GenerationRequest
from agent.settings import ModelSettings
from agent.types import DecisionKind, Draft

_EMPHASIS = " \t\r\n*_`\"'“”「」"


class ModelGenerator:
    """Implements `agent.ports.Generator`: text as the model writes it, then a Draft with what it cited.

    Without evidence the model is not asked. Its own "no answer" becomes a Draft without text and with support 0. How far the evidence supports the sentences is for the guard to say; a Draft's
    support is 1 here. Close it with `aclose`.
    """

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._name = settings.name
        self._naming = asyncio.Lock()
        timeout = openai.Timeout(settings.total_timeout_s, connect=settings.connect_timeout_s)
        # A client of our own: langchain's is shared by the whole process, event loops included, and never closed.
        self._http = openai.DefaultAsyncHttpxClient(timeout=timeout, trust_env=not settings.on_this_machine)
        self._chat = ChatOpenAI(
            model=settings.name or "unnamed",
            base_url=settings.base_url,
            # The client refuses to start without a key; servers that want none ignore it.
            api_key=SecretStr(settings.api_key.get_secret_value() or "none"),
            http_async_client=self._http,
            openai_proxy="",
            timeout=timeout,
            max_retries=0,
            max_completion_tokens=settings.max_tokens,
            temperature=settings.temperature,
            use_responses_api=False,
            stream_usage=False,
            stream_chunk_timeout=None,
        )

    async def aclose(self) -> None:
        """Closes the connections to the server."""
        await self._http.aclose()

    async def generate(self, request: GenerationRequest) -> AsyncIterator[str | Draft]:
        """Deltas, then the Draft. Raises ModelUnavailable, also after deltas; closing it stops the server's work."""
        prompt = prompt_for(request)
        if not prompt.evidence:
            yield _no_answer(self._name)
            return
        name = await self.name()
        marks = MarkStream(len(prompt.evidence))
        written, said, passed_on = "", "", 0
        async with closing(self._answer(prompt, name)) as pieces:
            async for piece in pieces:
                written += piece
                if _may_be_refusal(written):
                    continue
                delta = marks.feed(written[passed_on:])
                passed_on = len(written)
                said += delta
                if delta:
                    yield delta
        if not passed_on and written.strip(_EMPHASIS).startswith(NO_ANSWER):
            yield _no_answer(name)
            return
        if rest := marks.feed(written[passed_on:]) + marks.end():
            said += rest
            yield rest
        citations = citations_in(said, prompt.evidence)
        facts = cited_facts(citations, prompt.evidence)
        yield Draft(text=said, citations=citations, facts=facts, generator=name)

    async def name(self) -> str:
        """The model's name; where the settings give none, the first that the server offers, asked once."""
        async with self._naming:
            if not self._name:
                self._name = await self._first_offered()
        return self._name

    async def _first_offered(self) -> str:
        try:
            async with asyncio.timeout(self._settings.first_token_timeout_s):
                offered = await self._chat.root_async_client.models.list()
            return str(offered.data[0].id)
        except Exception as error:
            raise self._unavailable(error) from error

    async def _answer(self, prompt: Prompt, name: str) -> AsyncIterator[str]:
        """What the model writes, without its thoughts, as it comes; ends with "…" where its length cut it off."""
        thoughts = ThoughtStream()
        finish = ""
        async with closing(self._chunks(prompt, name)) as chunks:
            async for chunk in chunks:
                finish = str(chunk.response_metadata.get("finish_reason") or finish)
                if text := thoughts.feed(str(chunk.text)):
                    yield text
        if finish == "content_filter":
            raise ModelRefused(self._complaint("its content filter cut the answer off"))
        if finish not in {"stop", "length"}:
            raise self._unavailable(f"the answer broke off ({finish or 'connection closed'})")
        if rest := thoughts.end():
            yield rest
        if finish == "length":
            yield "…"

    async def _chunks(self, prompt: Prompt, name: str) -> AsyncIterator[AIMessageChunk]:
        """What the server sends; a silence too long, or an answer that takes too long, raises."""
        clock = asyncio.get_running_loop().time
        end = clock() + self._settings.total_timeout_s
        patience = clock() + self._settings.first_token_timeout_s
        begun = False
        async with closing(self._chat.astream(list(prompt.messages), model=name)) as stream:
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
            raise self._unavailable("it takes longer than [model] allows for a token or for the answer") from error
        except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
            raise ModelRefused(self._complaint(f"it refused the request: {error}")) from error
        except Exception as error:
            raise self._unavailable(error) from error

    def _unavailable(self, reason: Exception | str) -> ModelUnavailable:
        return ModelUnavailable(
            self._complaint(reason if isinstance(reason, str) else f"{type(reason).__name__}: {reason}")
        )

    def _complaint(self, reason: str) -> str:
        said = " ".join(reason.split())[:300].rstrip(".")
        return f"The model server at {self._settings.base_url} failed: {said}. See: parley doctor"


def _may_be_refusal(written: str) -> bool:
    """Whether the text so far is NO_ANSWER or could become it."""
    bare = written.strip(_EMPHASIS)
    return NO_ANSWER.startswith(bare) or bare.startswith(NO_ANSWER)


def _no_answer(name: str) -> Draft:
    return Draft(text="", support=0.0, decision=DecisionKind.DECLINE, generator=name or "model")
