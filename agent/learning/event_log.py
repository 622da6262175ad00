"""Conversations as the event log of the home tells them: what was said, understood, corrected and rated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from agent.conversations.consent import Consents
from agent.conversations.history import SPOKEN, for_others, spoken
from agent.forgotten import Digests, digests_of
from agent.home import Home
from agent.learning.records import LoggedConversation, SaidTurn
from agent.settings import Settings
from agent.store.database import close_engine, open_engine
from agent.store.event_log import SqlEventLog
from agent.types import Event, EventType, JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What the store says: ids of conversations that may be learned from, how many may not and why, and tombstones.

    digests: those that the tombstones are.
    """

    agreed: frozenset[str]
    not_agreed: int
    refused: int
    forgotten: frozenset[str]
    digests: Digests

    def forbids(self, id: str, customer: str | None) -> bool:
        """Whether a conversation must not be learned from; customer: their digest, where it is known.

        One of the store must be agreed to; of an imported one, which was agreed to when it was read, neither itself (by
        its id here or in its file) nor its customer may have been deleted.
        """
        file, slash, own = id.partition("/")
        if not slash:
            return file not in self.agreed
        keys = {self.digests.of("conversation", id), self.digests.of("conversation", own)}
        if customer:
            keys.add(self.digests.salted(customer))
        return not keys.isdisjoint(self.forgotten)


async def read_log(settings: Settings, out: Path) -> Agreement:
    """Writes the conversations whose customers agreed, one a line; the answer was asked for after the last was read.

    Whoever withdrew meanwhile stands in the file, but no longer in the answer.
    """
    engine = await open_engine(settings.database_url)
    try:
        digests = digests_of(Home(settings.home))
        consents, events = Consents(engine, digests), SqlEventLog(engine)
        with out.open("w", encoding="utf-8") as stream:
            for name, channel, customer in await consents.agreed():
                who = digests.of("customer", customer) if customer else None
                one = conversation_of(name, channel, who, await events.read(name))
                if one.turns:
                    stream.write(one.model_dump_json(exclude_none=True) + "\n")
        return await _agreement(consents, digests)
    finally:
        await close_engine(engine)


async def read_agreement(settings: Settings) -> Agreement:
    """Who agreed, as it stands now."""
    engine = await open_engine(settings.database_url)
    try:
        digests = digests_of(Home(settings.home))
        return await _agreement(Consents(engine, digests), digests)
    finally:
        await close_engine(engine)


async def read_state(settings: Settings) -> str:
    """Changes whenever there is something new to collect, or something to leave out (`Consents.state`)."""
    engine = await open_engine(settings.database_url)
    try:
        return await Consents(engine, digests_of(Home(settings.home))).state()
    finally:
        await close_engine(engine)


async def _agreement(consents: Consents, digests: Digests) -> Agreement:
    not_agreed, refused = await consents.left_out()
    return Agreement(
        agreed=frozenset(name for name, _, _ in await consents.agreed()),
        not_agreed=not_agreed,
        refused=refused,
        forgotten=await consents.forgotten(),
        digests=digests,
    )


def conversation_of(id: str, channel: str, customer: str | None, events: Sequence[Event]) -> LoggedConversation:
    """The turns of a conversation in the order in which they belong together: a reply behind its message.

    customer: the digest of who it is of.
    """
    understood: dict[int, str] = {}
    corrected: dict[int, str] = {}
    rated: dict[int, Literal[-1, 1]] = {}
    for event in events:
        about = _number(event.data, "message")
        if event.type is EventType.TURN_UNDERSTOOD and (intent := _intent(event.data)):
            understood[about] = intent
        elif event.type is EventType.TURN_CORRECTED:
            corrected[about] = str(event.data.get("intent", ""))
        elif event.type is EventType.MESSAGE_AGENT and isinstance(event.data.get("correction"), str):
            corrected[about] = str(event.data["correction"])
        elif event.type is EventType.FEEDBACK_GIVEN and (value := _number(event.data, "value")):
            rated[_number(event.data, "event")] = 1 if value > 0 else -1
    said = [event for _, event in spoken(for_others(events)) if str(event.data.get("text", "")).strip()]
    turns = (
        SaidTurn(
            n=n,
            role=SPOKEN[event.type],
            text=str(event.data["text"]),
            at=event.at.isoformat(),
            intent=understood.get(event.n) if event.type is EventType.MESSAGE_RECEIVED else None,
            correction=corrected.get(event.n) if event.type is EventType.MESSAGE_RECEIVED else None,
            feedback=rated.get(event.n),
        )
        for n, event in enumerate(said, 1)
    )
    return LoggedConversation(id=id, source="log", channel=channel, customer=customer, turns=tuple(turns))


def _number(data: Mapping[str, JsonValue], name: str) -> int:
    value = data.get(name)
    return value if isinstance(value, int) else 0


def _intent(data: Mapping[str, JsonValue]) -> str:
    """The most probable intent that a turn was understood as; "" where it had none."""
    intents = data.get("intents")
    best = intents[0] if isinstance(intents, list) and intents else None
    return str(best.get("name", "")) if isinstance(best, Mapping) else ""
