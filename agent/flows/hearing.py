"""What a customer's message means to the flow that is under way."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from agent.flows.definition import Flow, Slot
from agent.flows.machine import editable
from agent.flows.spans import Span, is_free, places_of
from agent.flows.state import FlowState
from agent.flows.values import says_no, says_yes, values_in
from agent.types import JsonValue
from agent.understand.asking import asks

_LEAVE = (
    r"(?:cancel|stop|never ?mind|forget (?:about )?(?:it|this)|quit|abort|leave it|drop it|i(?:'ve)? changed my mind"
    r"|i don'?t want (?:to|it|this)(?: any ?more)?)"
)
_LEAVE_ZH = (
    r"(?:算了|取消(?:吧|这个|申请|预约|办理|了)*|停止|停|放弃|别办了|我改主意了"
    r"|我?(?:不想|不)(?:办|要|用|弄|退|退款|退货|换|约|预约|申请|贷|算)(?:理|它)?了)"
)
_CANCEL = re.compile(
    r"^\W*(?:(?:please|ok(?:ay)?|no|oh|actually|then|just|let'?s|i want to|can you|could you|sorry)\W+)*"
    rf"{_LEAVE}(?:\W+(?:{_LEAVE}|it|this|that|here|all|everything|please|the (?:request|booking|form|process|whole thing)|now"
    r"|thanks|thank you|any ?more))*\W*$"
    rf"|^\W*(?:那|还是|请|我想|我要|不了|抱歉)?[，,\s]*{_LEAVE_ZH}(?:{_LEAVE_ZH}|[，,。！!\s吧了]|谢谢)*$",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"\b(?:no|not|wrong|actually|instead|change|correct(?:ion)?|sorry|meant?|rather|other|different|mistake|make (?:it|that))\b"
    r"|不对|不是|错了|改|换|应该是|另一|另外|其实|弄错|搞错|写错",
    re.IGNORECASE,
)
_OTHER = re.compile(r"\bother\b|另一|另外", re.IGNORECASE)


_OPEN_QUESTION = re.compile(
    r"(?:^|\W)(?:what(?! about)|how(?! about)|when|where|which|why|who)\b[^.!?\n]*\?"
    r"|^\W*(?:what(?! about)|how(?! about)|when|where|why|who)\b[^.!?\n]*"
    r"|[^。！？!?，,\n]*(?:什么|怎么|如何|多少|多久|多大|几点|几天|哪[里儿些]|为什么|为何)[^。！？!?\n]*[？?]?",
    re.IGNORECASE,
)


def without_question(text: str) -> tuple[str, bool]:
    """The text without an open question in it, and whether there was one. "How about Friday?" is an answer."""
    rest = _OPEN_QUESTION.sub(" ", text)
    return rest, rest != text


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """kind: `values` fills slots; `reopen` asks for `slot` again; `wrong`: a value out of bounds; `nothing`: not for the flow."""

    kind: Literal["cancel", "yes", "no", "values", "reopen", "wrong", "nothing"]
    values: Mapping[str, JsonValue] = field(default_factory=dict)
    slot: str = ""


def heard(flow: Flow, state: FlowState, text: str, today: date) -> Heard:
    """What the message does to the flow; pure."""
    if _CANCEL.match(text) and not _chosen(flow, state, text, today):
        return Heard(kind="cancel")
    if state.confirming and (says_yes(text) or says_no(text)):
        return Heard(kind="yes" if says_yes(text) else "no")
    cue = bool(_CUE.search(text)) or state.confirming
    values, wrong = _values(flow, state, text, today, cue=cue)
    if values:
        return Heard(kind="values", values=values)
    if cue and (slot := _named(flow, state, text)):
        return _renamed(state, slot, text)
    return Heard(kind="wrong", slot=wrong) if wrong else _free_text(flow, state, text)


def _chosen(flow: Flow, state: FlowState, text: str, today: date) -> bool:
    """Whether the text names one of the choices that were offered, such as the reason "I changed my mind"."""
    asked = flow.slots.get(state.asked)
    return asked is not None and asked.type == "choice" and bool(values_in(asked, text, today, asked=True))


def _renamed(state: FlowState, slot: str, text: str) -> Heard:
    """A slot that is wrong, with no value for it: "the other one" of two that were named, else it is asked for again."""
    others = [one for one in state.seen.get(slot, ()) if one != state.values.get(slot)]
    if _OTHER.search(text) and len(others) == 1:
        return Heard(kind="values", values={slot: others[0]})
    return Heard(kind="reopen", slot=slot)


def _free_text(flow: Flow, state: FlowState, text: str) -> Heard:
    """Anything that is no question, where words were asked for."""
    asked = flow.slots.get(state.asked)
    if asked is None or asked.type != "text" or asks(text):
        return Heard(kind="nothing")
    said = text.strip()
    if (asked.min or 1) <= len(said) <= (asked.max or 500):
        return Heard(kind="values", values={state.asked: said})
    return Heard(kind="wrong", slot=state.asked)


def at_start(flow: Flow, state: FlowState, text: str, today: date) -> dict[str, JsonValue]:
    """What the message that begins a flow gives already."""
    return _values(flow, state, text, today, cue=False)[0]


def _values(flow: Flow, state: FlowState, text: str, today: date, *, cue: bool) -> tuple[dict[str, JsonValue], str]:
    """Slots that the text fills or changes, and one whose value is out of bounds, else "".

    What stands twice, as in "not the 4th but the 5th", counts with its last; a span belongs to one slot, first to the one
    that was asked for.
    """
    may_change = editable(flow, state)
    names = sorted(flow.slots, key=lambda name: name != state.asked)
    taken: list[Span] = []
    values: dict[str, JsonValue] = {}
    wrong = ""
    for name in names:
        slot, known = flow.slots[name], name in state.values
        if known and (name not in may_change or not (cue or _explicit(slot))):
            continue
        found = [one for one in values_in(slot, text, today, asked=name == state.asked) if is_free(one.span, taken)]
        if known:
            found = [one for one in found if one.value != state.values[name]] or found
        if not found:
            continue
        taken += [one.span for one in found]
        if not found[-1].valid:
            wrong = wrong or name
        elif state.values.get(name) != found[-1].value:
            values[name] = found[-1].value
    return values, wrong


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
