"""One turn, in one direction: understand → decide → retrieve → generate → guard. The whole of it can be read here."""

import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace

from agent.aboutness import about
from agent.closing import closing
from agent.errors import WrongAudience
from agent.flows.aside import outside_flows
from agent.phrases import Phrases
from agent.places import located
from agent.ports import (
    Actor,
    Flows,
    FlowTurn,
    GenerationRequest,
    Generator,
    Guard,
    Policy,
    Retract,
    Retriever,
    Tool,
    TurnStep,
    Understander,
)
from agent.stopwatch import Stopwatch
from agent.taking_turns import TakingTurns
from agent.types import (
    Audience,
    Citation,
    Decision,
    DecisionKind,
    Draft,
    InboundMessage,
    Language,
    PassageEvidence,
    Reply,
    Retrieval,
    Understanding,
    Utterance,
)
from agent.understand.asking import asks

_SPOKEN_CHUNK = 24  # characters a delta, where the whole text is known at once


class Agent:
    """Runs turns. Stateless between them: all it knows of a conversation comes with the message.

    audience: whose knowledge its stages hold; a message of another audience is refused, whoever wired it wrongly.
    prepared_at_once: how many questions are understood or looked up at the same time; whoever was understood is first.
    """

    def __init__(
        self,
        *,
        understander: Understander,
        policy: Policy,
        retriever: Retriever,
        generator: Generator,
        guard: Guard,
        phrases: Phrases,
        tools: Mapping[str, Tool],
        flows: Flows | None = None,
        actor: Actor | None = None,
        audience: Audience = "public",
        prepared_at_once: int = 1024,
    ) -> None:
        self._audience: Audience = audience
        self._preparing = TakingTurns(prepared_at_once)
        self._understander = understander
        self._policy = policy
        self._retriever = retriever
        self._generator = generator
        self._guard = guard
        self._phrases = phrases
        self._tools = tools
        self._flows = flows
        self._actor = actor

    async def answer(self, question: str, history: Sequence[Utterance] = (), customer_id: str | None = None) -> Reply:
        """One turn without a conversation around it: its Reply."""
        message = InboundMessage(
            conversation_id="", channel="direct", channel_message_id="", text=question, customer_id=customer_id
        )
        async with closing(self.run(message, history)) as steps:
            async for step in steps:
                if isinstance(step, Reply):
                    return step
        raise AssertionError("a turn ends with a Reply")  # pragma: no cover

    async def run(self, message: InboundMessage, history: Sequence[Utterance]) -> AsyncIterator[TurnStep]:
        """The steps of one turn as they happen; the Reply comes last. Raises WrongAudience before anything is read."""
        if message.audience != self._audience:
            raise WrongAudience(f"The channel {message.channel!r} is not for what is {self._audience}.")
        watch = Stopwatch()
        with watch.stage("understand"):
            async with self._preparing.turn():
                understanding = await self._understander.understand(
                    message.text, outside_flows(history), message.conversation_id, message.page
                )
        yield understanding

        with watch.stage("decide"):
            decision = self._able(self._policy.decide(understanding, history))
            flow = await self._flow(decision, understanding, history, replace(message, text=understanding.text))
            decision = flow.decision if flow else decision
        yield decision

        retrieval = Retrieval()
        asked = _asked(understanding, decision)
        if decision.rest or (decision.kind is DecisionKind.ANSWER and not decision.template):
            with watch.stage("retrieve"):
                async with self._preparing.turn(first=True):
                    retrieval = await self._retriever.retrieve(asked)
                if decision.strict:
                    retrieval = about(asked.question, retrieval)
            yield retrieval

        said = opening = self._opening(decision, understanding.language)
        request = GenerationRequest(
            understanding=asked,
            retrieval=retrieval,
            history=history,
            conversation_id=message.conversation_id,
            opening=opening,
        )
        draft = Draft(text="")
        with watch.stage("generate"):
            if opening:
                watch.mark("first_token")
                yield opening
            async with closing(self._propose(decision, request, message.customer_id, flow)) as proposed:
                async for step in proposed:
                    if isinstance(step, Draft):
                        draft = step
                        continue
                    watch.mark("first_token")
                    said = opening if isinstance(step, Retract) else said + step
                    yield step
                    if isinstance(step, Retract) and opening:
                        yield opening

        if not decision.template and not (flow and flow.draft):
            with watch.stage("guard"):
                draft = self._guard.check(draft, request)
        if decision.rest:
            with watch.stage("act"):
                whole = replace(request, understanding=understanding)
                acted = await self._act(decision.tool, whole, message.customer_id, n=_next_number(draft))
                draft = _beside(draft, acted, decision.rest)
        draft = self._finished(draft, decision, flow, opening, understanding.language)
        async for correction in _say(draft.text, said):
            watch.mark("first_token")
            yield correction
        yield _reply(draft, decision, understanding, retrieval, watch.timings_ms())

    def _able(self, decision: Decision) -> Decision:
        """Without a model that acts, what it would do is answered from the articles."""
        needs_actor = decision.kind is DecisionKind.ACT and not decision.tool and not decision.template
        return replace(decision, kind=DecisionKind.ANSWER) if needs_actor and self._actor is None else decision

    async def _flow(
        self, decision: Decision, understanding: Understanding, history: Sequence[Utterance], message: InboundMessage
    ) -> FlowTurn | None:
        """The part of a flow that begins now, or that the last reply left open."""
        return await self._flows.take(decision, understanding, history, message) if self._flows else None

    def _finished(
        self, draft: Draft, decision: Decision, flow: FlowTurn | None, opening: str, language: Language
    ) -> Draft:
        """The draft with what stands before and after it."""
        if decision.otherwise and draft.decision is DecisionKind.DECLINE:
            text = self._phrases.say(decision.otherwise, language)
            draft = replace(draft, text=text, decision=DecisionKind.CLARIFY, choices=())
        draft = replace(draft, text=f"{opening}{draft.text}")
        if flow is None or flow.reminder is None or draft.decision is DecisionKind.HANDOFF:
            return draft  # a person who takes over takes over the flow, too
        return _reminded(draft, flow.reminder)

    def _opening(self, decision: Decision, language: Language) -> str:
        """What is said before all else, a paragraph of its own; "" where nothing is."""
        return f"{self._phrases.say(decision.first, language)}\n\n" if decision.first else ""

    async def _propose(
        self, decision: Decision, request: GenerationRequest, customer_id: str | None, flow: FlowTurn | None
    ) -> AsyncIterator[str | Retract | Draft]:
        """What could be said, from wherever the decision sends us."""
        understanding = request.understanding
        if flow and flow.draft:
            yield flow.draft
        elif decision.template:
            text = self._phrases.say(decision.template, understanding.language)
            yield Draft(text=text, decision=decision.kind, generator="template")
        elif decision.kind is DecisionKind.ACT and not decision.tool and self._actor:
            yield await self._actor.act(request, customer_id)
        elif decision.tool and not decision.rest:
            yield await self._act(decision.tool, request, customer_id)
        elif decision.kind is DecisionKind.ANSWER or decision.rest:
            async with closing(self._generator.generate(request)) as steps:
                async for step in steps:
                    yield step
        else:
            text = self._phrases.say(decision.kind.value, understanding.language)
            yield Draft(text=text, decision=decision.kind, generator="template")

    async def _act(self, name: str, request: GenerationRequest, customer_id: str | None, n: int = 1) -> Draft:
        """The result of a tool, or the question for what it still needs. n: the number of its citation."""
        result = await self._tools[name].run(request.understanding, request.history, customer_id)
        if result.missing:
            return Draft(text=result.text, decision=DecisionKind.CLARIFY, generator="tool")
        citation = Citation(n=n, source_id=result.source_id, title=result.title or name, url=None, quote=result.text)
        return Draft(text=f"{result.text} [{n}]", citations=(citation,), decision=DecisionKind.ACT, generator="tool")


async def _say(text: str, said: str) -> AsyncIterator[str | Retract]:
    """The deltas that turn what the customer has seen into what the guard let through."""
    if text.strip() == said.strip():
        return
    goes_on = text.startswith(said)
    if not goes_on:
        yield Retract()
    for start in range(len(said) if goes_on else 0, len(text), _SPOKEN_CHUNK):
        yield text[start : start + _SPOKEN_CHUNK]


def _asked(understanding: Understanding, decision: Decision) -> Understanding:
    """What is understood of what is to be looked up: a part of the question, or another in its place."""
    if decision.rest:
        return _about(understanding, decision.rest)
    if not decision.question:
        return understanding
    return replace(understanding, question=decision.question, entities=(), parts=())


def _about(understanding: Understanding, words: str) -> Understanding:
    """What is understood of a part of the question."""
    begins = understanding.question.find(words)
    ends = begins + len(words)
    inside = (entity for entity in understanding.entities if begins <= entity.span[0] and entity.span[1] <= ends)
    entities = tuple(replace(one, span=(one.span[0] - begins, one.span[1] - begins)) for one in inside)
    return replace(understanding, text=words, question=words, entities=entities, parts=())


def _cited_of(foreign: Sequence[PassageEvidence], draft: Draft) -> tuple[PassageEvidence, ...]:
    """What was used of passages in another language."""
    cited = {citation.source_id for citation in draft.citations}
    return tuple(one for one in foreign if one.passage.source_id in cited)


def _next_number(draft: Draft) -> int:
    return max((citation.n for citation in draft.citations), default=0) + 1


def _reminded(draft: Draft, reminder: Draft) -> Draft:
    """An answer to something else, followed by the question that the flow still waits for an answer to."""
    return replace(
        draft,
        text=f"{draft.text}\n\n{reminder.text}".strip(),
        choices=reminder.choices,
        fields=reminder.fields,
        confirm=reminder.confirm,
        flow=reminder.flow,
    )


def _beside(draft: Draft, acted: Draft, rest: str) -> Draft:
    """An answer to one part of the question, the rest, followed by what a tool found for the other.

    Who only says how they feel about it ("and I'm really annoyed") is not told that nothing is known of that.
    """
    if draft.decision is DecisionKind.DECLINE and not asks(rest):
        return acted
    return replace(
        draft,
        text=f"{draft.text}\n\n{acted.text}".strip(),
        citations=(*draft.citations, *acted.citations),
        decision=acted.decision,
        private=draft.private or acted.private,
    )


def _reply(
    draft: Draft,
    decision: Decision,
    understanding: Understanding,
    retrieval: Retrieval,
    timings_ms: Mapping[str, float],
) -> Reply:
    return Reply(
        text=draft.text,
        language=understanding.language,
        decision=draft.decision,
        understanding=replace(understanding),
        citations=located(draft.citations, retrieval.readable),
        facts=draft.facts,
        generator=draft.generator,
        trace_id=uuid.uuid4().hex,
        timings_ms=timings_ms,
        evidence=(*retrieval.passages, *_cited_of(retrieval.foreign, draft)),
        rule=decision.rule,
        support=draft.support,
        withheld=draft.withheld,
        choices=draft.choices,
        fields=draft.fields,
        confirm=draft.confirm,
        flow=draft.flow,
        usage=draft.usage,
        private=draft.private,
        withdraws=decision.withdraws and draft.generator == "template",
    )
