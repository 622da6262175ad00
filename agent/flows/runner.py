"""Runs flows within turns: nothing of a conversation is kept here, all comes with the history."""

import hashlib
import json
import logging
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from agent.errors import ToolFailed
from agent.flows.approval import ACTING, approval_flow, approved_operation, given_by
from agent.flows.aside import asked_of
from agent.flows.definition import Flow
from agent.flows.hearing import Heard, at_start, changes, listened, over_again
from agent.flows.leaving import leaves
from agent.flows.machine import agreed, editable, failed, filled, go, reopened, returned
from agent.flows.questions import parted
from agent.flows.speaking import FlowSpeech
from agent.flows.state import FlowState, state_json, state_of
from agent.phrases import Phrases
from agent.ports import Actions, FlowTurn
from agent.tools.operation import CallContext, Operation
from agent.types import Decision, DecisionKind, Draft, InboundMessage, JsonValue, Language, Understanding, Utterance
from agent.understand.asking import asks
from agent.understand.small_talk import wants_person

_LOG = logging.getLogger(__name__)
_ANSWERS_MODEL = "answers the model"
_ASKS = re.compile(r"[?？]|[吗呢]\W*$")
_TRIES = 3  # answers in a row that were not understood; then a person takes over
_UNHAPPY = -0.3  # polarity
_CALLS = 20  # of tools in one turn


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """What a turn is about."""

    language: Language
    now: datetime
    conversation_id: str
    customer_id: str | None


class FlowRunner:
    """Implements `agent.ports.Flows`."""

    def __init__(
        self,
        flows: Mapping[str, Flow],
        operations: Mapping[str, Operation],
        actions: Actions,
        phrases: Phrases,
        folder: Path,
        clock: Callable[[], datetime],
        *,
        acts: bool = False,
    ) -> None:
        """folder: the home, for operations; clock: the local time, by which "tomorrow" is told.

        acts: whether a model chooses among the operations; what it asks for is confirmed here.
        """
        self._flows = flows
        self._acts = acts
        self._operations = operations
        self._actions = actions
        self._speech = FlowSpeech(phrases)
        self._folder = folder
        self._clock = clock

    async def take(
        self, decision: Decision, understanding: Understanding, history: Sequence[Utterance], message: InboundMessage
    ) -> FlowTurn | None:
        """The flow's part in this turn; None where it has none, or has none any more."""
        turn = _Turn(
            language=understanding.language,
            now=self._clock(),
            conversation_id=message.conversation_id,
            customer_id=message.customer_id,
        )
        state = self._under_way(history, turn.now)
        if state is None or state.over or state.flow == ACTING.name:
            changed = self._changed(history, turn.now) if state is None else None
            if changed:
                return await self._begin_again(changed, decision, message.text, turn)
            return await self._anew(decision, message.text, turn, state)
        return await self._go_along(
            replace(state, at=turn.now.isoformat()), decision, understanding, message.text, turn
        )

    async def _go_along(
        self, state: FlowState, decision: Decision, understanding: Understanding, text: str, turn: _Turn
    ) -> FlowTurn | None:
        """The part in this turn of the flow that is under way; None where it is left for a person."""
        flow = self._flow(state)
        meant, question = listened(flow, state, text, turn.now.date())
        meant = _as_sent(meant, flow, understanding)
        if question and decision.flow == state.flow:
            decision = Decision(kind=DecisionKind.ANSWER, rule=decision.rule)  # it only names what it is about
        if decision.flow not in {"", state.flow} and state.under is None and meant.kind not in {"yes", "cancel"}:
            return await self._begin(decision, text, turn, state)
        other = meant.kind == "nothing" or (meant.kind == "wrong" and _is_other(decision))
        if decision.kind is DecisionKind.HANDOFF and (other or _wants_out(understanding, meant)):
            return None
        if other and (turned := self._turned(decision, understanding, flow, state, text, turn, question=question)):
            return turned
        draft = await self._hear(flow, state, meant, turn)
        beside = question and decision.kind is DecisionKind.ANSWER and not decision.template
        if beside and draft.decision is not DecisionKind.HANDOFF:
            about = asked_of(state.topic, question) or decision.question or _alone(question, understanding)
            return FlowTurn(decision=replace(decision, question=about), reminder=draft)
        own = Decision(kind=DecisionKind.FLOW, rule=f"flow {state.flow}", flow=state.flow)
        return FlowTurn(decision=own, draft=draft)

    async def _anew(self, decision: Decision, text: str, turn: _Turn, over: FlowState | None) -> FlowTurn | None:
        """The flow that is asked for now, or the one that has just ended with another value: "what if it's 1500 instead"."""
        if decision.flow:
            return await self._begin(decision, text, turn, None)
        if over is None:
            return None
        if over.flow == ACTING.name:
            return self._answered_model(decision, text, turn, over)
        flow = self._flow(over)
        values = over_again(flow, over, text, turn.now.date())
        if not values:
            return None
        fresh = replace(over, id=uuid.uuid4().hex, at=turn.now.isoformat(), step=0, said=(), over=False)
        own = Decision(kind=DecisionKind.FLOW, rule=f"flow {flow.name}", flow=flow.name)
        return FlowTurn(decision=own, draft=await self._go_on(flow, filled(fresh, values), turn, []))

    def _under_way(self, history: Sequence[Utterance], now: datetime) -> FlowState | None:
        """The flow that the last reply left open: not one that has expired, or whose file has changed since."""
        state = _left_open(history)
        flow = self._flow_of(state) if state else None
        return state if state and flow and _goes_on(state, flow, now) else None

    def _changed(self, history: Sequence[Utterance], now: datetime) -> Flow | None:
        """The flow that the last reply left open and whose file has changed since, as it is now."""
        state = _left_open(history)
        flow = self._flows.get(state.flow) if state and not state.over and not self._flow_of(state) else None
        return flow if state and flow and _goes_on(state, flow, now) else None

    def _flow_of(self, state: FlowState) -> Flow | None:
        """The flow that stands so; None where there is none any more, or its file has changed since."""
        flow = self._known(state)
        return flow if flow and flow.version == state.version and state.step <= len(flow.steps) else None

    def _flow(self, state: FlowState) -> Flow:
        """The flow that stands so, and is known."""
        flow = self._known(state)
        assert flow is not None
        return flow

    def _known(self, state: FlowState) -> Flow | None:
        if state.flow == ACTING.name:
            return ACTING if self._acts else None
        # What a model wants is asked by what its server says of it now: it may have been away before.
        operation = self._operations.get(approved_operation(state.flow))
        if operation is None:
            return self._flows.get(state.flow)
        return approval_flow(operation, state.values) if operation.changes and operation.schema else None

    def _turned(
        self,
        decision: Decision,
        understanding: Understanding,
        flow: Flow,
        state: FlowState,
        text: str,
        turn: _Turn,
        *,
        question: str,
    ) -> FlowTurn | None:
        """The turn of a message that is not what the flow asked for; None where it is for the flow all the same."""
        if approved_operation(flow.name) and not _is_aside(decision, text):
            return self._changed_for_model(flow, turn)
        if decision.flow != state.flow and (question or _digresses(decision, understanding)):
            about = asked_of(state.topic, text) or decision.question
            return FlowTurn(
                decision=replace(decision, question=about), reminder=self._asked(flow, state, turn, back=True)
            )
        return None

    def _answered_model(self, decision: Decision, text: str, turn: _Turn, state: FlowState) -> FlowTurn | None:
        """What follows a question of the model's is for the model, but for who leaves, or asks or wants something else."""
        if decision.kind is DecisionKind.HANDOFF:
            return None
        if not decision.template and _is_aside(decision, text):
            at = turn.now.isoformat()
            return FlowTurn(decision=decision, reminder=Draft(text="", flow=state_json(replace(state, at=at))))
        if leaves(ACTING, text, confirming=True):
            said = self._speech.phrase("flow_cancelled", turn.language, ACTING)
            own = Decision(kind=DecisionKind.FLOW, rule=_ANSWERS_MODEL, flow=ACTING.name)
            return FlowTurn(decision=own, draft=Draft(text=said, decision=DecisionKind.FLOW, generator="flow"))
        return FlowTurn(decision=Decision(kind=DecisionKind.ACT, rule=_ANSWERS_MODEL))

    def _changed_for_model(self, flow: Flow, turn: _Turn) -> FlowTurn:
        """What is neither a yes nor a no to what a model wants to do changes it: the model proposes anew, and the old is gone."""
        if self._acts:
            return FlowTurn(decision=Decision(kind=DecisionKind.ACT, rule=_ANSWERS_MODEL))
        own = Decision(kind=DecisionKind.FLOW, rule=f"flow {flow.name}", flow=flow.name)
        said = self._speech.phrase("flow_cancelled", turn.language, flow)
        return FlowTurn(decision=own, draft=Draft(text=said, decision=DecisionKind.FLOW, generator="flow"))

    async def _begin_again(self, flow: Flow, decision: Decision, text: str, turn: _Turn) -> FlowTurn | None:
        """A flow that can't be gone on with begins anew, and says so; unless it is left, or something else is wanted."""
        if leaves(flow, text, confirming=False):
            said = self._speech.phrase("flow_cancelled", turn.language, flow)
            draft = Draft(text=said, decision=DecisionKind.FLOW, generator="flow")
            return FlowTurn(decision=replace(decision, kind=DecisionKind.FLOW, flow=flow.name), draft=draft)
        if decision.flow or decision.kind in {DecisionKind.HANDOFF, DecisionKind.ACT} or asks(text):
            return await self._anew(decision, text, turn, None)
        own = Decision(kind=DecisionKind.FLOW, rule=f"flow {flow.name}", flow=flow.name)
        begun = await self._begin(own, text, turn, None)
        if begun.draft is None:  # pragma: no cover - a flow that begins speaks
            return begun
        note = self._speech.phrase("flow_begins_again", turn.language, flow)
        return replace(begun, draft=replace(begun.draft, text=f"{note}\n\n{begun.draft.text}"))

    async def _begin(self, decision: Decision, text: str, turn: _Turn, under: FlowState | None) -> FlowTurn:
        flow = self._flows[decision.flow]
        state = FlowState(
            id=uuid.uuid4().hex, flow=flow.name, version=flow.version, at=turn.now.isoformat(), under=under
        )
        given = at_start(flow, state, text, turn.now.date())
        said = [self._wrong(flow, given.wrong, given.which, state, turn)] if given.wrong else []
        return FlowTurn(decision=decision, draft=await self._go_on(flow, filled(state, given.values), turn, said))

    async def _hear(self, flow: Flow, state: FlowState, meant: Heard, turn: _Turn) -> Draft:
        match meant.kind:
            case "cancel":
                word = "flow_stopped" if state.floor else "flow_cancelled"
                return await self._ended(state, turn, [self._speech.phrase(word, turn.language, flow)])
            case "yes":
                return await self._go_on(flow, agreed(state), turn, [])
            case "values":
                changed = [name for name, value in meant.values.items() if state.values.get(name, value) != value]
                note = self._speech.changed(flow, changed, meant.values, turn.language)
                note += [self._wrong(flow, meant.wrong, meant.which, state, turn)] if meant.wrong else []
                return await self._go_on(flow, filled(state, meant.values), turn, note)
            case "reopen":
                return await self._go_on(flow, reopened(state, meant.slot), turn, [])
            case "no" | "unclear":
                return await self._disagreed(flow, state, turn, surely=meant.kind == "no")
        slot = meant.slot or state.asked
        lacking = meant.kind == "lacking" and self._speech.lacking(flow, slot, state, turn.language)
        return self._not_answered(flow, state, lacking or self._wrong(flow, slot, meant.which, state, turn), turn)

    def _wrong(self, flow: Flow, slot: str, which: Sequence[JsonValue], state: FlowState, turn: _Turn) -> str:
        """What was wrong with a value, or which of several it may be."""
        if which:
            return self._speech.which(flow, slot, which, turn.language)
        return self._speech.not_understood(flow, slot, state, turn.language)

    async def _disagreed(self, flow: Flow, state: FlowState, turn: _Turn, *, surely: bool) -> Draft:
        """The first no asks what is wrong, the second ends it.

        Unless they surely disagree: what may be a no is asked about like one, and a yes to that does nothing yet.
        """
        if not surely and state.doubted:
            return self._asked(flow, replace(state, doubted=False), turn)
        changeable = self._changeable(flow, state)
        if changeable and not (surely and (state.doubted or state.tries)):
            doubted = replace(state, doubted=True, tries=1 if surely else state.tries)
            return self._speech.what_to_change(flow, doubted, changeable, turn.language)
        return await self._ended(state, turn, [self._speech.phrase("flow_cancelled", turn.language, flow)])

    def _changeable(self, flow: Flow, state: FlowState) -> list[str]:
        """What a no may be about: of what a model wants to do, whatever it said, as long as there is a model to say it to."""
        if approved_operation(flow.name):
            return list(flow.slots) if self._acts else []
        return editable(flow, state)

    def _not_answered(self, flow: Flow, state: FlowState, why: str, turn: _Turn) -> Draft:
        """The question once more, after what was wrong, or what helps who does not have it; at last a person."""
        state = replace(state, tries=state.tries + 1)
        if state.tries >= _TRIES:
            return self._handed_over(flow, turn, [], "flow_hand_over")
        return self._speech.question(flow, state, turn.language, [why])

    async def _go_on(self, flow: Flow, state: FlowState, turn: _Turn, said: list[str]) -> Draft:
        """Walks the flow to the next question, or to its end."""
        for _ in range(_CALLS):
            outcome = go(flow, state)
            state = outcome.state
            said += [self._speech.filled(flow, texts, state.values, turn.language) for texts in outcome.says]
            match outcome.wait:
                case "slot" | "confirm":
                    state = replace(state, topic=self._speech.topic(flow, state, turn.language))
                    return self._speech.question(flow, state, turn.language, said)
                case "done":
                    return await self._ended(state, turn, said, done=True)
                case "handoff":
                    return self._handed_over(flow, turn, said, "handoff")
            try:
                found, changes = await self._call(flow, state, turn)
                if approved_operation(flow.name):
                    state = replace(state, values={**given_by(found), **state.values})
                state = returned(flow, state, found, changes=changes)
            except ToolFailed as error:
                _LOG.warning("the flow %s: %s failed (%s)", flow.name, flow.steps[state.step].tool, error.reason)
                after = failed(flow, state, error.reason)
                if after is None:
                    return self._handed_over(flow, turn, said, "flow_tool_failed")
                state = after
        return self._handed_over(flow, turn, said, "flow_tool_failed")

    async def _call(self, flow: Flow, state: FlowState, turn: _Turn) -> tuple[Mapping[str, JsonValue], bool]:
        """What the tool of this step gives, and whether it changed something."""
        step = flow.steps[state.step]
        operation = self._operations[step.tool]
        arguments: dict[str, JsonValue] = {name: state.values.get(slot) for name, slot in step.with_.items()}
        digest = hashlib.sha256(json.dumps(arguments, sort_keys=True, default=str).encode()).hexdigest()[:12]
        context = CallContext(
            language=turn.language,
            today=turn.now.date(),
            folder=self._folder,
            key=f"{state.id}:{state.step}:{digest}",
            customer_id=turn.customer_id,
        )
        if operation.changes:
            return await self._actions.once(operation, arguments, context, turn.conversation_id), True
        return await operation.call(arguments, context), False

    async def _ended(self, state: FlowState, turn: _Turn, said: list[str], *, done: bool = False) -> Draft:
        """The last words; where the flow had interrupted another one, that one goes on. done: whether it came to its end."""
        if state.under is not None and (flow := self._flow_of(state.under)) is not None:
            said.append(self._speech.phrase("flow_back", turn.language, flow))
            return await self._go_on(flow, replace(state.under, at=turn.now.isoformat()), turn, said)
        # What changed something is never run again by the way.
        again = state_json(replace(state, over=True)) if done and state.seen and not state.floor else None
        return Draft(text="\n\n".join(said), decision=DecisionKind.FLOW, generator="flow", flow=again)

    def _handed_over(self, flow: Flow, turn: _Turn, said: list[str], phrase: str) -> Draft:
        text = "\n\n".join([*said, self._speech.phrase(phrase, turn.language, flow)])
        return Draft(text=text, decision=DecisionKind.HANDOFF, generator="flow")

    def _asked(self, flow: Flow, state: FlowState, turn: _Turn, *, back: bool = False) -> Draft:
        """The open question once more, also after something else."""
        said = [self._speech.phrase("flow_back", turn.language, flow)] if back else []
        return self._speech.question(flow, state, turn.language, said)


def _is_aside(decision: Decision, text: str) -> bool:
    """Whether a message asks for something else, which the articles or a set phrase answer, and changes nothing."""
    if changes(text) or decision.kind is not DecisionKind.ANSWER:
        return False
    return bool(decision.template) or bool(parted(text).asked) or bool(_ASKS.search(text))


def _left_open(history: Sequence[Utterance]) -> FlowState | None:
    stored = next((said.flow for said in reversed(history) if said.role == "assistant"), None)
    return state_of(stored) if stored else None


def _goes_on(state: FlowState, flow: Flow, now: datetime) -> bool:
    """Whether it has not expired."""
    try:
        silent = now - datetime.fromisoformat(state.at)
    except (ValueError, TypeError):
        return False
    return silent < timedelta(minutes=flow.file.expires_minutes)


def _is_other(decision: Decision) -> bool:
    """Whether a message that almost answered is for something else after all: words of it say so, no guess of its intent."""
    return decision.kind in {DecisionKind.ACT, DecisionKind.HANDOFF} and not decision.guessed


def _as_sent(meant: Heard, flow: Flow, understanding: Understanding) -> Heard:
    """With the customer's own characters where words were asked for."""
    read, sent = understanding.text, understanding.as_sent
    if len(read) != len(sent):
        read, sent = read.strip(), sent.strip()
    values = {
        name: sent[read.find(value) :][: len(value)]
        if flow.slots[name].type == "text" and isinstance(value, str) and value in read and len(read) == len(sent)
        else value
        for name, value in meant.values.items()
    }
    return replace(meant, values=values)


def _alone(question: str, understanding: Understanding) -> str:
    """The question without the answer beside it, where it leans on nothing that was said before."""
    return question if understanding.question == understanding.text else ""


def _wants_out(understanding: Understanding, meant: Heard) -> bool:
    """Whether a hand-over stands although the flow was answered: asked for in words, or out of anger; a name has no mood."""
    angry = understanding.sentiment.polarity < _UNHAPPY and understanding.as_sent.strip() not in meant.values.values()
    return bool(wants_person(understanding.text)) or angry


def _digresses(decision: Decision, understanding: Understanding) -> bool:
    """Whether the message is about something else: a question, small talk, another thing to do."""
    return bool(decision.template) or decision.kind is DecisionKind.ACT or asks(understanding.text)
