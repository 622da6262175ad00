"""The form of `flows/*.yaml`; see docs/flows.md."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from phonenumbers import SUPPORTED_REGIONS
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from agent.types import JsonValue

SlotType = Literal["pattern", "date", "amount", "number", "email", "phone", "choice", "boolean", "text"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Texts(_Part):
    """The same in both languages; `{slot}` is filled in."""

    en: str
    zh: str

    def of(self, language: str) -> str:
        """The text in a language."""
        return self.zh if language == "zh" else self.en


class Choice(Texts):
    """One of the values of a choice. words: further ways to say it."""

    words: list[str] = Field(default_factory=list)


class Slot(_Part):
    """What is asked for.

    words:  further names of it, by which a customer corrects it ("the other parcel").
    min, max: of an amount or a number; of a date: days from today; of a text: characters.
    unit:   words that make a bare number in a sentence this one ("months", "个月").
    region: of a phone: the country whose numbers need no country code, such as GB; "": digits are taken as written.
    lacking: what to say to who does not have it: where it stands, or what else there is.
    why:    what to say to who asks what it is needed for.
    topic:  whether a question asked meanwhile is about it, such as the service that an appointment is for.
    """

    type: SlotType
    label: Texts
    ask: Texts
    invalid: Texts | None = None
    lacking: Texts | None = None
    why: Texts | None = None
    words: list[str] = Field(default_factory=list)
    pattern: re.Pattern[str] | None = None
    unit: list[str] = Field(default_factory=list)
    min: float | None = None
    max: float | None = None
    choices: dict[str, Choice] = Field(default_factory=dict)
    region: str = ""
    topic: bool = False

    @model_validator(mode="after")
    def _has_what_its_type_needs(self) -> "Slot":
        if self.type == "pattern" and self.pattern is None:
            raise ValueError("a slot of type pattern needs a `pattern`")
        if self.type == "choice" and len(self.choices) < 2:
            raise ValueError("a slot of type choice needs at least two `choices`")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"`min` {self.min:g} is more than `max` {self.max:g}: no value would do; exchange them")
        if twice := _twice(self.choices):
            raise ValueError(f"two of the `choices` are called {twice!r}; give each words of its own")
        if self.region and self.region not in SUPPORTED_REGIONS:
            raise ValueError("`region` is a country's two letters, such as GB")
        return self


def _twice(choices: Mapping[str, Choice]) -> str:
    """A word by which two of the choices may be meant; "" where there is none."""
    meant: dict[str, str] = {}
    for key, one in choices.items():
        for word in (one.en, one.zh, *one.words):
            if meant.setdefault(" ".join(word.casefold().split()), key) != key:
                return word
    return ""


class Comparison(_Part):
    """A number held against bounds; both must hold."""

    below: float | None = None
    above: float | None = None


def _condition(given: object) -> object:
    """Raises ValueError for what is no condition: one line, in place of one for each kind that it is not."""
    bounds = given if isinstance(given, Mapping) else {}
    compares = bool(bounds) and bounds.keys() <= {"below", "above"} and all(map(_is_number, bounds.values()))
    if compares or isinstance(given, str | bool | int | float | Comparison) or _is_list(given):
        return given
    raise ValueError("a condition is a value, a list of values, or {below: n}, {above: n} with a number n")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_list(given: object) -> bool:
    return isinstance(given, list) and all(isinstance(one, str) for one in given)


Condition = Annotated[str | bool | int | float | list[str] | Comparison, BeforeValidator(_condition)]


class Branch(_Part):
    """Where to go on when all conditions, by name of a value, hold."""

    when: dict[str, Condition]
    to: str

    def fits(self, values: Mapping[str, JsonValue]) -> bool:
        """Whether all conditions hold."""
        return all(_holds(condition, values.get(name)) for name, condition in self.when.items())


def _holds(condition: Condition, value: JsonValue) -> bool:
    if isinstance(condition, Comparison):
        if not isinstance(value, int | float):
            return False
        above = condition.above is None or value > condition.above
        return above and (condition.below is None or value < condition.below)
    return value in condition if isinstance(condition, list) else value == condition


class Step(_Part):
    """One step; it does one thing.

    ask: a slot; say: texts; tool: an operation of tools.yaml, `with` its arguments by slot, `save` what it gives by name;
    branch: where to go on; clear: slots to ask for anew; handoff, end. to: the step that follows, else the next one.
    confirm: the question before a tool that changes something; failed: where to go on by the tool's reason.
    """

    id: str = ""
    ask: str = ""
    say: Texts | None = None
    tool: str = ""
    with_: dict[str, str] = Field(default_factory=dict, alias="with")
    save: dict[str, str] = Field(default_factory=dict)
    confirm: Texts | None = None
    failed: dict[str, str] = Field(default_factory=dict)
    branch: list[Branch] = Field(default_factory=list)
    clear: list[str] = Field(default_factory=list)
    handoff: bool = False
    end: bool = False
    to: str = ""

    @property
    def kind(self) -> str:
        """What it does; raises ValueError when that is not one thing."""
        held: dict[str, Any] = {
            "ask": self.ask,
            "say": self.say,
            "tool": self.tool,
            "branch": self.branch,
            "clear": self.clear,
            "handoff": self.handoff,
            "end": self.end,
        }
        kinds = [name for name, value in held.items() if value]
        if len(kinds) != 1:
            raise ValueError(f"a step does one of {', '.join(held)}; this one has {', '.join(kinds) or 'none'}")
        return kinds[0]

    @model_validator(mode="after")
    def _does_one_thing(self) -> "Step":
        _ = self.kind
        return self


class FlowFile(_Part):
    """One flow. expires_minutes: after so long a silence it is over; leave: words of who wants it no more ("keep it")."""

    title: Texts
    expires_minutes: float = Field(60, gt=0)
    leave: list[str] = Field(default_factory=list)
    slots: dict[str, Slot] = Field(default_factory=dict)
    steps: list[Step] = Field(min_length=1)


class Flow(_Part):
    """A flow that was checked. version: digest of its file, so that a changed one is not gone on with in the middle."""

    name: str
    version: str
    file: FlowFile

    @property
    def slots(self) -> Mapping[str, Slot]:
        return self.file.slots

    @property
    def steps(self) -> list[Step]:
        return self.file.steps

    def at(self, id: str) -> int:
        """The place of a step. Raises KeyError."""
        for n, step in enumerate(self.steps):
            if step.id == id:
                return n
        raise KeyError(id)
