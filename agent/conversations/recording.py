"""Turns the steps of a turn into events, and its end into one transaction with the turn's state."""

from collections.abc import AsyncIterator, Mapping

from sqlalchemy import Update, update
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from agent.closing import closing
from agent.conversations.waiting import ask_in
from agent.ports import Retract, TurnStep
from agent.store.event_log import SqlEventLog
from agent.store.tables import FINAL, TurnRow, TurnState
from agent.store.transactions import writing
from agent.store.uninterrupted import uninterrupted
from agent.types import Decision, DecisionKind, EventType, JsonValue, Reply, Retrieval, Understanding
from agent.wire import decision_json, reply_json, retrieval_json, understanding_json

_DELTA_CHARS = 48  # deltas are gathered to this size before they are stored: one transaction each


class TurnRecorder:
    """Writes one turn into the event log."""

    def __init__(self, engine: AsyncEngine, events: SqlEventLog, turn: TurnRow) -> None:
        self._engine = engine
        self._events = events
        self._turn = turn
        self._pending = ""

    async def record(self, steps: AsyncIterator[TurnStep]) -> Reply | None:
        """All steps of a turn; the Reply with which it was completed."""
        async with closing(steps):
            async for step in steps:
                if isinstance(step, str):
                    self._pending += step
                    if len(self._pending) >= _DELTA_CHARS:
                        await self._flush()
                    continue
                await self._flush()
                if isinstance(step, Reply):
                    await self._complete(step)
                    return step
                await self._note(step)
        return None

    async def _note(self, step: Understanding | Decision | Retrieval | Retract) -> None:
        match step:
            case Understanding():
                await self._append(EventType.TURN_UNDERSTOOD, understanding_json(step))
            case Decision():
                await self._append(EventType.TURN_DECIDED, decision_json(step))
            case Retrieval():
                await self._append(EventType.TURN_RETRIEVED, retrieval_json(step))
            case Retract():
                await self._append(EventType.REPLY_DELTA, {"text": "", "reset": True})

    async def _flush(self) -> None:
        if self._pending:
            text, self._pending = self._pending, ""
            await self._append(EventType.REPLY_DELTA, {"text": text})

    async def _append(self, type: EventType, data: Mapping[str, JsonValue]) -> None:
        await self._events.append(self._turn.conversation_id, type, {**data, "message": self._turn.message_n})

    async def _complete(self, reply: Reply) -> None:
        events: list[tuple[EventType, Mapping[str, JsonValue]]] = [(EventType.REPLY_COMPLETED, reply_json(reply))]
        if reply.decision is DecisionKind.HANDOFF:
            events.append((EventType.HANDOFF_REQUESTED, {"rule": reply.rule}))
        await self.finish(TurnState.COMPLETED, events)

    @uninterrupted
    async def begin(self) -> None:
        """Counts the attempt and says that it starts."""
        turn = self._turn
        async with writing(self._engine) as session:
            await self._events.hold_in(session, turn.conversation_id)
            await session.exec(
                self._update().values(state=TurnState.RUNNING, attempts=TurnRow.attempts + 1),
            )
            data: dict[str, JsonValue] = {"message": turn.message_n, "attempt": turn.attempts + 1}
            started = await self._events.append_in(session, turn.conversation_id, EventType.TURN_STARTED, data)
        self._events.announce(turn.conversation_id, started)

    @uninterrupted
    async def finish(self, state: TurnState, events: list[tuple[EventType, Mapping[str, JsonValue]]]) -> None:
        """The turn's last events and its final state, together or not at all; nothing when it has ended before.

        A turn may be stopped while its reply is being committed: whichever comes first stands, alone.
        """
        turn = self._turn
        async with writing(self._engine) as session:
            await self._events.hold_in(session, turn.conversation_id)
            ended = await session.exec(self._update().where(col(TurnRow.state).not_in(FINAL)).values(state=state))
            if not ended.rowcount:
                return
            if any(kind is EventType.HANDOFF_REQUESTED for kind, _ in events):
                await ask_in(session, turn.conversation_id)
            written = [
                await self._events.append_in(session, turn.conversation_id, kind, {**data, "message": turn.message_n})
                for kind, data in events
            ]
        self._events.announce(turn.conversation_id, *written)

    def _update(self) -> Update:
        turn = self._turn
        return update(TurnRow).where(
            col(TurnRow.conversation_id) == turn.conversation_id, col(TurnRow.message_n) == turn.message_n
        )
