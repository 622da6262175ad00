"""What a customer's message means to the flow that is under way."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from agent.flows.again import changes_only
from agent.flows.agreeing import says_no, says_yes
from agent.flows.definition import Flow, Slot
from agent.flows.leaving import leaves
from agent.flows.machine import editable
from agent.flows.spans import Span, is_free, places_of
from agent.flows.state import FlowState
from agent.flows.values import Found, nearly, values_in
from agent.types import JsonValue
from agent.understand.asking import asks
from agent.understand.lacking import says_lacking

_CUE = re.compile(
    r"\b(?:no|not|wrong|actually|instead|change|correct(?:ion)?|sorry|meant?|rather|other|different|mistake|make (?:it|that)|changed my mind about)\b"
    r"|不对|不是|错了|改|换|应该是|另一|另外|其实|弄错|搞错|写错",
    re.IGNORECASE,
)
_OTHER = re.compile(r"\bother\b|另一|另外", re.IGNORECASE)


_GIVEN = frozenset({"pattern", "email", "phone", "text"})
"""Types of what a customer must have to give it; a day or a choice is made."""
_OPENS = r"^\W*(?:(?:hm+|um+|uh+|er+|oh|ah|wait|actually|well|so|and|but|ok(?:ay)?|then|sorry|quick question|one (?:more )?question|first)\b\W*)*"
_OPEN_QUESTION = re.compile(
    r"(?:^|\W)(?:what(?! about| if)|how(?! about)|when|where|which|why|who)\b[^.!?\n]*\?"
    rf"|{_OPENS}(?:what(?! about| if)|how(?! about)|when|where|why|who)\b[^.!?\n]*"
    r"|[^。！？!?，,\n]*(?:什么|怎么|如何|多少|多久|多大|几点|几天|哪[里儿些]|为什么|为何)[^。！？!?\n]*[？?]?",
    re.IGNORECASE,
)


def without_question(text: str) -> tuple[str, bool]:
    """The text without an open question in it, and whether there was one. "How about Friday?" is an answer."""
    rest = _OPEN_QUESTION.sub(" ", text)
    return rest, rest != text


def changes(text: str) -> bool:
    """Whether a word of it corrects: "no", "instead", "make it"."""
    return bool(_CUE.search(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a message does to a flow.

    kind: `values` fills slots; `reopen` asks for `slot` again; `wrong`: a value of `slot` that is none, or out of bounds;
    `lacking`: the customer does not have what was asked for; `unclear`: they agree to a question that was not asked, or say
    what may leave the flow and may change a slot; `nothing`: not for the flow.
    wrong: the slot of a value that is out of bounds, beside others that are right.
    """

    kind: Literal["cancel", "yes", "no", "values", "reopen", "wrong", "lacking", "unclear", "nothing"]
    values: Mapping[str, JsonValue] = field(default_factory=dict)
    slot: str = ""
    wrong: str = ""


def heard(flow: Flow, state: FlowState, text: str, today: date) -> Heard:
    """What the message does to the flow; pure."""
    if settled := _settles(flow, state, text, today):
        return settled
    cue = bool(_CUE.search(text)) or state.confirming
    values, wrong = _values(flow, state, text, today, cue=cue)
    if values:
        return Heard(kind="values", values=values, wrong=wrong)
    if cue and (slot := _named(flow, state, text)):
        return _renamed(state, slot, text)
    return Heard(kind="wrong", slot=wrong) if wrong else _of_what_was_asked(flow, state, text)


def _settles(flow: Flow, state: FlowState, text: str, today: date) -> Heard | None:
    """What leaves the flow, or agrees or disagrees with what was read out; None for all else."""
    if leaves(flow, text, confirming=state.confirming) and not _chosen(flow, state, text, today):
        doubtful = state.confirming and not state.doubted and _may_choose(flow, state, text, today)
        return Heard(kind="unclear" if doubtful else "cancel")
    if state.confirming and says_no(text):
        return Heard(kind="no")
    if state.confirming and says_yes(text):
        return Heard(kind="unclear" if state.doubted else "yes")
    return None


def _may_choose(flow: Flow, state: FlowState, text: str, today: date) -> bool:
    """Whether words that leave may as well correct a choice: "I changed my mind" is a reason for a refund, too."""
    for name in editable(flow, state):
        slot = flow.slots[name]
        found = values_in(slot, text, today, asked=False) if slot.type == "choice" else []
        if any(one.value != state.values[name] for one in found):
            return not _leaves_without(flow, state, text, found)
    return False


def _leaves_without(flow: Flow, state: FlowState, text: str, found: Sequence[Found]) -> bool:
    """Whether what is said beside these values leaves: "I changed my mind, cancel it"."""
    for one in reversed(found):
        text = text[: one.span[0]] + text[one.span[1] :]
    return leaves(flow, text, confirming=state.confirming)


def _chosen(flow: Flow, state: FlowState, text: str, today: date) -> bool:
    """Whether the text names one of the choices that were offered, such as the reason "I changed my mind"."""
    asked = flow.slots.get(state.asked)
    if asked is None or asked.type != "choice":
        return False
    found = values_in(asked, text, today, asked=True)
    return bool(found) and not _leaves_without(flow, state, text, found)


def _renamed(state: FlowState, slot: str, text: str) -> Heard:
    """A slot that is wrong, with no value for it: "the other one" of two that were named, else it is asked for again."""
    others = [one for one in state.seen.get(slot, ()) if one != state.values.get(slot)]
    if _OTHER.search(text) and len(others) == 1:
        return Heard(kind="values", values={slot: others[0]})
    return Heard(kind="reopen", slot=slot)


def _of_what_was_asked(flow: Flow, state: FlowState, text: str) -> Heard:
    """What holds no value: the customer has none, or tried to give one; where words were asked for, anything that asks nothing."""
    asked = flow.slots.get(state.asked)
    if asked is None:
        return Heard(kind="nothing")
    if (asked.lacking or asked.type in _GIVEN) and says_lacking(text):
        return Heard(kind="lacking", slot=state.asked)
    if asks(text):
        return Heard(kind="nothing")
    if asked.type != "text":
        return Heard(kind="wrong", slot=state.asked) if nearly(asked, text) else Heard(kind="nothing")
    said = text.strip()
    if (asked.min or 1) <= len(said) <= (asked.max or 500):
        return Heard(kind="values", values={state.asked: said})
    return Heard(kind="wrong", slot=state.asked)


def at_start(flow: Flow, state: FlowState, text: str, today: date) -> tuple[dict[str, JsonValue], str]:
    """What the message that begins a flow gives already, and the slot of a value that is out of bounds, else ""."""
    return _values(flow, state, text, today, cue=False)


def over_again(flow: Flow, state: FlowState, text: str, today: date) -> dict[str, JsonValue]:
    """What is to be another value, where a message after the end of a flow says that and nothing more."""
    values, _ = _values(flow, state, text, today, cue=True)
    return values if values and changes_only(flow, text) else {}


def _values(flow: Flow, state: FlowState, text: str, today: date, *, cue: bool) -> tuple[dict[str, JsonValue], str]:
    """Slots that the text fills or changes, and one whose value is out of bounds, else "".

    What was given before, and is said once more, counts where nothing else is said. What stands twice, as in "not the 4th but the 5th", counts with its last; a span belongs to one slot, first to the one
    that was asked for.
    """
    may_change = editable(flow, state)
    names = sorted(flow.slots, key=lambda name: (name != state.asked, flow.slots[name].type == "amount"))
    loose = cue or not state.asked  # where nothing else was asked for, a bare sum may be meant
    taken: list[Span] = []
    values: dict[str, JsonValue] = {}
    same: dict[str, JsonValue] = {}
    wrong = ""
    for name in names:
        slot, known = flow.slots[name], name in state.values
        if known and (name not in may_change or not (cue or _explicit(slot))):
            continue
        found = [
            one
            for one in values_in(slot, text, today, asked=name == state.asked, loose=loose)
            if is_free(one.span, taken)
        ]
        if known:
            found = [one for one in found if one.value != state.values[name]] or found
        if not found:
            continue
        taken += [one.span for one in found]
        if not found[-1].valid:
            wrong = name if name == state.asked else wrong or name
        elif state.values.get(name) != found[-1].value:
            values[name] = found[-1].value
        elif not cue or _explicit(slot):
            same[name] = found[-1].value
    return values or ({} if _CUE.search(text) else same), wrong


def _explicit(slot: Slot) -> bool:
    """Whether its values cannot be said by the way."""
    return slot.type in {"pattern", "email", "phone", "date"}


def _named(flow: Flow, state: FlowState, text: str) -> str:
    """The filled slot that the text names, longest name first; "" where it names none."""
    names = [
        (word, name)
        for name in editable(flow, state)
        for word in (flow.slots[name].label.en, flow.slots[name].label.zh, *flow.slots[name].words)
    ]
    named = [(len(word), name) for word, name in names if any(places_of(word, text))]
    return max(named)[1] if named else ""
