"""The turns that wait: one at a time in each conversation, many conversations at once, none ever lost.

Several processes may share the store: each conversation is worked on by one of them at a time, and those of a process
that has died are taken over.
"""

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Mapping
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.conversations.customers import Customers
from agent.conversations.history import TELLING, first_asked, taken_over, utterances
from agent.conversations.recording import TurnRecorder
from agent.conversations.shadowing import Shadowing
from agent.phrases import Phrases
from agent.ports import TurnRunner, TurnStep
from agent.store.event_log import SqlEventLog
from agent.store.holding import Holding
from agent.store.leases import Leases
from agent.store.tables import FINAL, TurnRow, TurnState, columns_of
from agent.store.uninterrupted import uninterrupted
from agent.types import DecisionKind, Event, EventType, InboundMessage, JsonValue, Language, Reply, Understanding
from agent.understand.language import wordless

_LOG = logging.getLogger(__name__)
STOP = "stop"
_ATTEMPTS = 4  # a turn in which so many processes ended is reported as failed instead of ending the next one, too
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 30.0  # between tries while the store fails
_SOON_S, _LATER_S = 0.05, 1.0  # between looks whether another process has done with a conversation
_SWEEP_S = 5.0  # between looks for turns whose process has died
_TURN = columns_of(TurnRow)
_OF_THIS, _UNFINISHED = _TURN.c.conversation_id == bindparam("conversation"), _TURN.c.state.not_in(FINAL)
_NEXT = select(_TURN).where(_OF_THIS, _UNFINISHED).order_by(_TURN.c.message_n).limit(1)
_RUNNING = select(_TURN.c.message_n).where(_OF_THIS, _TURN.c.state == TurnState.RUNNING).limit(1)
_WAITING = select(_TURN.c.conversation_id).where(_UNFINISHED).distinct()


class Turns:
    """Runs the turns of all conversations of this process; at_once: so many at the same time, more wait."""

    def __init__(
        self,
        engine: AsyncEngine,
        events: SqlEventLog,
        runner: TurnRunner,
        phrases: Phrases,
        shadowing: Shadowing,
        *,
        at_once: int,
    ) -> None:
        self._engine = engine
        self._customers = Customers(engine)
        self._events = events
        self._runner = runner
        self._phrases = phrases
        self._shadowing = shadowing
        self._rung: set[str] = set()
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._stopping: set[str] = set()
        self._held = Holding(Leases(engine), self._lost)
        self._chores: list[asyncio.Task[None]] = []
        self._stops: set[asyncio.Task[bool]] = set()
        self._slots = asyncio.Semaphore(at_once)

    async def start(self) -> None:
        """Goes on with the turns that an earlier process left half-done, and from now on with those of any that dies."""
        await self._recover()
        self._events.news.on_word(self._told)
        self._chores = [asyncio.create_task(work) for work in (self._sweep(), self._held.keep())]

    @uninterrupted
    async def _recover(self) -> None:
        async with self._engine.connect() as connection:
            waiting = await connection.execute(_WAITING)
        for conversation_id in waiting.scalars():
            if conversation_id not in self._workers:  # whoever works on it finds the turn by itself
                self.wake(conversation_id)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(_SWEEP_S)
            try:
                await self._recover()
            except Exception:  # noqa: BLE001 - the rim: a store that fails now is asked again
                _LOG.warning("looking for turns that were left failed", exc_info=True)

    def _lost(self, conversation_id: str) -> None:
        """Another process works on it: what this one does there must not be heard."""
        if (turn := self._running.get(conversation_id)) is not None:
            turn.cancel()

    def _told(self, conversation_id: str, word: str) -> None:
        """Another process was asked to stop what this one does."""
        if word == STOP and conversation_id in self._running:
            stopping = asyncio.create_task(self._stop_here(conversation_id))
            self._stops.add(stopping)
            stopping.add_done_callback(self._stops.discard)

    def wake(self, conversation_id: str) -> None:
        """Sees to it that someone works on the conversation's waiting turns."""
        self._rung.add(conversation_id)
        worker = self._workers.get(conversation_id)
        if worker is None or worker.done():
            self._workers[conversation_id] = asyncio.create_task(self._work(conversation_id))

    async def stop(self, conversation_id: str) -> bool:
        """Stops the turn that is running, here or in another process; False when none is. Twice is once."""
        if await self._stop_here(conversation_id):
            return True
        if not await self._runs_elsewhere(conversation_id):
            return False
        await self._events.news.say(conversation_id, STOP)
        return True

    @uninterrupted
    async def _runs_elsewhere(self, conversation_id: str) -> bool:
        async with self._engine.connect() as connection:
            return (await connection.execute(_RUNNING, {"conversation": conversation_id})).first() is not None

    async def _stop_here(self, conversation_id: str) -> bool:
        turn = self._running.get(conversation_id)
        if turn is None or turn.done():
            return False
        if conversation_id not in self._stopping:  # a second cancel would hit the first one's last words
            self._stopping.add(conversation_id)
            turn.cancel()
        await asyncio.wait([turn])
        return True

    async def shut_down(self) -> None:
        """Leaves running turns to the next start, which finishes them."""
        tasks: list[asyncio.Task[Any]] = [*self._chores, *self._stops, *self._workers.values(), *self._running.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._held.close()
        await self._shadowing.shut_down()

    async def _work(self, conversation_id: str) -> None:
        """Runs the conversation's turns, one after the other, until none waits and nobody has rung meanwhile."""
        pause = _FIRST_PAUSE_S
        while conversation_id in self._rung:
            self._rung.discard(conversation_id)
            try:
                if await self._taken(conversation_id):
                    try:
                        await self._work_off(conversation_id)
                    finally:
                        await self._held.let_go(conversation_id)
            except Exception:  # noqa: BLE001 - the rim: the store fails; the turn waits in it and must not be forgotten
                _LOG.exception("the store failed; again in %.1f s", pause)
                self._rung.add(conversation_id)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_S)
        self._workers.pop(conversation_id, None)

    async def _taken(self, conversation_id: str) -> bool:
        """Waits until no other process works on it; False when that one has worked off what waited here, too."""
        pause = _SOON_S
        while not await self._held.take(conversation_id):
            if await self._next(conversation_id) is None:
                return False
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LATER_S)
        return True

    async def _work_off(self, conversation_id: str) -> None:
        while conversation_id in self._held and (turn := await self._next(conversation_id)) is not None:
            task = asyncio.create_task(self._run(turn))
            self._running[conversation_id] = task
            try:
                await asyncio.wait([task])
            finally:
                del self._running[conversation_id]
                self._stopping.discard(conversation_id)
                task.cancel()
            if not task.cancelled():
                task.result()  # raises what the store raised

    @uninterrupted
    async def _next(self, conversation_id: str) -> TurnRow | None:
        async with self._engine.connect() as connection:
            row = (await connection.execute(_NEXT, {"conversation": conversation_id})).first()
        return None if row is None else TurnRow(**row._mapping)

    async def _run(self, turn: TurnRow) -> None:
        """One turn, to its end: completed, stopped or failed; only a dying process leaves it running."""
        recorder = TurnRecorder(self._engine, self._events, turn)
        text = ""
        try:
            async with self._slots:
                events = await self._events.read(turn.conversation_id, types=TELLING)
                text = next(str(event.data["text"]) for event in events if event.n == turn.message_n)
                await self._answer(turn, text, events, recorder)
        except asyncio.CancelledError:
            if turn.conversation_id not in self._stopping:
                raise
            await recorder.finish(TurnState.STOPPED, [(EventType.TURN_STOPPED, {})])
        except Exception:  # noqa: BLE001 - the rim: whatever it was becomes an event and a polite sentence
            _LOG.exception("a turn failed", extra={"conversation": turn.conversation_id})
            await self._apologize(text, recorder)

    async def _answer(self, turn: TurnRow, text: str, events: list[Event], recorder: TurnRecorder) -> None:
        if turn.attempts >= _ATTEMPTS:
            _LOG.error("given up: %d processes died in message %d", turn.attempts, turn.message_n)
            await self._apologize(text, recorder)
            return
        if taken_over(events):
            await recorder.finish(TurnState.COMPLETED, [])
            return
        await recorder.begin()
        if not text:  # files alone
            await recorder.record(self._acknowledge(await self._customers.language_of(turn.conversation_id) or "en"))
            return
        inbound = InboundMessage(
            conversation_id=turn.conversation_id,
            channel=turn.channel,
            channel_message_id=turn.channel_message_id,
            text=text,
            customer_id=turn.customer_id,
            page=await self._customers.language_of(turn.conversation_id) if wordless(text) else None,
        )
        asked = first_asked(events)[turn.message_n]
        reply = await recorder.record(self._runner.run(inbound, utterances(events, before=asked)))
        if reply is not None:
            self._shadowing.note(turn.conversation_id, turn.message_n, reply.understanding)

    async def _acknowledge(self, language: Language) -> AsyncIterator[TurnStep]:
        """What is said to files without a word: nobody here can look into them, but a colleague can."""
        text = self._phrases.say("files", language)
        yield text
        yield Reply(
            text=text,
            language=language,
            decision=DecisionKind.CLARIFY,
            understanding=Understanding(text="", question="", language=language),
            generator="template",
            trace_id=uuid.uuid4().hex,
            rule="files",
        )

    async def _apologize(self, text: str, recorder: TurnRecorder) -> None:
        apology: Mapping[str, JsonValue] = {"text": self._phrases.say("failed", _language(text))}
        await recorder.finish(TurnState.FAILED, [(EventType.TURN_FAILED, apology)])


def _language(text: str) -> Language:
    return "zh" if any("\u4e00" <= character <= "\u9fff" for character in text) else "en"
