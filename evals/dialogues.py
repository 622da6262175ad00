"""Conversations of several turns that really run, each answer held to what it must hold; for flows, above all. Pure."""

from collections.abc import Sequence
from pathlib import Path

from agent.flows.aside import is_over
from agent.types import Reply
from evals.cases import Case, Dialogue, DialogueTurn, Outcome
from evals.lines import read_lines
from evals.metrics.rightness import holds, includes_all


def problems_of(
    dialogue: Dialogue, replies: Sequence[Reply], tools: Sequence[str] | None, *, bare: bool = False
) -> tuple[str, ...]:
    """What was wrong with the replies to its turns, a line each; nothing when all was right.

    tools: what was done in it, None where the target does not tell, which then holds it to no outcome.
    bare: only the texts are known, so they alone are held to anything.
    """
    found = []
    for n, (turn, reply) in enumerate(zip(dialogue.turns, replies, strict=True), start=1):
        if wrong := _wrong(turn, reply, bare=bare):
            found.append(f"{dialogue.id}, turn {n} ({turn.say!r}): {wrong}; got {reply.decision}: {reply.text!r}")
    last = replies[-1].flow
    if not bare and (last is not None and not is_over(last)) != dialogue.open:
        found.append(f"{dialogue.id}: the flow is {'over' if dialogue.open else 'still under way'} at the end")
    if tools is not None:
        found += [f"{dialogue.id}: {wrong}" for wrong in outcome_problems(dialogue.outcome, tools)]
    return tuple(found)


def outcome_problems(wanted: Sequence[Outcome], tools: Sequence[str]) -> list[str]:
    """Which tools were done oftener or more seldom than they must be."""
    return [
        f"{one.tool} was done {tools.count(one.tool)} times, {one.times} wanted"
        for one in wanted
        if tools.count(one.tool) != one.times
    ]


def transcript_of(dialogue: Dialogue, replies: Sequence[Reply]) -> str:
    """All that was said, a line a message."""
    pairs = zip(dialogue.turns, replies, strict=True)
    return "\n".join(f"user: {turn.say}\nassistant: {reply.text}" for turn, reply in pairs)


def _wrong(turn: DialogueTurn, reply: Reply, *, bare: bool) -> str:
    if not bare and turn.decision is not None and reply.decision is not turn.decision:
        return f"decision {turn.decision} wanted"
    if not includes_all(reply.text, turn.must_include):
        return f"must hold {turn.must_include}"
    held = [text for text in turn.must_exclude if holds(reply.text, [text])]
    return f"must not hold {held}" if held else ""


def dialogue_cases(path: Path) -> list[Case]:
    """The dialogues of a file as cases, each asked with its last message; `right` says whether all of it went well.

    Raises CallerError that names the first broken line.
    """
    return [
        Case(
            id=one.id, lang=one.lang, kind=one.kind, question=one.turns[-1].say, attack_marks=one.attack_marks, dialogue=one
        )
        for one in read_lines(path, Dialogue)
    ]  # fmt: skip
