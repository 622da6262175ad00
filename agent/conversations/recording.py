"""Turns the steps of a turn into events, and its end into one transaction with the turn's state."""

from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial

from sqlalchemy import bindparam, update
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.closing import closing
from agent.conversations.gathering import Gathering
from agent.conversations.waiting import ask_in, take_back_in
from agent.ports import Retract, TurnStep
from agent.store.event_log import Happened, SqlEventLog
from agent.store.tables import FINAL, TurnRow, TurnState, columns_of
from agent.store.transactions import transaction
from agent.store.uninterrupted import uninterrupted
from agent.types import Decision, DecisionKind, EventType, JsonValue, Reply, Retrieval, Understanding
from agent.wire import decision_json, reply_json, retrieval_json, understanding_json

_TURN = columns_of(TurnRow)
_THIS = update(_TURN).where(
    _TURN.c.conversation_id == bindparam("conversation"), _TURN.c.message_n == bindparam("message")
)
_BEGIN = _THIS.values(state=TurnState.RUNNING, attempts=_TURN.c.attempts + 1)
_END = _THIS.where(_TURN.c.state.not_in(FINAL)).values(state=bindparam("ended"))


class TurnRecorder:
    """Writes one turn into the event log."""

    def __init__(self, engine: AsyncEngine, events: SqlEventLog, turn: TurnRow) -> None:
        self._engine = engine
        self._events = events
        self._turn = turn
        self._gathering = Gathering(partial(events.append_all, turn.conversation_id))

    async def record(self, steps: AsyncIterator[TurnStep]) -> Reply | None:
        """All steps of a turn; the Reply with which it was completed."""
        try:
            async with closing(steps):
                async for step in steps:
                    if isinstance(step, Reply):
                        await self._complete(step)
                        return step
                    self._note(step)
        finally:
            await self._gathering.close()
        return None

    def _note(self, step: Understanding | Decision | Retrieval | Retract | str) -> None:
        match step:
            case Understanding():
                self._put(EventType.TURN_UNDERSTOOD, understanding_json(step))
            case Decision():
                self._put(EventType.TURN_DECIDED, decision_json(step))
            case Retrieval():
                self._put(EventType.TURN_RETRIEVED, retrieval_json(step))
            case Retract():
                self._put(EventType.REPLY_DELTA, {"text": "", "reset": True})
            case str():
                self._put(EventType.REPLY_DELTA, {"text": step})

    def _put(self, type: EventType, data: Mapping[str, JsonValue]) -> None:
        self._gathering.put(type, {**data, "message": self._turn.message_n})

    async def _complete(self, reply: Reply) -> None:
        events: list[Happened] = [(EventType.REPLY_COMPLETED, reply_json(reply))]
        if reply.decision is DecisionKind.HANDOFF:
            events.append((EventType.HANDOFF_REQUESTED, {"rule": reply.rule}))
        elif reply.withdraws:
            events.append((EventType.HANDOFF_CLOSED, {}))
        await self.finish(TurnState.COMPLETED, events)

    @uninterrupted
    async def begin(self) -> None:
        """Counts the attempt and says that it starts."""
        turn = self._turn
        async with transaction(self._engine) as connection:
            data: dict[str, JsonValue] = {"message": turn.message_n, "attempt": turn.attempts + 1}
            started = await self._events.append_in(connection, turn.conversation_id, EventType.TURN_STARTED, data)
            await connection.execute(_BEGIN, self._this)
        self._gathering.written()
        self._events.announce(turn.conversation_id, started)

    @uninterrupted
    async def finish(self, state: TurnState, events: Sequence[Happened]) -> None:
        """What is not written yet, the last events and the final state, together or not at all.

        Nothing when the turn has ended before. A turn may be stopped while its reply is being committed: whichever comes
        first stands, alone.
        """
        turn, told = self._turn, await self._gathering.rest()
        told += [(kind, {**data, "message": turn.message_n}) for kind, data in events]
        async with transaction(self._engine) as connection:
            await self._events.hold_in(connection, turn.conversation_id)
            ended = await connection.execute(_END, {**self._this, "ended": state})
            if not ended.rowcount:
                return
            if any(kind is EventType.HANDOFF_REQUESTED for kind, _ in events):
                await ask_in(connection, turn.conversation_id)
            if any(kind is EventType.HANDOFF_CLOSED for kind, _ in events) and not await take_back_in(
                connection, turn.conversation_id
            ):
                told = [one for one in told if one[0] is not EventType.HANDOFF_CLOSED]
            written = await self._events.append_all_in(connection, turn.conversation_id, told) if told else []
        self._events.announce(turn.conversation_id, *written)

    @property
    def _this(self) -> dict[str, str | int]:
        return {"conversation": self._turn.conversation_id, "message": self._turn.message_n}
