"""Calls the tool of a step of a flow; one that changes something, once."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from agent.flows.definition import Flow
from agent.flows.state import FlowState
from agent.flows.turn import Turn
from agent.ports import Actions
from agent.tools.operation import CallContext, Operation
from agent.types import JsonValue


class ToolCalls:
    """The operations that steps call; folder: the home, for them."""

    def __init__(self, operations: Mapping[str, Operation], actions: Actions, folder: Path) -> None:
        self._operations = operations
        self._actions = actions
        self._folder = folder

    async def call(self, flow: Flow, state: FlowState, turn: Turn) -> tuple[Mapping[str, JsonValue], bool]:
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
