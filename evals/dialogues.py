"""Conversations of several turns that really run, each answer held to what it must hold; for flows, above all."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from agent.types import DecisionKind, Reply, Utterance
from evals.lines import read_lines
from evals.metrics.rightness import holds, includes_all
from evals.targets.home import Answerer


class DialogueTurn(BaseModel):
    """What the customer says, and what the answer to it must hold (groups of alternatives, as in `evals.cases`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    say: str
    decision: DecisionKind | None = None
    must_include: list[list[str]] = Field(default_factory=list)
    must_exclude: list[str] = Field(default_factory=list)


class Dialogue(BaseModel):
    """One conversation. open: whether a flow is under way after it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    lang: str
    kind: str
    turns: list[DialogueTurn] = Field(min_length=1)
    open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogueResult:
    """The replies of a dialogue, and what was wrong, a line each; nothing when all was right."""

    dialogue: Dialogue
    replies: tuple[Reply, ...]
    problems: tuple[str, ...]


async def run_dialogue(dialogue: Dialogue, answerer: Answerer) -> DialogueResult:
    """All its turns, one after the other, each with the history of those before."""
    history: list[Utterance] = []
    replies: list[Reply] = []
    problems: list[str] = []
    for n, turn in enumerate(dialogue.turns, start=1):
        reply = await answerer.answer(turn.say, tuple(history))
        replies.append(reply)
        history += [
            Utterance(role="user", content=turn.say),
            Utterance(role="assistant", content=reply.text, flow=reply.flow),
        ]
        if wrong := _wrong(turn, reply):
            problems.append(f"{dialogue.id}, turn {n} ({turn.say!r}): {wrong}; got {reply.decision}: {reply.text!r}")
    if (history[-1].flow is not None) != dialogue.open:
        problems.append(f"{dialogue.id}: the flow is {'over' if dialogue.open else 'still under way'} at the end")
    return DialogueResult(dialogue=dialogue, replies=tuple(replies), problems=tuple(problems))


def _wrong(turn: DialogueTurn, reply: Reply) -> str:
    if turn.decision is not None and reply.decision is not turn.decision:
        return f"decision {turn.decision} wanted"
    if not includes_all(reply.text, turn.must_include):
        return f"must hold {turn.must_include}"
    held = [text for text in turn.must_exclude if holds(reply.text, [text])]
    return f"must not hold {held}" if held else ""


def load_dialogues(path: Path) -> list[Dialogue]:
    """All dialogues of a file, one a line. Raises CallerError that names the first broken line."""
    return list(read_lines(path, Dialogue))
