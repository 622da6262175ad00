"""Answers each message by the agent that knows what its audience may know, and no more."""

from collections.abc import AsyncIterator, Mapping, Sequence

from agent.ports import TurnRunner, TurnStep
from agent.types import Audience, InboundMessage, Utterance


class ByAudience:
    """Implements `agent.ports.TurnRunner` over one agent for each audience."""

    def __init__(self, agents: Mapping[Audience, TurnRunner]) -> None:
        self._agents = agents

    def run(self, message: InboundMessage, history: Sequence[Utterance]) -> AsyncIterator[TurnStep]:
        """The steps of the turn, as the Protocol says."""
        return self._agents[message.audience].run(message, history)
