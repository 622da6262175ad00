"""What a message is read with, while a flow is under way."""

from collections.abc import Sequence

from agent.types import Utterance


def outside_flows(history: Sequence[Utterance]) -> list[Utterance]:
    """The history without what a flow asked and what it was told.

    An order number or a date that answered a flow's question is no subject of the next question.
    """
    left: list[Utterance] = []
    asked = False  # whether the last reply was a question of a flow
    for said in history:
        if said.role == "assistant":
            asked = bool(said.flow)
        elif asked and said.role == "user":
            continue
        if not (said.role == "assistant" and asked):
            left.append(said)
    return left
