"""The pure transitions of a flow: what was heard, or what a tool gave, in; a new state and what is to happen, out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from agent.flows.definition import Flow, Step, Texts
from agent.flows.state import FlowState
from agent.types import JsonValue

_LONGEST = 200  # steps without a question, a tool or an end: a flow that was checked never takes so many

Wait = Literal["slot", "confirm", "tool", "handoff", "done"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A text to say, with the values that were known when it was reached: what is cleared after it stands in it."""

    texts: Texts
    values: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a transition leads to. says: what to say first; wait: what is waited for, or how it ended."""

    state: FlowState
    wait: Wait
    says: tuple[Said, ...] = ()


def go(flow: Flow, state: FlowState) -> Outcome:
    """Goes on from where the flow stands to the next thing that needs somebody: the customer, a tool, a person."""
    says: list[Said] = []
    for _ in range(_LONGEST):
        if state.step >= len(flow.steps):
            return Outcome(state=_settled(state), wait="done", says=tuple(says))
        step = flow.steps[state.step]
        match step.kind:
            case "ask" if step.ask not in state.values:
                return Outcome(state=replace(_settled(state), asked=step.ask), wait="slot", says=tuple(says))
            case "say":
                if step.say and state.step not in state.said:
                    says.append(Said(texts=step.say, values=state.values))
                    state = replace(state, said=(*state.said, state.step))
            case "clear":
                state = _cleared(state, step.clear)
            case "tool" if step.confirm and not state.agreed:
                return Outcome(
                    state=replace(state, confirming=True, asked="", doubted=False), wait="confirm", says=tuple(says)
                )
            case "tool":
                return Outcome(state=_settled(state), wait="tool", says=tuple(says))
            case "handoff":
                return Outcome(state=_settled(state), wait="handoff", says=tuple(says))
            case "end":
                return Outcome(state=_settled(state), wait="done", says=tuple(says))
        state = replace(state, step=_next(flow, state, step))
    raise AssertionError(f"{flow.name} goes round in circles")  # pragma: no cover - checked at load


def filled(state: FlowState, values: Mapping[str, JsonValue]) -> FlowState:
    """With these slots filled; a value that was another before takes the flow back to where it mattered."""
    changed = [name for name, value in values.items() if name in state.values and state.values[name] != value]
    seen = dict(state.seen)
    for name, value in values.items():
        seen[name] = (*(one for one in seen.get(name, ()) if one != value), value)
    state = replace(state, values={**state.values, **values}, seen=seen, tries=0)
    return _back(state) if changed else state


def reopened(state: FlowState, slot: str) -> FlowState:
    """With a slot empty again, to be asked for anew."""
    return _back(replace(_cleared(state, [slot]), tries=0))


def agreed(state: FlowState) -> FlowState:
    """The customer agreed to what this step does."""
    return replace(state, confirming=False, agreed=True, tries=0)


def returned(flow: Flow, state: FlowState, found: Mapping[str, JsonValue], *, changes: bool) -> FlowState:
    """The tool of this step gave something."""
    step = flow.steps[state.step]
    saved = {name: found.get(field) for name, field in step.save.items()}
    following = _next(flow, state, step)
    floor = state.step + 1 if changes else state.floor
    return replace(state, values={**state.values, **saved}, step=following, agreed=False, floor=floor)


def failed(flow: Flow, state: FlowState, reason: str) -> FlowState | None:
    """The tool of this step could not; None where the flow does not say what then."""
    to = flow.steps[state.step].failed.get(reason)
    if to is None:
        return None
    # What was said on this way may be said again: the next number may be wrong, too.
    at = flow.at(to)
    return replace(state, step=at, agreed=False, said=tuple(n for n in state.said if n < at))


def editable(flow: Flow, state: FlowState) -> list[str]:
    """The slots that the customer may still change: all that are filled by a question that was not yet acted on."""
    asked = {step.ask for step in flow.steps[state.floor :] if step.ask}
    return [name for name in flow.slots if name in state.values and name in asked]


def _back(state: FlowState) -> FlowState:
    return replace(state, step=state.floor, confirming=False, agreed=False)


def _cleared(state: FlowState, names: list[str]) -> FlowState:
    return replace(state, values={name: value for name, value in state.values.items() if name not in names})


def _settled(state: FlowState) -> FlowState:
    return replace(state, confirming=False, asked="")


def _next(flow: Flow, state: FlowState, step: Step) -> int:
    for branch in step.branch:
        if branch.fits(state.values):
            return flow.at(branch.to)
    return flow.at(step.to) if step.to else state.step + 1
