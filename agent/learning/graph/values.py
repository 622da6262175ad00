"""Proposes attributes of known entities from what the staff says in conversations."""

import math
from collections.abc import Iterator, Sequence

from agent.learning.graph.known import Known
from agent.learning.graph.proposals import Kind, Proof, Proposal, State, propose
from agent.learning.graph.speaking import Message, around
from agent.learning.graph.wordings import Reading, Wordings, by_fact

LEAST = 0.5
"""Probability below which nothing is proposed."""

MOST = 0.99


def propose_values(known: Known, talks: Sequence[Sequence[Message]]) -> Iterator[Proposal]:
    """Values that the graph lacks; where it holds another of a relation that has one, they are marked as conflicts."""
    wordings = Wordings.learn(known, talks)
    for (head, relation), values in by_fact(wordings.read_all(talks)).items():
        held = known.values.get((head, relation), {})
        single = relation in known.single
        beliefs = {value: _together(wordings, readings) for value, readings in values.items()}
        total = sum(beliefs.values())
        for value, readings in values.items():
            # Of a relation that has one value, what speaks for another speaks against this one.
            score = beliefs[value] * (beliefs[value] / total if single else 1)
            if not value or score < LEAST or known.holds(head, relation, value):
                continue
            yield propose(
                Kind.VALUE,
                head,
                relation,
                _written(readings),
                score,
                [Proof(source=r.message.source, quote=around(r.message.text, *r.span)) for r in readings],
                state=State.CONFLICT if held and single else State.OPEN,
                others=tuple(held.values()) if held and single else (),
            )


def _together(wordings: Wordings, readings: Sequence[Reading]) -> float:
    """The belief in a value by all that say so; the same conversation counts once."""
    best: dict[str, float] = {}
    for reading in readings:
        belief = wordings.belief(reading.wording, reading.how)
        best[reading.message.conversation] = max(belief, best.get(reading.message.conversation, 0.0))
    return min(MOST, 1 - math.prod(1 - belief for belief in best.values()))


def _written(readings: Sequence[Reading]) -> str:
    """The form in which the value is written most often."""
    forms = [reading.value.strip() for reading in readings]
    return max(forms, key=forms.count)
