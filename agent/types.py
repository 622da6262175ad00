"""The nouns of a conversation. They mean one thing everywhere: in code, tables, JSON, the widget and reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from typing_extensions import TypeAliasType

from knowledge.types import Audience, EntityMention, Fact, GraphAnswer, PassageEvidence, Retrieval

__all__ = [
    "Audience",
    "Citation",
    "Confirmation",
    "Decision",
    "DecisionKind",
    "Draft",
    "Emotion",
    "EntityMention",
    "Event",
    "EventType",
    "Fact",
    "FormField",
    "GraphAnswer",
    "InboundMessage",
    "IntentScore",
    "JsonValue",
    "Language",
    "PassageEvidence",
    "Reply",
    "Retrieval",
    "SaidIntent",
    "Sentiment",
    "TokenUse",
    "Understanding",
    "Utterance",
]

JsonValue = TypeAliasType(
    "JsonValue", "str | int | float | bool | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
)
"""A named alias, as pydantic reads recursive types by their names only."""

Language = Literal["en", "zh"]
Role = Literal["user", "assistant", "agent"]

STAFF_CHANNEL = "staff"
"""The company's own people, at its terminal; every other channel is the public's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMessage:
    """What a customer sent, as a connector received it.

    channel, channel_message_id: together the idempotency key; the same pair twice is one message.
    files: ids of files that were stored before; with some, the text may be empty.
    again: number of an earlier message that is to be answered once more; the text is then that message's.
    page: the language in which the customer is shown the company, where it is known and the text has no word of its own.
    """

    conversation_id: str
    channel: str
    channel_message_id: str
    text: str
    customer_id: str | None = None
    files: tuple[str, ...] = ()
    again: int | None = None
    page: Language | None = None

    @property
    def audience(self) -> Audience:
        """What may be known to whoever reads the answer: it follows from the channel, which no sender can choose."""
        return "internal" if self.channel == STAFF_CHANNEL else "public"


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One message of the history. `user` is the customer, `assistant` Parley, `agent` a human colleague.

    flow: where a flow stands after this reply (`agent.flows.state`); None where none is under way.
    told: the graph's things that this reply's facts are about, none where the graph did not answer; None where nobody knows.
    waiting: whether this reply asked a person to take over, and that person is still waited for.
    """

    role: Role
    content: str
    flow: "Mapping[str, JsonValue] | None" = None
    told: frozenset[str] | None = None
    waiting: bool = False


class Emotion(StrEnum):
    """What a customer's message shows."""

    ANGER = "anger"
    DISAPPOINTMENT = "disappointment"
    ANXIETY = "anxiety"
    GRATITUDE = "gratitude"
    JOY = "joy"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentiment:
    """polarity: −1 (very unhappy) … 1 (very happy); confidence: 0…1, of the emotion.

    worded: whether words of the message tell the feeling; False where it is guessed from what the message tells.
    """

    polarity: float
    emotion: Emotion
    confidence: float
    worded: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentScore:
    """One intent and its probability, 0…1."""

    name: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidIntent:
    """An intent that the customer expressed, its probability 0…1, and the words that express it."""

    name: str
    confidence: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What one message means.

    text:         the message as it is read (`knowledge.text.folding.folded`); question: the same, standing alone without
                  its history.
    sent:         the message as it was sent, where that is written otherwise, character by character; else "".
    intents:      most probable first, those that were expressed before mere alternatives; empty when no classifier is
                  loaded.
    said:         the intents that the customer expressed, in order of mention: one for most messages, none where the
                  message is out of scope; where there are several, in the words of `text`.
    out_of_scope: 0 (surely in scope) … 1 (surely out).
    entities:     spans refer to `question`.
    parts:        the questions of a message that asks several, each as it stands alone; () for one.
    versions:     of the trained bundles that spoke, by task ("intent"); what is built in is not named.
    """

    text: str
    question: str
    language: Language
    intents: tuple[IntentScore, ...] = ()
    said: tuple[SaidIntent, ...] = ()
    out_of_scope: float = 0.0
    sentiment: Sentiment = field(
        default_factory=lambda: Sentiment(polarity=0.0, emotion=Emotion.NEUTRAL, confidence=1.0)
    )
    entities: tuple[EntityMention, ...] = ()
    parts: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    sent: str = ""

    @property
    def as_sent(self) -> str:
        """The message as the customer wrote it, for whoever shows or quotes it."""
        return self.sent or self.text


class DecisionKind(StrEnum):
    """What a turn does; the values stand in the Reply."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    FLOW = "flow"
    ACT = "act"
    HANDOFF = "handoff"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do, and why: the name of the policy rule that decided.

    template: name of a set phrase to say ("greeting", "handoff_angry"), else "".
    tool:     name of the tool to act with, else "".
    flow:     name of the flow to begin, else "".
    rest:     the words of the question that the tool does not settle, to be answered beside it, else "".
    first:    name of a set phrase to say before what follows, else "".
    strict:   whether only what is plainly about the message may be quoted.
    otherwise: name of a set phrase to say where there is nothing to say, in place of a refusal; else "".
    question: what is looked up in place of the message, else "".
    guessed:  whether only what a classifier made of the message decided, and none of its words.
    withdraws: whether the person who was asked for, and has not come yet, is no longer waited for.
    """

    kind: DecisionKind
    rule: str
    template: str = ""
    tool: str = ""
    flow: str = ""
    rest: str = ""
    first: str = ""
    strict: bool = False
    otherwise: str = ""
    question: str = ""
    guessed: bool = False
    withdraws: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Where a claim comes from. `n` is the number shown in the text as [n]; `quote` stands verbatim in the source.

    page: where the passage begins in a document of pages; link: `url` with what leads a browser to the quote.
    """

    n: int
    source_id: str
    title: str
    url: str | None
    quote: str
    page: int | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """A field that a channel may show for what is asked; type: email, tel, number, date or text.

    min, max: bounds of a number; of a date, days from today.
    """

    name: str
    label: str
    type: str
    min: float | None = None
    max: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What the customer must agree to before it is done. rows: (name, value); yes, no: what either button says."""

    title: str
    rows: tuple[tuple[str, str], ...]
    yes: str
    no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenUse:
    """What an answer took of a model.

    prompt, completion: tokens read and written; cached: of those read, what the server had already; counts are estimated
    where the server told none. cost: by the prices of the settings, in their currency. prompts: files and versions.
    waited_ms: in the queue for the server.
    """

    model: str
    prompt: int
    completion: int
    cached: int = 0
    estimated: bool = False
    cost: float = 0.0
    prompts: str = ""
    waited_ms: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a generator proposes to say.

    text:    Markdown with citation marks [n].
    support: 0…1, calibrated probability that the evidence answers the question; the guard compares it with a threshold.
    decision: the generator's own view: ANSWER, or CLARIFY / DECLINE when the evidence itself says so (an ambiguous
             name, a missing attribute).
    withheld: what was kept back because its support was too low; for evaluation, never for the customer.
    choices: short replies that the question back invites, such as the names that may be meant.
    fields, confirm: what a channel may show for the question; the text asks it, too.
    flow:    where a flow stands, as JSON; None where none is under way.
    usage:   what it took of a model; None where none was asked.
    private: it tells of what nobody but the customer may read, such as their own account elsewhere.
    given:   what tools gave to a model that acted, to which the guard holds its words; None where none acted.
    parts:   the answers to several questions, of which this is made; () for one.
    """

    text: str
    citations: tuple[Citation, ...] = ()
    facts: tuple[Fact, ...] = ()
    support: float = 1.0
    choices: tuple[str, ...] = ()
    decision: DecisionKind = DecisionKind.ANSWER
    generator: str = "extractive"
    withheld: str = ""
    fields: tuple[FormField, ...] = ()
    confirm: Confirmation | None = None
    flow: Mapping[str, JsonValue] | None = None
    usage: TokenUse | None = None
    given: tuple[str, ...] | None = None
    private: bool = False
    parts: "tuple[Draft, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the customer gets, and the record of how it came about.

    timings_ms: stage name to milliseconds; choices, fields, confirm, flow, private: as in Draft; withheld: the answer that was not supported enough to be given;
    withdraws: as in Decision.
    """

    text: str
    language: Language
    decision: DecisionKind
    understanding: Understanding
    citations: tuple[Citation, ...] = ()
    facts: tuple[Fact, ...] = ()
    generator: str = "extractive"
    trace_id: str = ""
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    evidence: tuple[PassageEvidence, ...] = ()
    rule: str = ""
    support: float = 1.0
    withheld: str = ""
    choices: tuple[str, ...] = ()
    fields: tuple[FormField, ...] = ()
    confirm: Confirmation | None = None
    flow: Mapping[str, JsonValue] | None = None
    usage: TokenUse | None = None
    private: bool = False
    withdraws: bool = False


class EventType(StrEnum):
    """Everything that can happen in a conversation."""

    MESSAGE_RECEIVED = "message.received"
    TURN_STARTED = "turn.started"
    TURN_UNDERSTOOD = "turn.understood"
    TURN_DECIDED = "turn.decided"
    TURN_RETRIEVED = "turn.retrieved"
    TURN_SHADOWED = "turn.shadowed"
    REPLY_DELTA = "reply.delta"
    REPLY_COMPLETED = "reply.completed"
    TURN_FAILED = "turn.failed"
    TURN_STOPPED = "turn.stopped"
    TURN_CORRECTED = "turn.corrected"
    TOOL_STARTED = "tool.started"
    TOOL_COMPLETED = "tool.completed"
    TOOL_FAILED = "tool.failed"
    HANDOFF_REQUESTED = "handoff.requested"
    HANDOFF_ACCEPTED = "handoff.accepted"
    MESSAGE_AGENT = "message.agent"
    MESSAGE_CHANGED = "message.changed"
    MESSAGE_DELETED = "message.deleted"
    HANDOFF_CLOSED = "handoff.closed"
    FEEDBACK_GIVEN = "feedback.given"
    CONVERSATION_RATED = "conversation.rated"
    CONVERSATION_CLOSED = "conversation.closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened. `n` starts at 1 and only grows within a conversation."""

    conversation_id: str
    n: int
    type: EventType
    at: datetime
    data: Mapping[str, JsonValue]
