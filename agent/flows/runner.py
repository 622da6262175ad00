"""Runs flows within turns: nothing of a conversation is kept here, all comes with the history."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from agent.flows.approval import ACTING, approved_operation
from agent.flows.aside import asked_of
from agent.flows.calling import ToolCalls
from agent.flows.definition import Flow
from agent.flows.digressing import digresses, is_aside, is_other, wants_out
from agent.flows.hearing import Heard, at_start, listened, over_again
from agent.flows.leaving import leaves
from agent.flows.machine import filled
from agent.flows.speaking import FlowSpeech
from agent.flows.state import FlowState, state_json
from agent.flows.turn import Turn
from agent.flows.under_way import OpenFlows
from agent.flows.walking import FlowWalk
from agent.phrases import Phrases
from agent.ports import Actions, FlowTurn
from agent.tools.operation import Operation
from agent.types import Decision, DecisionKind, Draft, InboundMessage, Understanding, Utterance
from agent.understand.asking import asks

_ANSWERS_MODEL = "answers the model"


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
        self._speech = FlowSpeech(phrases)
        self._open = OpenFlows(flows, operations, acts=acts)
        self._walk = FlowWalk(self._open, ToolCalls(operations, actions, folder), self._speech, acts=acts)
        self._clock = clock

    async def take(
        self, decision: Decision, understanding: Understanding, history: Sequence[Utterance], message: InboundMessage
    ) -> FlowTurn | None:
        """The flow's part in this turn; None where it has none, or has none any more."""
        turn = Turn(
            language=understanding.language,
            now=self._clock(),
            conversation_id=message.conversation_id,
            customer_id=message.customer_id,
        )
        state = self._open.under_way(history, turn.now)
        if state is None or state.over or state.flow == ACTING.name:
            changed = self._open.changed(history, turn.now) if state is None else None
            if changed:
                return await self._begin_again(changed, decision, message.text, turn)
            return await self._anew(decision, message.text, turn, state)
        return await self._go_along(
            replace(state, at=turn.now.isoformat()), decision, understanding, message.text, turn
        )

    async def _go_along(
        self, state: FlowState, decision: Decision, understanding: Understanding, text: str, turn: Turn
    ) -> FlowTurn | None:
        """The part in this turn of the flow that is under way; None where it is left for a person."""
        flow = self._open.of(state)
        meant, question = listened(flow, state, text, turn.now.date())
        meant = _as_sent(meant, flow, understanding)
        if question and decision.flow == state.flow:
            decision = Decision(kind=DecisionKind.ANSWER, rule=decision.rule)  # it only names what it is about
        if decision.flow not in {"", state.flow} and state.under is None and meant.kind not in {"yes", "cancel"}:
            return await self._begin(decision, text, turn, state)
        other = meant.kind == "nothing" or (meant.kind == "wrong" and is_other(decision))
        if decision.kind is DecisionKind.HANDOFF and (other or wants_out(understanding, meant)):
            return None
        if other and (turned := self._turned(decision, understanding, flow, state, text, turn, question=question)):
            return turned
        draft = await self._walk.hear(flow, state, meant, turn)
        beside = question and decision.kind is DecisionKind.ANSWER and not decision.template
        if beside and draft.decision is not DecisionKind.HANDOFF:
            about = asked_of(state.topic, question) or decision.question or _alone(question, understanding)
            return FlowTurn(decision=replace(decision, question=about), reminder=draft)
        return FlowTurn(decision=_goes_with(state.flow), draft=draft)

    async def _anew(self, decision: Decision, text: str, turn: Turn, over: FlowState | None) -> FlowTurn | None:
        """The flow that is asked for now, or the one that has just ended with another value: "what if it's 1500 instead"."""
        if decision.flow:
            return await self._begin(decision, text, turn, None)
        if over is None:
            return None
        if over.flow == ACTING.name:
            return self._answered_model(decision, text, turn, over)
        flow = self._open.of(over)
        values = over_again(flow, over, text, turn.now.date())
        if not values:
            return None
        fresh = replace(over, id=uuid.uuid4().hex, at=turn.now.isoformat(), step=0, said=(), over=False)
        draft = await self._walk.go_on(flow, filled(fresh, values), turn, [])
        return FlowTurn(decision=_goes_with(flow.name), draft=draft)

    def _turned(
        self,
        decision: Decision,
        understanding: Understanding,
        flow: Flow,
        state: FlowState,
        text: str,
        turn: Turn,
        *,
        question: str,
    ) -> FlowTurn | None:
        """The turn of a message that is not what the flow asked for; None where it is for the flow all the same."""
        if approved_operation(flow.name) and not is_aside(decision, text):
            return self._changed_for_model(flow, turn)
        if decision.flow != state.flow and (question or digresses(decision, understanding)):
            about = asked_of(state.topic, text) or decision.question
            return FlowTurn(
                decision=replace(decision, question=about), reminder=self._walk.asked(flow, state, turn, back=True)
            )
        return None

    def _answered_model(self, decision: Decision, text: str, turn: Turn, state: FlowState) -> FlowTurn | None:
        """What follows a question of the model's is for the model, but for who leaves, or asks or wants something else."""
        if decision.kind is DecisionKind.HANDOFF:
            return None
        if not decision.template and is_aside(decision, text):
            at = turn.now.isoformat()
            return FlowTurn(decision=decision, reminder=Draft(text="", flow=state_json(replace(state, at=at))))
        if leaves(ACTING, text, confirming=True):
            own = Decision(kind=DecisionKind.FLOW, rule=_ANSWERS_MODEL, flow=ACTING.name)
            return FlowTurn(decision=own, draft=self._speech.cancelled(ACTING, turn.language))
        return FlowTurn(decision=Decision(kind=DecisionKind.ACT, rule=_ANSWERS_MODEL))

    def _changed_for_model(self, flow: Flow, turn: Turn) -> FlowTurn:
        """What is neither a yes nor a no to what a model wants to do changes it: the model proposes anew, and the old is gone."""
        if self._acts:
            return FlowTurn(decision=Decision(kind=DecisionKind.ACT, rule=_ANSWERS_MODEL))
        return FlowTurn(decision=_goes_with(flow.name), draft=self._speech.cancelled(flow, turn.language))

    async def _begin_again(self, flow: Flow, decision: Decision, text: str, turn: Turn) -> FlowTurn | None:
        """A flow that can't be gone on with begins anew, and says so; unless it is left, or something else is wanted."""
        if leaves(flow, text, confirming=False):
            own = replace(decision, kind=DecisionKind.FLOW, flow=flow.name)
            return FlowTurn(decision=own, draft=self._speech.cancelled(flow, turn.language))
        if decision.flow or decision.kind in {DecisionKind.HANDOFF, DecisionKind.ACT} or asks(text):
            return await self._anew(decision, text, turn, None)
        begun = await self._begin(_goes_with(flow.name), text, turn, None)
        if begun.draft is None:  # pragma: no cover - a flow that begins speaks
            return begun
        note = self._speech.phrase("flow_begins_again", turn.language, flow)
        return replace(begun, draft=replace(begun.draft, text=f"{note}\n\n{begun.draft.text}"))

    async def _begin(self, decision: Decision, text: str, turn: Turn, under: FlowState | None) -> FlowTurn:
        flow = self._flows[decision.flow]
        state = FlowState(
            id=uuid.uuid4().hex, flow=flow.name, version=flow.version, at=turn.now.isoformat(), under=under
        )
        given = at_start(flow, state, text, turn.now.date())
        said = [self._walk.wrong(flow, given.wrong, given.which, state, turn)] if given.wrong else []
        return FlowTurn(decision=decision, draft=await self._walk.go_on(flow, filled(state, given.values), turn, said))


def _goes_with(flow: str) -> Decision:
    """That the turn is the flow's, whatever was decided for it."""
    return Decision(kind=DecisionKind.FLOW, rule=f"flow {flow}", flow=flow)


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
