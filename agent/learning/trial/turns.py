"""The conversations of a trial, as the event log tells them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from agent.settings import Settings
from agent.store.database import close_engine, open_engine
from agent.store.tables import EventRow, aware
from agent.training.bundle import Task

_WANTED = (
    "turn.understood",
    "turn.shadowed",
    "turn.corrected",
    "reply.completed",
    "feedback.given",
    "handoff.requested",
)
_PAGE = 500  # conversations in memory at once
NONE = "(none)"
"""In place of an intent where a model has none."""

Data = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowedTurn:
    """A turn about which a shadow was asked. said, shadow: the best intent (or the emotion) of each; ms: of each.

    truth: what a person put right, or None.
    """

    conversation_id: str
    message: int
    text: str
    said: str
    shadow: str
    said_confidence: float
    shadow_confidence: float
    said_ms: float
    shadow_ms: float
    truth: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedConversation:
    """A conversation since the trial began. versions: who spoke in it; rated: verdicts on its replies, −1 or 1."""

    id: str
    versions: frozenset[str]
    turns: int
    handed_over: bool
    declined: bool
    rated: tuple[int, ...]
    understood_ms: tuple[float, ...]
    shadowed: tuple[ShadowedTurn, ...] = ()


@dataclass(slots=True)
class _Events:
    """Events of one conversation, by type."""

    by_type: dict[str, list[Data]] = field(default_factory=dict)

    def of(self, kind: str) -> Sequence[Data]:
        return self.by_type.get(kind, ())


async def read_trial(settings: Settings, task: Task, version: str, since: datetime) -> list[TriedConversation]:
    """All conversations in which something was understood since the trial of a version began."""
    engine = await open_engine(settings.database_url)
    try:
        async with AsyncSession(engine) as session:
            return [one async for one in _conversations(session, task, version, since)]
    finally:
        await close_engine(engine)


async def _conversations(
    session: AsyncSession, task: Task, version: str, since: datetime
) -> AsyncIterator[TriedConversation]:
    after = ""
    while True:
        page = await session.exec(
            select(EventRow.conversation_id)
            .where(EventRow.conversation_id > after, EventRow.type == "turn.understood", col(EventRow.at) >= since)
            .group_by(col(EventRow.conversation_id))
            .order_by(col(EventRow.conversation_id))
            .limit(_PAGE)
        )
        ids = list(page)
        if not ids:
            return
        rows = await session.exec(
            select(EventRow.conversation_id, EventRow.type, EventRow.at, EventRow.data)
            .where(col(EventRow.conversation_id).in_(ids), col(EventRow.type).in_(_WANTED))
            .order_by(col(EventRow.conversation_id), col(EventRow.n))
        )
        for name, group in groupby(rows, key=lambda row: row[0]):
            events = _Events()
            for _, kind, at, data in group:
                if aware(at) >= since:
                    events.by_type.setdefault(kind, []).append(data)
            yield conversation_of(name, events.by_type, task, version)
        after = ids[-1]


def conversation_of(id: str, events: Mapping[str, Sequence[Data]], task: Task, version: str) -> TriedConversation:
    """What the events of a conversation, by type, tell of a trial."""
    gathered = _Events(by_type={kind: list(found) for kind, found in events.items()})
    understood = gathered.of("turn.understood")
    timings = [_mapping(data.get("timings_ms")).get("understand") for data in gathered.of("reply.completed")]
    return TriedConversation(
        id=id,
        versions=frozenset(str(_mapping(data.get("versions")).get(task.value, "")) for data in understood),
        turns=len(understood),
        handed_over=bool(gathered.of("handoff.requested")),
        declined=any(data.get("decision") == "decline" for data in gathered.of("reply.completed")),
        rated=tuple(1 if _number(data.get("value")) > 0 else -1 for data in gathered.of("feedback.given")),
        understood_ms=tuple(float(ms) for ms in timings if isinstance(ms, int | float)),
        shadowed=tuple(_shadowed(id, gathered, task, version)),
    )


def _shadowed(id: str, events: _Events, task: Task, version: str) -> list[ShadowedTurn]:
    understood = {_number(data.get("message")): data for data in events.of("turn.understood")}
    truths = {_number(data.get("message")): str(data.get("intent") or "") for data in events.of("turn.corrected")}
    found: list[ShadowedTurn] = []
    for data in events.of("turn.shadowed"):
        number, opinion = _number(data.get("message")), _mapping(data.get(task.value))
        if opinion.get("version") != version or number not in understood:
            continue
        said, shadow = _best(_view(understood[number], opinion, task), task), _best(opinion, task)
        found.append(
            ShadowedTurn(
                conversation_id=id,
                message=int(number),
                text=str(understood[number].get("question") or ""),
                said=said[0],
                shadow=shadow[0],
                said_confidence=said[1],
                shadow_confidence=shadow[1],
                said_ms=_number(opinion.get("ms_speaking")),
                shadow_ms=_number(opinion.get("ms")),
                truth=truths.get(number) or None if task is Task.INTENT else None,
            )
        )
    return found


def _view(understood: Data, opinion: Data, task: Task) -> Data:
    """What who speaks said: what the turn was understood as, but of emotion, which sentiment may have overruled there."""
    if task is Task.INTENT:
        return understood
    return _mapping(understood.get("sentiment") if task is Task.SENTIMENT else opinion.get("speaking"))


def _best(opinion: Data, task: Task) -> tuple[str, float]:
    """The best intent or emotion with its confidence; of sentiment its side (unhappy, even, happy) with its strength."""
    if task is Task.EMOTION:
        return str(opinion.get("emotion") or NONE), _number(opinion.get("confidence"))
    if task is not Task.INTENT:
        polarity = _number(opinion.get("polarity"))
        return ("unhappy" if polarity < -0.3 else "happy" if polarity > 0.3 else "even"), abs(polarity)
    intents = opinion.get("intents")
    best = _mapping(intents[0]) if isinstance(intents, list) and intents else {}
    return str(best.get("name") or NONE), _number(best.get("confidence"))


def _mapping(value: object) -> Data:
    return value if isinstance(value, Mapping) else {}


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
