"""Takes a flow along: does to it what was heard, calls its tools, and says what comes of that."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from agent.errors import ToolFailed
from agent.flows.approval import approved_operation, given_by
from agent.flows.calling import ToolCalls
from agent.flows.definition import Flow
from agent.flows.hearing import Heard
from agent.flows.machine import agreed, editable, failed, filled, go, reopened, returned
from agent.flows.speaking import FlowSpeech
from agent.flows.state import FlowState, state_json
from agent.flows.turn import Turn
from agent.flows.under_way import OpenFlows
from agent.types import DecisionKind, Draft, JsonValue

_LOG = logging.getLogger(__name__)
_TRIES = 3  # answers in a row that were not understood; then a person takes over
_CALLS = 20  # of tools in one turn


class FlowWalk:
    """One turn's part of a flow, to its next question or its end.

    acts: whether there is a model to tell what is wrong with what it wants to do.
    """

    def __init__(self, open_flows: OpenFlows, calls: ToolCalls, speech: FlowSpeech, *, acts: bool) -> None:
        self._open = open_flows
        self._calls = calls
        self._speech = speech
        self._acts = acts

    async def hear(self, flow: Flow, state: FlowState, meant: Heard, turn: Turn) -> Draft:
        """What is said to what was heard, after it was done."""
        match meant.kind:
            case "cancel":
                word = "flow_stopped" if state.floor else "flow_cancelled"
                return await self._ended(state, turn, [self._speech.phrase(word, turn.language, flow)])
            case "yes" | "reopen":
                after = agreed(state) if meant.kind == "yes" else reopened(state, meant.slot)
                return await self.go_on(flow, after, turn, [])
            case "values":
                changed = [name for name, value in meant.values.items() if state.values.get(name, value) != value]
                note = self._speech.changed(flow, changed, meant.values, turn.language)
                note += [self.wrong(flow, meant.wrong, meant.which, state, turn)] if meant.wrong else []
                return await self.go_on(flow, filled(state, meant.values), turn, note)
            case "why" | "options":
                tell = self._speech.why if meant.kind == "why" else self._speech.options
                said = tell(flow, meant.slot, state, turn.language)
                return self._speech.question(flow, state, turn.language, [said])
            case "no" | "unclear":
                return await self._disagreed(flow, state, turn, surely=meant.kind == "no")
        slot = meant.slot or state.asked
        lacking = meant.kind == "lacking" and self._speech.lacking(flow, slot, state, turn.language)
        return self._not_answered(flow, state, lacking or self.wrong(flow, slot, meant.which, state, turn), turn)

    async def go_on(self, flow: Flow, state: FlowState, turn: Turn, said: list[str]) -> Draft:
        """Walks the flow, after what is `said` already, to the next question, or to its end."""
        for _ in range(_CALLS):
            outcome = go(flow, state)
            state = outcome.state
            said += [self._speech.filled(flow, one.texts, one.values, turn.language) for one in outcome.says]
            match outcome.wait:
                case "slot" | "confirm":
                    state = replace(state, topic=self._speech.topic(flow, state, turn.language))
                    return self._speech.question(flow, state, turn.language, said)
                case "done":
                    return await self._ended(state, turn, said, done=True)
                case "handoff":
                    return self._handed_over(flow, turn, said, "handoff")
            try:
                found, changes = await self._calls.call(flow, state, turn)
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

    def asked(self, flow: Flow, state: FlowState, turn: Turn, *, back: bool = False) -> Draft:
        """The open question once more, also after something else."""
        said = [self._speech.phrase("flow_back", turn.language, flow)] if back else []
        return self._speech.question(flow, state, turn.language, said)

    def wrong(self, flow: Flow, slot: str, which: Sequence[JsonValue], state: FlowState, turn: Turn) -> str:
        """What was wrong with a value, or which of several it may be."""
        if which:
            return self._speech.which(flow, slot, which, turn.language)
        return self._speech.not_understood(flow, slot, state, turn.language)

    async def _disagreed(self, flow: Flow, state: FlowState, turn: Turn, *, surely: bool) -> Draft:
        """The first no asks what is wrong, the second ends it.

        Unless they surely disagree: what may be a no is asked about like one, and a yes to that does nothing yet.
        """
        if not surely and state.doubted:
            return self.asked(flow, replace(state, doubted=False), turn)
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

    def _not_answered(self, flow: Flow, state: FlowState, why: str, turn: Turn) -> Draft:
        """The question once more, after what was wrong, or what helps who does not have it; at last a person."""
        state = replace(state, tries=state.tries + 1)
        if state.tries >= _TRIES:
            return self._handed_over(flow, turn, [], "flow_hand_over")
        return self._speech.question(flow, state, turn.language, [why])

    async def _ended(self, state: FlowState, turn: Turn, said: list[str], *, done: bool = False) -> Draft:
        """The last words; where the flow had interrupted another one, that one goes on. done: whether it came to its end."""
        if state.under is not None and (flow := self._open.current(state.under)) is not None:
            said.append(self._speech.phrase("flow_back", turn.language, flow))
            return await self.go_on(flow, replace(state.under, at=turn.now.isoformat()), turn, said)
        # What changed something is never run again by the way.
        again = state_json(replace(state, over=True)) if done and state.seen and not state.floor else None
        return Draft(text="\n\n".join(said), decision=DecisionKind.FLOW, generator="flow", flow=again)

    def _handed_over(self, flow: Flow, turn: Turn, said: list[str], phrase: str) -> Draft:
        text = "\n\n".join([*said, self._speech.phrase(phrase, turn.language, flow)])
        return Draft(text=text, decision=DecisionKind.HANDOFF, generator="flow")
