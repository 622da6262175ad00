"""Finds the flow that a conversation left open, as its file is now."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from agent.flows.approval import ACTING, approval_flow, approved_operation
from agent.flows.definition import Flow
from agent.flows.state import FlowState, state_of
from agent.tools.operation import Operation
from agent.types import Utterance


class OpenFlows:
    """The flows that a state may be of: those of the home, and what a model wants to do.

    acts: whether a model chooses among the operations.
    """

    def __init__(self, flows: Mapping[str, Flow], operations: Mapping[str, Operation], *, acts: bool) -> None:
        self._flows = flows
        self._operations = operations
        self._acts = acts

    def under_way(self, history: Sequence[Utterance], now: datetime) -> FlowState | None:
        """The flow that the last reply left open: not one that has expired, or whose file has changed since."""
        state = _left_open(history)
        flow = self.current(state) if state else None
        return state if state and flow and _goes_on(state, flow, now) else None

    def changed(self, history: Sequence[Utterance], now: datetime) -> Flow | None:
        """The flow that the last reply left open and whose file has changed since, as it is now."""
        state = _left_open(history)
        flow = self._flows.get(state.flow) if state and not state.over and not self.current(state) else None
        return flow if state and flow and _goes_on(state, flow, now) else None

    def current(self, state: FlowState) -> Flow | None:
        """The flow that stands so; None where there is none any more, or its file has changed since."""
        flow = self._known(state)
        return flow if flow and flow.version == state.version and state.step <= len(flow.steps) else None

    def of(self, state: FlowState) -> Flow:
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
