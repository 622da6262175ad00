"""What was done for customers: each once, whatever crashes or is tried again, and told in the event log."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from agent.errors import ToolFailed, UnknownConversation
from agent.store.database import close_engine, open_engine
from agent.store.event_log import SqlEventLog
from agent.store.tables import ActionRow, ActionState, RecordRow
from agent.store.transactions import writing
from agent.store.uninterrupted import uninterrupted
from agent.tools.operation import BROKEN, UNKNOWN_OUTCOME, CallContext, Operation
from agent.types import Event, EventType, JsonValue

_LOG = logging.getLogger(__name__)
_PAUSES_S = (0.5, 2.0)  # before each repetition
_PATIENCE_S = 20.0  # after which nothing is repeated
_SHOWN = 2000  # characters of arguments that an event keeps


class SqlActions:
    """Runs operations that change something. Its key makes a call once: again, it gives what the first gave.

    An operation of Parley's own works in the same transaction as the note of it and its event: all or nothing. Before one
    of another system runs, its claim is committed; where the process died in between, nobody knows whether it happened,
    so it is only repeated where that system knows the key, and else fails with `unknown_outcome`. A function that broke is
    not run again, as nobody knows what it did before.
    """

    def __init__(self, engine: AsyncEngine, events: SqlEventLog | None = None) -> None:
        self._engine = engine
        self._events = events or SqlEventLog(engine)

    async def once(
        self,
        operation: Operation,
        arguments: Mapping[str, JsonValue],
        context: CallContext,
        conversation_id: str,
    ) -> Mapping[str, JsonValue]:
        """What it gives. Raises ToolFailed."""
        if (known := await self._known(operation, context.key)) is not None:
            return known
        run = self._own if operation.own else self._foreign
        return await run(operation, arguments, context, conversation_id)

    @uninterrupted
    async def _known(self, operation: Operation, key: str) -> Mapping[str, JsonValue] | None:
        async with AsyncSession(self._engine) as session:
            row = await session.get(ActionRow, key)
        if row is None:
            return None
        if row.state == ActionState.DONE:
            result: Mapping[str, JsonValue] = row.result  # type: ignore[assignment]
            return result
        if row.state == ActionState.FAILED:
            raise ToolFailed(str(row.result.get("reason", BROKEN)), "It was tried, and failed.")
        if operation.repeatable:
            return None
        raise ToolFailed("unknown_outcome", "It was begun, and nobody knows whether it was done.")

    @uninterrupted
    async def _own(
        self, operation: Operation, arguments: Mapping[str, JsonValue], context: CallContext, conversation_id: str
    ) -> Mapping[str, JsonValue]:
        failure: ToolFailed | None = None
        found: Mapping[str, JsonValue] = {}
        try:
            async with writing(self._engine) as session:
                row = _row(operation, arguments, context.key, conversation_id, ActionState.DONE)
                session.add(row)
                await session.flush()  # a second attempt ends here, before it does anything
                try:
                    async with session.begin_nested():
                        records = SqlRecords(session, conversation_id)
                        found = await operation.call(arguments, replace(context, records=records))
                except ToolFailed as error:
                    failure = error
                    event = await self._failed_in(session, row, error)
                else:
                    row.result = dict(found)
                    event = await self._tell(session, EventType.TOOL_COMPLETED, row)
        except IntegrityError:
            if (known := await self._known(operation, context.key)) is not None:
                return known
            raise
        self._announce(event)
        if failure is not None:
            raise failure
        return found

    async def _failed_in(self, session: AsyncSession, row: ActionRow, error: ToolFailed) -> Event | None:
        """Notes that nothing of Parley's own was done; what only said no may be tried again."""
        row.state, row.result = ActionState.FAILED, {"reason": error.reason}
        event = await self._tell(session, EventType.TOOL_FAILED, row)
        if error.reason != BROKEN:
            await session.delete(row)
        return event

    async def _foreign(
        self, operation: Operation, arguments: Mapping[str, JsonValue], context: CallContext, conversation_id: str
    ) -> Mapping[str, JsonValue]:
        row = _row(operation, arguments, context.key, conversation_id, ActionState.STARTED)
        try:
            await self._note(row, EventType.TOOL_STARTED, again=operation.repeatable)
        except IntegrityError:  # another attempt was quicker
            if (known := await self._known(operation, context.key)) is not None:
                return known
            raise
        try:
            found = await _persisted(operation, arguments, context)
        except ToolFailed as error:
            row.result = {"reason": error.reason}
            # What surely did not happen may be tried again; of a broken connection nobody knows.
            row.state = ActionState.STARTED if error.reason in UNKNOWN_OUTCOME else ActionState.FAILED
            await self._note(row, EventType.TOOL_FAILED)
            raise
        row.state, row.result = ActionState.DONE, dict(found)
        await self._note(row, EventType.TOOL_COMPLETED)
        return found

    @uninterrupted
    async def _note(self, row: ActionRow, type: EventType, *, again: bool = True) -> None:
        """Notes how far it has come. again: whether it may be noted already; else raises IntegrityError where it is."""
        async with writing(self._engine) as session:
            if row.state == ActionState.FAILED:
                if (stored := await session.get(ActionRow, row.key)) is not None:
                    await session.delete(stored)
            elif again:
                await session.merge(row)
            else:
                session.add(ActionRow(**row.model_dump()))
                await session.flush()
            event = await self._tell(session, type, row)
        self._announce(event)

    async def _tell(self, session: AsyncSession, type: EventType, row: ActionRow) -> Event | None:
        """The event of it; none for a turn outside a conversation."""
        if not row.conversation_id:
            return None
        arguments: dict[str, JsonValue] = {name: str(value)[:_SHOWN] for name, value in row.arguments.items()}
        result: dict[str, JsonValue] = {name: str(value)[:_SHOWN] for name, value in row.result.items()}
        told: dict[str, JsonValue] = {"tool": row.tool, "key": row.key, "arguments": arguments, "result": result}
        try:
            return await self._events.append_in(await session.connection(), row.conversation_id, type, told)
        except UnknownConversation:  # a conversation that somebody else keeps
            return None

    def _announce(self, event: Event | None) -> None:
        if event is not None:
            self._events.announce(event.conversation_id, event)


class ActionsWhenNeeded:
    """Runs actions on a store that is opened with the first; for turns outside of conversations. Close it with `aclose`."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._opening = asyncio.Lock()
        self._engine: AsyncEngine | None = None

    async def once(
        self,
        operation: Operation,
        arguments: Mapping[str, JsonValue],
        context: CallContext,
        conversation_id: str,
    ) -> Mapping[str, JsonValue]:
        """As `SqlActions.once`."""
        async with self._opening:
            self._engine = self._engine or await open_engine(self._url)
        return await SqlActions(self._engine).once(operation, arguments, context, conversation_id)

    async def aclose(self) -> None:
        """Closes the store where it was opened."""
        if self._engine is not None:
            await close_engine(self._engine)


class SqlRecords:
    """Implements `agent.tools.operation.Records` within one transaction."""

    def __init__(self, session: AsyncSession, conversation_id: str) -> None:
        self._session = session
        self._conversation_id = conversation_id

    async def add(self, kind: str, number: str, data: Mapping[str, JsonValue], *, subject: str = "") -> None:
        """Adds a record. Raises ToolFailed("already") where this number is taken."""
        if await self._session.get(RecordRow, (kind, number)) is not None:
            raise ToolFailed("already", f"There is a {kind} {number} already.")
        self._session.add(
            RecordRow(
                kind=kind,
                number=number,
                subject=subject,
                conversation_id=self._conversation_id or None,
                data=dict(data),
                at=datetime.now(UTC),
            )
        )
        try:
            await self._session.flush()
        except IntegrityError as error:  # another process was quicker
            raise ToolFailed("already", f"There is a {kind} {number} already.") from error

    async def find(self, kind: str, subject: str) -> list[Mapping[str, JsonValue]]:
        """The records about a subject."""
        rows = await self._session.exec(
            select(RecordRow).where(col(RecordRow.kind) == kind, col(RecordRow.subject) == subject)
        )
        return [{"number": row.number, **row.data} for row in rows]  # type: ignore[dict-item]


async def _persisted(
    operation: Operation, arguments: Mapping[str, JsonValue], context: CallContext
) -> Mapping[str, JsonValue]:
    """The call; where its answer was lost, and the other system knows the key, made again with the same key, a few times."""
    clock = asyncio.get_running_loop().time
    begun = clock()
    for pause in _PAUSES_S:
        try:
            return await operation.call(arguments, context)
        except ToolFailed as error:
            late = clock() - begun > _PATIENCE_S
            if not operation.repeatable or error.reason not in UNKNOWN_OUTCOME or late:
                raise
            _LOG.warning("%s is asked again, with the same key: %s", operation.name, error)
        await asyncio.sleep(pause)
    return await operation.call(arguments, context)


def _row(
    operation: Operation, arguments: Mapping[str, JsonValue], key: str, conversation_id: str, state: ActionState
) -> ActionRow:
    return ActionRow(
        key=key,
        tool=operation.name,
        conversation_id=conversation_id or None,
        arguments=dict(arguments),
        state=state,
        result={},
        at=datetime.now(UTC),
    )
