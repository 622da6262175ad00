"""The stages of a turn, each doing exactly what it is told."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace

from agent.ports import GenerationRequest, Retract, ToolResult
from agent.types import Decision, DecisionKind, Draft, Language, Retrieval, Understanding, Utterance


class PlainUnderstander:
    """Understands every message as itself, in English."""

    async def understand(
        self, text: str, history: Sequence[Utterance], conversation_id: str = "", page: Language | None = None
    ) -> Understanding:
        return Understanding(text=text, question=text, language="en")


@dataclass
class FixedPolicy:
    """Always decides the same."""

    decision: Decision = field(default_factory=lambda: Decision(kind=DecisionKind.ANSWER, rule="fixed"))

    def decide(self, understanding: Understanding, history: Sequence[Utterance]) -> Decision:
        return self.decision


class EmptyRetriever:
    """Finds nothing, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def retrieve(self, understanding: Understanding) -> Retrieval:
        self.asked += 1
        return Retrieval()


class ScriptedGenerator:
    """Yields the steps it was given."""

    def __init__(self, *steps: str | Retract | Draft) -> None:
        self._steps = steps

    async def generate(self, request: GenerationRequest) -> AsyncIterator[str | Retract | Draft]:
        for step in self._steps:
            yield step


class ReplacingGuard:
    """Lets a draft through, or replaces its text by a refusal."""

    def __init__(self, refusal: str = "") -> None:
        self._refusal = refusal

    def check(self, draft: Draft, request: GenerationRequest) -> Draft:
        if not self._refusal:
            return draft
        return replace(draft, text=self._refusal, decision=DecisionKind.DECLINE, citations=())


@dataclass
class FixedTool:
    """Returns the result it was given."""

    name: str
    result: ToolResult

    async def run(
        self, understanding: Understanding, history: Sequence[Utterance], customer_id: str | None
    ) -> ToolResult:
        return self.result
