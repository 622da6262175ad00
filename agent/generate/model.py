"""Generation by a model: what it writes, sentence by sentence, as far as its evidence supports it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

import aiohttp

from agent.checking.grounding import evidence_text, grounds_of
from agent.checking.likeness import Likeness
from agent.closing import closing
from agent.generate.arranging import ShownBefore
from agent.generate.citing import MarkStream, citations_in, cited_facts
from agent.generate.completions import shared_http
from agent.generate.endpoint import ChatEndpoint, Written
from agent.generate.gate import SpeechGate
from agent.generate.hedging import hedged
from agent.generate.prompt import NO_ANSWER, Prompt, Room, next_prompt
from agent.generate.prompt_files import PromptFiles
from agent.generate.queueing import FairQueue
from agent.generate.remembering import estimated_tokens
from agent.generate.thoughts import ThoughtStream
from agent.ports import GenerationRequest
from agent.settings import ModelSettings
from agent.types import DecisionKind, Draft, TokenUse

_EMPHASIS = " \t\r\n*_`\"'“”「」"


class SecondLook(Protocol):
    """Tells whether evidence supports a sentence; True also where it can't tell."""

    async def supports(self, claim: str, evidence: str) -> bool: ...


class ModelGenerator:
    """Implements `agent.ports.Generator`: sentences as they become whole and are found supported, then a Draft.

    Without evidence the model is not asked. Its own "no answer" becomes a Draft without text and with support 0; so does
    an answer of which nothing stays, but as an ANSWER. A model that repeats itself or never comes to an end is stopped.
    http: connections to share, else its own. likeness: reads sentences that may only echo the question. Close it with `aclose`.
    """

    def __init__(
        self,
        settings: ModelSettings,
        *,
        http: aiohttp.ClientSession | None = None,
        second_look: SecondLook | None = None,
        prompts: Path | None = None,
        likeness: Likeness | None = None,
    ) -> None:
        self._settings = settings
        self._own_http = shared_http(settings) if http is None else None
        shared = http or self._own_http
        assert shared is not None
        self._endpoint = ChatEndpoint(settings, shared)
        hedge = settings.model_copy(update={"base_url": settings.hedge_base_url})
        self._hedge = ChatEndpoint(hedge, shared) if settings.hedge_base_url else None
        self._queue = FairQueue(settings.at_once)
        self._second_look = second_look
        self._likeness = likeness or Likeness()
        self._prompts = PromptFiles(prompts)
        self._shown = ShownBefore()
        self._room = Room(history=settings.history_tokens, evidence=settings.evidence_tokens)

    async def aclose(self) -> None:
        """Closes the connections to the server that are its own."""
        if self._own_http is not None:
            await self._own_http.close()

    async def name(self) -> str:
        """The model's name, of whichever server has told it."""
        hedge = self._hedge.known_name if self._hedge else ""
        return self._endpoint.known_name or hedge or await self._endpoint.name()

    async def generate(self, request: GenerationRequest) -> AsyncIterator[str | Draft]:
        """Deltas, then the Draft. Raises ModelUnavailable, also after deltas; closing it stops the server's work."""
        prompt = next_prompt(request, self._prompts, self._shown, self._room)
        if not prompt.evidence:
            yield _no_answer(self._endpoint.known_name)
            return
        read = {number: evidence_text(item) for number, item in enumerate(prompt.evidence, start=1)}
        gate = SpeechGate(grounds_of(request.understanding, read, self._likeness.holds))
        marks, counted = MarkStream(len(prompt.evidence)), _Counting()
        written, passed_on, checked = "", 0, frozenset[str]()
        async with (
            self._queue.place(request.conversation_id) as waited_ms,
            closing(self._answer(prompt, counted)) as pieces,
        ):
            async for piece in pieces:
                written += piece
                if _may_be_refusal(written):
                    continue
                whole = gate.hear(marks.feed(written[passed_on:]))
                passed_on = len(written)
                if whole:
                    checked = await self._look_again(gate, checked)
                    if delta := gate.release():
                        yield delta
                if gate.is_stuck:
                    break
        name = await self.name()
        usage = self._usage(name, prompt, written, counted, waited_ms)
        if not passed_on and written.strip(_EMPHASIS).startswith(NO_ANSWER):
            yield _no_answer(name, usage)
            return
        gate.hear(marks.feed(written[passed_on:]) + marks.end())
        if not gate.is_stuck:
            gate.hear_end()
        await self._look_again(gate, checked)
        if rest := gate.release():
            yield rest
        citations = citations_in(gate.text, prompt.evidence)
        yield Draft(
            text=gate.text if citations else "",
            citations=citations,
            facts=cited_facts(citations, prompt.evidence),
            generator=name,
            withheld="\n".join(gate.withheld),
            usage=usage,
        )

    async def _look_again(self, gate: SpeechGate, checked: frozenset[str]) -> frozenset[str]:
        """Has what is in doubt read and, where the settings want it, what is new looked at a second time; all looked at so far."""
        if doubts := self._likeness.unread(gate.doubts):
            await asyncio.to_thread(self._likeness.read, doubts)
            gate.look()
        if self._second_look is None:
            return checked
        new = [(claim, evidence) for claim, evidence in gate.claims if claim not in checked]
        verdicts = await asyncio.gather(*(self._second_look.supports(*one) for one in new))
        gate.deny(frozenset(claim for (claim, _), holds in zip(new, verdicts, strict=True) if not holds))
        return checked | {claim for claim, _ in new}

    async def _answer(self, prompt: Prompt, counted: "_Counting") -> AsyncIterator[str]:
        """What the model writes, without its thoughts, as it comes; ends with "…" where its length cut it off."""
        thoughts = ThoughtStream()
        hedge = self._hedge
        stream = hedged(
            lambda: self._endpoint.written(prompt.messages),
            (lambda: hedge.written(prompt.messages)) if hedge else None,
            self._settings.hedge_after_s,
        )
        finish = ""
        async with closing(stream) as pieces:
            async for piece in pieces:
                counted.take(piece)
                finish = piece.finish or finish
                if text := thoughts.feed(piece.text):
                    yield text
        if rest := thoughts.end():
            yield rest
        if finish == "length":
            yield "…"

    def _usage(self, name: str, prompt: Prompt, written: str, counted: "_Counting", waited_ms: float) -> TokenUse:
        read, wrote = counted.prompt, counted.completion
        if not read:
            read = sum(estimated_tokens(message.text) for message in prompt.messages)
            wrote = estimated_tokens(written)
        cost = (read * self._settings.price_in + wrote * self._settings.price_out) / 1_000_000
        return TokenUse(
            model=name,
            prompt=read,
            completion=wrote,
            cached=counted.cached,
            estimated=not counted.prompt,
            cost=round(cost, 6),
            prompts=prompt.label,
            waited_ms=round(waited_ms, 1),
        )


class _Counting:
    """Tokens, as the server counts them."""

    def __init__(self) -> None:
        self.prompt = self.completion = self.cached = 0

    def take(self, piece: Written) -> None:
        self.prompt = max(self.prompt, piece.prompt)
        self.completion = max(self.completion, piece.completion)
        self.cached = max(self.cached, piece.cached)


def _may_be_refusal(written: str) -> bool:
    """Whether the text so far is NO_ANSWER or could become it."""
    bare = written.strip(_EMPHASIS)
    return NO_ANSWER.startswith(bare) or bare.startswith(NO_ANSWER)


def _no_answer(name: str, usage: TokenUse | None = None) -> Draft:
    return Draft(text="", support=0.0, decision=DecisionKind.DECLINE, generator=name or "model", usage=usage)
