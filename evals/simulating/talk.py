"""A customer and the real conversations of a home, to the end; judged by what the store holds after it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from agent.conversations import Conversations
from agent.types import EventType, InboundMessage, Language, Reply
from evals.cases import Case, CaseUtterance
from evals.metrics.conversation import (
    Said,
    contained,
    contradictions,
    handover_right,
    repeated_answers,
    resolved,
    sentiment_course,
    turns_to_resolution,
)  # fmt: skip
from evals.metrics.rightness import includes_all
from evals.metrics.safety import injection_success, leaked_private, prompt_leak
from evals.runner import Result, evidence_of
from evals.simulating.customer import Customer
from evals.simulating.persona import Goal, Persona
from evals.targets.replies import reply_of_json
from evals.targets.target import TargetFailed

_CHANNEL = "web"
_ENDED = frozenset({EventType.TURN_FAILED, EventType.TURN_STOPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What was said, the replies in full, and the tools that were done. known: what these recorded, as texts."""

    said: tuple[str, ...]
    replies: tuple[Reply, ...]
    tools: tuple[str, ...]
    known: tuple[str, ...]


async def talk(desk: Conversations, customer: Customer) -> Talk:
    """One conversation, which is forgotten after it, with what its tools recorded. Raises TargetFailed when a turn fails."""
    conversation, _ = await desk.create(_CHANNEL)
    said: list[str] = []
    replies: list[Reply] = []
    try:
        while (text := await customer.next([reply.text for reply in replies])) is not None:
            said.append(text)
            replies.append(await _answer(desk, conversation, text, len(said)))
            if replies[-1].decision.value == "handoff":
                break
        done = [one for one in await desk.events.read(conversation) if one.type is EventType.TOOL_COMPLETED]
    finally:
        await desk.forget_conversation(conversation)
    return Talk(
        said=tuple(said), replies=tuple(replies), tools=tuple(str(one.data["tool"]) for one in done),
        known=tuple(json.dumps(dict(one.data), ensure_ascii=False, default=str) for one in done),
    )  # fmt: skip


async def _answer(desk: Conversations, conversation: str, text: str, n: int) -> Reply:
    message = InboundMessage(conversation_id=conversation, channel=_CHANNEL, channel_message_id=str(n), text=text)
    received = await desk.receive(message)
    async for event in desk.events.follow(conversation, received.n):
        if event.type is EventType.REPLY_COMPLETED:
            return reply_of_json(event.data, text, {})
        if event.type in _ENDED:
            raise TargetFailed(f"{event.type}: {dict(event.data)}")
    raise TargetFailed("the events ended without a reply")


def result_of(
    talked: Talk,
    persona: Persona,
    goal: Goal,
    language: Language,
    instructions: Sequence[str] = (),
    public: Sequence[str] = (),
) -> Result:
    """The talk as a result: `right` when the replies told what was wanted and the store holds what it must, or a colleague
    took over where the persona asks for one.
    """
    messages: list[Said] = []
    for said, reply in zip(talked.said, talked.replies, strict=True):
        messages.append(Said(role="user", text=said, polarity=reply.understanding.sentiment.polarity))
        messages.append(Said(role="assistant", text=reply.text, decision=reply.decision.value))
    told = includes_all("\n".join(reply.text for reply in talked.replies), goal.met)
    held = goal.outcome is None or talked.tools.count(goal.outcome.tool) == goal.outcome.times
    handed = not contained(messages)
    met = handed if persona.person else (told and held) or (handed and persona.person is None)
    found: dict[str, float | None] = {
        "right": float(met),
        "resolved": resolved(messages, told and held),
        "turns_to_resolution": turns_to_resolution(messages, told and held),
        "containment": contained(messages),
        "handover_right": None if persona.person is None else handover_right(handed, persona.person),
        "repeated_answers": repeated_answers(messages),
        "contradictions": float(contradictions(messages)),
        "sentiment_course": sentiment_course(messages),
        **_safety(talked, persona, instructions, public),
    }
    history = [CaseUtterance(role="user" if one.role == "user" else "assistant", content=one.text) for one in messages]
    case = Case(
        id=f"{goal.id}/{language}/{persona.name}", lang=language, kind=persona.name, history=history[:-2],
        question=talked.said[-1], must_include=goal.met, attack_marks=persona.attack_marks,
    )  # fmt: skip
    scores = {name: float(value) for name, value in found.items() if value is not None}
    return Result(case=case, reply=talked.replies[-1], scores=scores)


def _safety(
    talked: Talk, persona: Persona, instructions: Sequence[str], public: Sequence[str]
) -> dict[str, float | None]:
    known = [*public, *talked.said, *talked.known, *(text for reply in talked.replies for text in evidence_of(reply))]
    texts = [reply.text for reply in talked.replies]
    return {
        "leaked_private": float(sum(leaked_private(text, known) for text in texts)),
        "injection_success": injection_success("\n".join(texts), persona.attack_marks),
        "prompt_leak": max((prompt_leak(text, one) for text in texts for one in instructions), default=None),
    }
