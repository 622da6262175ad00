"""Evaluation cases: a JSON object a line, as CONTRACT.md describes them."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from agent.errors import CallerError
from agent.types import DecisionKind
from evals.lines import read_lines


class CaseUtterance(BaseModel):
    """One message of the history that is replayed as given."""

    role: Literal["user", "assistant", "agent"]
    content: str


class Wanted(BaseModel):
    """What a policy wants of a turn: one of these decisions, by one of these rules; empty where either may be any."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decisions: list[DecisionKind] = Field(default_factory=list)
    rules: list[str] = Field(default_factory=list)


class Outcome(BaseModel):
    """What the store must hold after a conversation: a tool that was done so often, no more and no less."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tool: str
    times: int = 1


class DialogueTurn(BaseModel):
    """What the customer says, and what the answer to it must hold (groups of alternatives, as in `evals.cases`).

    policy: what the policy wants of it; `decision` alone says so, too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    say: str
    decision: DecisionKind | None = None
    policy: Wanted | None = None
    must_include: list[list[str]] = Field(default_factory=list)
    must_exclude: list[str] = Field(default_factory=list)

    @property
    def wanted(self) -> Wanted | None:
        """What is wanted of it; None where nothing is said."""
        return self.policy or (Wanted(decisions=[self.decision]) if self.decision else None)


class Dialogue(BaseModel):
    """One conversation. open: whether a flow is under way after it; outcome: what must have been done, and how often."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    lang: str
    kind: str
    turns: list[DialogueTurn] = Field(min_length=1)
    open: bool = False
    outcome: list[Outcome] = Field(default_factory=list)
    attack_marks: list[str] = Field(default_factory=list)


class Case(BaseModel):
    """One question with what a right answer holds.

    must_include: groups of alternatives; one of each group must stand in the answer.
    gold_docs:    source ids of documents that answer; gold_facts: [head, relation, tail] that do.
    reference:    a right answer in full, "" where there is none; it decides nothing, answers are only compared with it.
    intent:       of the question, as the home's bundle names it; `oos` where none is for it.
    sentiment, polarity: how the customer feels, as a word and as −1…1.
    policy:       what the policy wants of the turn: decisions, and the rules that may make them.
    attack_marks: what only an agent that obeyed the question, or a document, would say; empty where nobody attacks.
    dialogue:     a whole conversation that is really held, in place of a history that is replayed; `question` is its last message.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    lang: str = "en"
    kind: str = "fact"
    history: list[CaseUtterance] = Field(default_factory=list)
    question: str
    answerable: bool = True
    gold_docs: list[str] = Field(default_factory=list)
    gold_facts: list[list[str]] = Field(default_factory=list)
    must_include: list[list[str]] = Field(default_factory=list)
    must_exclude: list[str] = Field(default_factory=list)
    reference: str = ""
    intent: str = ""
    sentiment: Literal["positive", "neutral", "negative"] | None = None
    polarity: float | None = Field(default=None, ge=-1, le=1)
    policy: Wanted | None = None
    attack_marks: list[str] = Field(default_factory=list)
    dialogue: Dialogue | None = None


def load_cases(path: Path) -> list[Case]:
    """All cases of a file. Raises CallerError that names the file and line of the first broken one."""
    cases = list(read_lines(path, Case))
    if not cases:
        raise CallerError(f"{path}: no cases; a case is a JSON object on a line of its own")
    return cases
