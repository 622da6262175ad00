"""Conversations of several turns that really run, each answer held to what it must hold; for flows, above all."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from agent.types import Reply, Utterance
from evals.cases import Case, Dialogue, DialogueTurn
from evals.lines import read_lines
from evals.metrics.rightness import holds, includes_all


class Answerer(Protocol):
    """The part of an agent that is asked."""

    async def answer(
        self, question: str, history: Sequence[Utterance] = (), customer_id: str | None = None
    ) -> Reply: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogueResult:
    """The replies of a dialogue, and what was wrong, a line each; nothing when all was right."""

    dialogue: Dialogue
    replies: tuple[Reply, ...]
    problems: tuple[str, ...]

    @property
    def transcript(self) -> str:
        """All that was said, a line a message."""
        pairs = zip(self.dialogue.turns, self.replies, strict=True)
        return "\n".join(f"user: {turn.say}\nassistant: {reply.text}" for turn, reply in pairs)


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


def dialogue_cases(path: Path) -> list[Case]:
    """The dialogues of a file as cases, each asked with its last message; `right` says whether all of it went well."""
    return [
        Case(id=one.id, lang=one.lang, kind=one.kind, question=one.turns[-1].say, dialogue=one)
        for one in load_dialogues(path)
    ]
