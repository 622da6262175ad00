"""What a message is read with, while a flow is under way."""

import re
from collections.abc import Mapping, Sequence

from agent.types import JsonValue, Utterance
from agent.understand.content_words import DULL


def outside_flows(history: Sequence[Utterance]) -> list[Utterance]:
    """The history without what a flow asked and what it was told.

    An order number or a date that answered a flow's question is no subject of the next question; what the flow under way is
    about, such as the service that an appointment is for, is said in its place.
    """
    left: list[Utterance] = []
    asked = False  # whether the last reply was a question of a flow
    for said in history:
        if said.role == "assistant":
            asked = bool(said.flow) and not is_over(said.flow)
        elif asked and said.role == "user":
            continue
        if not (said.role == "assistant" and asked):
            left.append(said)
    last = next((said.flow for said in reversed(history) if said.role == "assistant"), None)
    topic = str(last.get("topic", "")) if last and not is_over(last) else ""
    return [*left, Utterance(role="user", content=topic)] if topic else left


def is_over(flow: Mapping[str, JsonValue] | None) -> bool:
    """Whether a flow is kept only to be run again, and none is under way."""
    return bool(flow and flow.get("over"))


_ASKING_OF_IT = frozenset(
    "bring take takes cost costs pay prepare wait last require required expect happen happens include included charge charged fee price"
    " hmm um well actually anything something else much long first ready documents papers".split()
)
_WORD = re.compile(r"[a-z][a-z'’]+")


def asked_of(topic: str, question: str) -> str:
    """An English question that names nothing, "what do I need to bring?", with what the flow is about; else ""."""
    said = {word for word in _WORD.findall(question.lower()) if word not in DULL}
    return f"{topic}: {question}" if topic and said and said <= _ASKING_OF_IT else ""
