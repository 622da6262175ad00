"""Every interface of the turn, on one screen. Concrete classes are wired in `agent/build.py`, and its parts in `agent/wiring`, and nowhere else."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeAlias, TypeVar

from agent.tools.operation import CallContext, Operation
from agent.types import (
    Decision,
    Draft,
    EntityMention,
    Event,
    EventType,
    InboundMessage,
    IntentScore,
    JsonValue,
    Language,
    Reply,
    Retrieval,
    SaidIntent,
    Sentiment,
    Understanding,
    Utterance,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentPrediction:
    """Intents, most probable first, those that were expressed, in order of mention, and the out-of-scope score 0…1."""

    intents: tuple[IntentScore, ...]
    out_of_scope: float
    said: tuple[SaidIntent, ...] = ()


class IntentClassifier(Protocol):
    """Tells what a message wants."""

    def predict(self, texts: Sequence[str]) -> list[IntentPrediction]: ...


class SentimentScorer(Protocol):
    """Tells how a customer feels."""

    def score(self, texts: Sequence[str]) -> list[Sentiment]: ...


M = TypeVar("M")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Speaking(Generic[M]):
    """A model that speaks, and the version of the bundle that it is; "" is none, but built in."""

    version: str
    model: M


class Voice(Protocol[M]):
    """Which of a task's models speaks in a conversation; None where there is none."""

    def of(self, conversation_id: str = "") -> Speaking[M] | None: ...


class Shadow(Protocol):
    """What a bundle on trial, which does not speak, would have understood; None where it has nothing to say."""

    async def second_opinion(self, understanding: Understanding) -> Mapping[str, JsonValue] | None: ...


class QuestionRewriter(Protocol):
    """Makes a follow-up stand alone ("那它的电话呢？" → "凭海居的电话呢？")."""

    def standalone(self, question: str, history: Sequence[Utterance]) -> str: ...


class EntityLinker(Protocol):
    """Finds the graph's entities in a text."""

    def link(self, text: str) -> tuple[EntityMention, ...]: ...


class Understander(Protocol):
    """The first stage: one message and its history become an Understanding."""

    async def understand(
        self, text: str, history: Sequence[Utterance], conversation_id: str = "", page: Language | None = None
    ) -> Understanding: ...


class Policy(Protocol):
    """The second stage: what to do."""

    def decide(self, understanding: Understanding, history: Sequence[Utterance]) -> Decision: ...


class Retriever(Protocol):
    """The third stage. One failed arm degrades the result (`Retrieval.failed_arms`); all failing raises."""

    async def retrieve(self, understanding: Understanding) -> Retrieval: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationRequest:
    """All that a generator may use: nothing outside it may be said.

    conversation_id: whose turn it is, "" for none; opening: what the customer is told before the answer.
    """

    understanding: Understanding
    retrieval: Retrieval
    history: Sequence[Utterance]
    conversation_id: str = ""
    opening: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retract:
    """Takes back all deltas said so far in this turn; what follows replaces them."""


class Generator(Protocol):
    """The fourth stage: text deltas as they come, then one Draft, last.

    A generator that knows its whole answer at once yields just the Draft: the guard then sees it before the customer
    does, and the loop streams what the guard let through.
    """

    def generate(self, request: GenerationRequest) -> AsyncIterator[str | Retract | Draft]: ...


class Guard(Protocol):
    """The fifth stage: lets a draft through, mends it, or turns it into a refusal with somewhere to go."""

    def check(self, draft: Draft, request: GenerationRequest) -> Draft: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolResult:
    """What a tool found or did. `missing` names slots that must be asked for first; title: what customers read as its source."""

    text: str
    missing: tuple[str, ...] = ()
    source_id: str = ""
    title: str = ""


class Tool(Protocol):
    """Something the agent can do or look up in the company's own systems."""

    name: str

    async def run(
        self, understanding: Understanding, history: Sequence[Utterance], customer_id: str | None
    ) -> ToolResult: ...


class Actions(Protocol):
    """Runs what changes something, once for each key of a call's context, and tells the event log."""

    async def once(
        self,
        operation: Operation,
        arguments: Mapping[str, JsonValue],
        context: CallContext,
        conversation_id: str,
    ) -> Mapping[str, JsonValue]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowTurn:
    """A flow's part in a turn: it speaks itself (`draft`), or its open question follows an answer (`reminder`)."""

    decision: Decision
    draft: Draft | None = None
    reminder: Draft | None = None


class Flows(Protocol):
    """The flows of a home. `take` gives the part in a turn of the one that begins or is under way; None where none is."""

    async def take(
        self, decision: Decision, understanding: Understanding, history: Sequence[Utterance], message: InboundMessage
    ) -> FlowTurn | None: ...


class Actor(Protocol):
    """A model that chooses among the tools; where the policy says `do: act` and names none."""

    async def act(self, request: GenerationRequest, customer_id: str | None) -> Draft: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where somebody may read elsewhere. token: opens it, "" where they have connected none; connect: the page where they may."""

    token: str = field(default="", repr=False)
    connect: str = ""


class Accounts(Protocol):
    """Accounts that people have connected; None where nobody is known, or others can read the conversation, too."""

    async def account(self, conversation_id: str, customer_id: str) -> Account | None: ...


class Picker(Protocol):
    """A model that picks one of a few names for a message; None where none suits, or it has no time."""

    async def pick(self, text: str, names: Sequence[str]) -> str | None: ...


class EventLog(Protocol):
    """The append-only record of every conversation; numbers grow by one within a conversation."""

    async def append(self, conversation_id: str, type: EventType, data: Mapping[str, JsonValue]) -> Event: ...

    async def read(self, conversation_id: str, after: int = 0) -> list[Event]: ...

    def follow(self, conversation_id: str, after: int = 0) -> AsyncIterator[Event]:
        """All events after `after`, then new ones as they happen, until the caller stops listening."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PassingEvent:
    """Something that passes by: it has no number and is not stored."""

    type: str
    data: Mapping[str, JsonValue]


class Passing(Protocol):
    """Carries what passes by to whoever reads a conversation now; several processes may share one that reaches all."""

    async def publish(self, conversation_id: str, type: str, data: Mapping[str, JsonValue]) -> None: ...

    def listening(self, conversation_id: str, bell: asyncio.Event) -> AbstractContextManager[list[PassingEvent]]: ...


class Languages(Protocol):
    """Tells the language of a text."""

    def detect(self, text: str, history: Sequence[Utterance], page: Language | None = None) -> Language: ...


TurnStep: TypeAlias = Understanding | Decision | Retrieval | str | Retract | Reply
"""What a turn yields, in this order; a `str` is a delta of the reply's text; the Reply comes last."""


class TurnRunner(Protocol):
    """Runs one whole turn; the `Agent` of `agent/loop.py` in production, a scripted one in tests."""

    def run(self, message: InboundMessage, history: Sequence[Utterance]) -> AsyncIterator[TurnStep]: ...
