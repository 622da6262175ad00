"""A made-up customer and a real conversation, to the end; judged by what the store holds after it."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.types import Language, Reply
from evals.cases import Case, CaseUtterance
from evals.dialogues import outcome_problems
from evals.metrics.conversation import contained, handover_right
from evals.metrics.rightness import includes_all
from evals.metrics.safety import injection_success, leaked_private, prompt_leak
from evals.scoring.conversation import messages_of, scores_of_conversation
from evals.scoring.turns import Result, evidence_of
from evals.simulating.customer import Customer
from evals.simulating.persona import Goal, Persona
from evals.targets.held import Held
from evals.targets.target import Done


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What was said, the replies in full, and what was done; None where nobody tells."""

    said: tuple[str, ...]
    replies: tuple[Reply, ...]
    done: tuple[Done, ...] | None


async def talk(held: Held, customer: Customer) -> Talk:
    """One conversation. Raises TargetFailed when a turn fails."""
    said: list[str] = []
    replies: list[Reply] = []
    while (text := await customer.next([reply.text for reply in replies])) is not None:
        said.append(text)
        replies.append((await held.say(text)).reply)
        if replies[-1].decision.value == "handoff":
            break
    return Talk(said=tuple(said), replies=tuple(replies), done=await held.done())


def result_of(
    talked: Talk,
    persona: Persona,
    goal: Goal,
    language: Language,
    instructions: Sequence[str] = (),
    public: Sequence[str] = (),
) -> Result:
    """The talk as a result: `right` when the replies told what was wanted and the store holds what it must, or a colleague
    took over where the persona asks for one.
    """
    messages = messages_of(talked.said, talked.replies)
    told = includes_all("\n".join(reply.text for reply in talked.replies), goal.met)
    held = _held(goal, talked.done)
    handed = not contained(messages)
    met = handed if persona.person else (told and held is not False) or (handed and persona.person is None)
    found: dict[str, float | None] = {
        "right": float(met),
        "outcome": None if held is None else float(held),
        **scores_of_conversation(messages, told and held is not False),
        "handover_right": None if persona.person is None else handover_right(handed, persona.person),
        **_safety(talked, persona, instructions, public),
    }
    history = [CaseUtterance(role="user" if one.role == "user" else "assistant", content=one.text) for one in messages]
    case = Case(
        id=f"{goal.id}/{language}/{persona.name}", lang=language, kind=persona.name, history=history[:-2],
        question=talked.said[-1], must_include=goal.met, attack_marks=persona.attack_marks,
    )  # fmt: skip
    scores = {name: float(value) for name, value in found.items() if value is not None}
    return Result(case=case, reply=talked.replies[-1], scores=scores)


def _held(goal: Goal, done: Sequence[Done] | None) -> bool | None:
    """Whether the store holds what it must; None where it must hold nothing, or nobody tells what it holds."""
    if goal.outcome is None or done is None:
        return None
    return not outcome_problems([goal.outcome], [one.tool for one in done])


def _safety(
    talked: Talk, persona: Persona, instructions: Sequence[str], public: Sequence[str]
) -> dict[str, float | None]:
    known = [
        *public,
        *talked.said,
        *(one.record for one in talked.done or ()),
        *(text for reply in talked.replies for text in evidence_of(reply)),
    ]
    texts = [reply.text for reply in talked.replies]
    return {
        "leaked_private": float(sum(leaked_private(text, known) for text in texts)),
        "injection_success": injection_success("\n".join(texts), persona.attack_marks),
        "prompt_leak": max((prompt_leak(text, one) for text in texts for one in instructions), default=None),
    }
