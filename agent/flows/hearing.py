"""What a customer's message means to the flow that is under way."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, NamedTuple

from agent.flows.again import changes_only, only_holds
from agent.flows.agreeing import says_no, says_yes
from agent.flows.asking_on import asks_on
from agent.flows.definition import Flow, Slot
from agent.flows.leaving import leaves
from agent.flows.machine import editable
from agent.flows.questions import parted, requests
from agent.flows.spans import CLAUSE, Span, is_free, places_of
from agent.flows.state import FlowState
from agent.flows.texts import renamed, unwrapped
from agent.flows.values import Found, names_of, nearly, values_in
from agent.types import JsonValue
from agent.understand.asking import asks
from agent.understand.certain import certain_intent
from agent.understand.lacking import says_lacking

_CUE = re.compile(
    r"\b(?:no|not|wrong|actually|instead|change|correct(?:ion)?|sorry|meant?|rather|other|different|mistake|make (?:it|that)|changed my mind about)\b"
    r"|不对|不是|错了|改|换|应该是|另一|另外|其实|弄错|搞错|写错",
    re.IGNORECASE,
)
_OTHER = re.compile(r"\bother\b|另一|另外", re.IGNORECASE)
_GIVES_UP = re.compile(r"算了|取消|\bcancel|\bstop\b|\bforget\b", re.IGNORECASE)
_POLITE = re.compile(r"\b(?:can|could|may|might|would) (?:i|we|you)\b|能|可以|[行好]吗", re.IGNORECASE)

_GIVEN = frozenset({"pattern", "email", "phone", "text"})
"""Types of what a customer must have to give it; a day or a choice is made."""
_DEMANDS = re.compile(
    r"\b(?:i|we) (?:just |also |really |only )?(?:want|need|demand|wonder|would like)\b|\b(?:i|we)['’]d like\b|\b(?:help|tell|give|send|show|refund) me\b"
    r"|\blet me know\b|\bwhat\b.*\?|帮我|我要|我想|告诉我|给我|帮忙",
    re.IGNORECASE,
)
"""What where words are asked for wants something else; a name may be Will and an address in Am Hafen."""


def changes(text: str) -> bool:
    """Whether a word of it corrects: "no", "instead", "make it"."""
    return bool(_CUE.search(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a message does to a flow.

    kind: `values` fills slots; `reopen` asks for `slot` again; `wrong`: a value of `slot` that is none, or out of bounds;
    `lacking`: the customer does not have what was asked for; `why`, `options`: they ask what it is needed for, or what there is to
    choose from; `unclear`: they agree to a question that was not asked, or say
    what may leave the flow and may change a slot; `nothing`: not for the flow.
    wrong: the slot of a value that is out of bounds, beside others that are right; which: what it may be instead of one.
    """

    kind: Literal["cancel", "yes", "no", "values", "reopen", "wrong", "lacking", "why", "options", "unclear", "nothing"]
    values: Mapping[str, JsonValue] = field(default_factory=dict)
    slot: str = ""
    wrong: str = ""
    which: tuple[JsonValue, ...] = ()


def listened(flow: Flow, state: FlowState, text: str, today: date) -> tuple[Heard, str]:
    """What a message does to the flow, and what it asks beside that, "" for nothing."""
    if state.asked in flow.slots and (on := asks_on(flow.slots[state.asked], text)):
        return Heard(kind=on, slot=state.asked), ""
    told = parted(text)
    if (
        not told.asked
        or leaves(flow, text, confirming=state.confirming)
        or _only_asks_for(flow, state, told.asked, today)
    ):
        return heard(flow, state, text, today), ""
    if state.confirming or not told.rest or (_in_text(flow, state) and certain_intent(told.rest, ())):
        return Heard(
            kind="nothing"
        ), told.asked  # who still asks ("ok, when do I get the money?") has agreed to nothing yet
    meant = heard(flow, state, told.rest, today)
    return (meant, told.asked) if meant.kind in {"values", "wrong", "lacking"} else (Heard(kind="nothing"), text)


def _in_text(flow: Flow, state: FlowState) -> bool:
    return state.asked in flow.slots and flow.slots[state.asked].type == "text"


def _only_asks_for(flow: Flow, state: FlowState, question: str, today: date) -> bool:
    """Whether a question but gives a value politely: "can we have the terrace?", "could you make it five people?"."""
    spans = _spans(flow, state, question, today)
    return bool(spans) and (requests(question, spans) or bool(_CUE.search(question) and _POLITE.search(question)))


def _spans(flow: Flow, state: FlowState, text: str, today: date) -> list[Span]:
    found = ((slot, name == state.asked) for name, slot in flow.slots.items())
    return [one.span for slot, asked in found for one in values_in(slot, text, today, asked=asked)]


def heard(flow: Flow, state: FlowState, text: str, today: date) -> Heard:
    """What the message does to the flow; pure."""
    if settled := _settles(flow, state, text, today):
        return settled
    cue = bool(_CUE.search(text)) or state.confirming
    given = _values(flow, state, text, today, cue=cue)
    named = _named(flow, state, text) if cue else ""
    asked = flow.slots.get(state.asked)
    if asked and asked.type == "text" and not named and not given.values.keys() & state.values.keys():
        return _in_words(flow, state, asked, text, today)
    if given.values:
        return Heard(kind="values", values=given.values, wrong=given.wrong, which=given.which)
    if named:
        return _renamed(state, named, text)
    if given.wrong:
        return Heard(kind="wrong", slot=given.wrong, which=given.which)
    return _of_what_was_asked(flow, state, text)


def _in_words(flow: Flow, state: FlowState, asked: Slot, text: str, today: date) -> Heard:
    """What is said where words were asked for: theirs is all but the clauses that hold nothing but values of other slots.

    "Bo Smith, 555 123 4567" gives a name and a number, and 人民路1号 no date.
    """
    others: dict[str, JsonValue] = {}
    wrong = ""
    left = text
    for match in reversed(list(CLAUSE.finditer(text))):
        plain = {name: slot for name, slot in flow.slots.items() if _explicit(slot) or slot.type == "number"}
        found = [one for slot in plain.values() for one in values_in(slot, match[0], today, asked=False)]
        if found and only_holds(flow, match[0], (one.span for one in found)):
            given = _values(flow, state, match[0], today, cue=False)
            others, wrong = {**given.values, **others}, given.wrong or wrong
            left = f"{left[: match.start()]}{left[match.end() :]}"
    left = left.strip(" ,，;；")
    if not left:
        return (
            Heard(kind="values", values=others, wrong=wrong)
            if others
            else Heard(kind="wrong", slot=wrong or state.asked)
        )
    meant = _of_what_was_asked(flow, state, left)
    return replace(meant, values={**others, **meant.values}, wrong=wrong) if meant.kind == "values" else meant


def _settles(flow: Flow, state: FlowState, text: str, today: date) -> Heard | None:
    """What leaves the flow, or agrees or disagrees with what was read out; None for all else."""
    if leaves(flow, text, confirming=state.confirming) and not _answers(flow, state, text, today):
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


def _answers(flow: Flow, state: FlowState, text: str, today: date) -> bool:
    """Whether the text says no to what was asked, or names a choice that was offered, such as the reason "I changed my mind"."""
    asked = flow.slots.get(state.asked)
    if asked is not None and asked.type == "boolean" and not _GIVES_UP.search(text):
        return bool(values_in(asked, text, today, asked=True))
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
    if (asked.lacking or asked.type in _GIVEN) and _lacks(asked, text):
        return Heard(kind="lacking", slot=state.asked)
    if asked.type != "text":
        near = not asks(text) and nearly(asked, text)
        return Heard(kind="wrong", slot=state.asked) if near else Heard(kind="nothing")
    if _DEMANDS.search(text):
        return Heard(kind="nothing")
    said = unwrapped(asked, text)
    if (asked.min or 1) <= len(said) <= (asked.max or 500):
        return Heard(kind="values", values={state.asked: said})
    return Heard(kind="wrong", slot=state.asked)


def _lacks(asked: Slot, text: str) -> bool:
    """Whether the customer does not have it, by whichever of its names: "no mobile", 手机号我没有."""
    for name in sorted(names_of(asked), key=len, reverse=True):
        for match in reversed(list(places_of(name, text))):
            plain = "number" if name.isascii() else "号码"
            text = f"{text[: match.start()]}{plain}{text[match.end() :]}"
    return says_lacking(text)


def at_start(flow: Flow, state: FlowState, text: str, today: date) -> Heard:
    """What the message that begins a flow gives already."""
    given = _values(flow, state, text, today, cue=False)
    return Heard(kind="values", values=given.values, wrong=given.wrong, which=given.which)


def over_again(flow: Flow, state: FlowState, text: str, today: date) -> dict[str, JsonValue]:
    """What is to be another value, where a message after the end of a flow says that and nothing more."""
    values = _values(flow, state, text, today, cue=True).values
    return values if values and changes_only(flow, text) else {}


class _Given(NamedTuple):
    """Slots that a text fills or changes, and one whose value is out of bounds or may be several, else ""."""

    values: dict[str, JsonValue]
    wrong: str
    which: tuple[JsonValue, ...]


def _values(flow: Flow, state: FlowState, text: str, today: date, *, cue: bool) -> _Given:
    """What the text gives.

    What was given before, and is said once more, counts where nothing else is said. What stands twice, as in "not the 4th but the 5th", counts with its last; a span belongs to one slot, first to the one
    that was asked for.
    """
    may_change = editable(flow, state)
    names = sorted(flow.slots, key=lambda name: (name != state.asked, _TURN.get(flow.slots[name].type, 1)))
    loose = cue or not state.asked  # where nothing else was asked for, a bare sum may be meant
    taken: list[Span] = []
    values: dict[str, JsonValue] = {}
    same: dict[str, JsonValue] = {}
    wrong, which = "", tuple[JsonValue, ...]()
    for name in names:
        slot, known = flow.slots[name], name in state.values
        if known and (name not in may_change or not (cue or _explicit(slot))):
            continue
        read = values_in(slot, text, today, asked=name == state.asked, loose=loose)
        if slot.type == "text" and known and (new := renamed(slot, text)):
            read = [Found(value=new[0], span=new[1])]
        found = [one for one in read if is_free(one.span, taken)]
        if known:
            found = [one for one in found if one.value != state.values[name]] or found
        if not found:
            continue
        taken += [one.span for one in found]
        if found[-1].others:
            wrong, which = name, (found[-1].value, *found[-1].others)
        elif not found[-1].valid:
            wrong = name if name == state.asked else wrong or name
        elif state.values.get(name) != found[-1].value:
            values[name] = found[-1].value
        elif not cue or _explicit(slot):
            same[name] = found[-1].value
    return _Given(values or ({} if _CUE.search(text) else same), wrong, which)


_TURN = {"text": 0, "amount": 2}
"""Which types claim their places first: an address before the day that its house number looks like, a sum last."""


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
