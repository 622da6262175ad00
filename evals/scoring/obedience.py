"""Whether turns decided what a policy wants of them, by the rules that it wants. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.types import Reply
from evals.cases import Wanted
from evals.metrics.conversation import policy_obedience


@dataclass(frozen=True, slots=True, kw_only=True)
class Obedience:
    """share: of what was wanted, 0…1, None where nothing was; breaches: what was not kept, a line each."""

    share: float | None
    breaches: tuple[str, ...]


def obedience(wanted: Sequence[Wanted | None], replies: Sequence[Reply]) -> Obedience:
    """Of the turns of a conversation, or of one; each wanted decision and each wanted rule counts."""
    told: list[str] = []
    allowed: list[Sequence[str]] = []
    breaches: list[str] = []
    for n, (want, reply) in enumerate(zip(wanted, replies, strict=True), start=1):
        if want is None:
            continue
        for what, said, of in (
            ("decision", reply.decision.value, [one.value for one in want.decisions]),
            ("rule", reply.rule, want.rules),
        ):
            told.append(said)
            allowed.append(of)
            if of and said not in of:
                breaches.append(f"turn {n}: {what} {said or '–'}, the policy wants {' | '.join(of)}")
    return Obedience(share=policy_obedience(told, allowed), breaches=tuple(breaches))
