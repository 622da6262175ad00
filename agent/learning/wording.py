"""What reports say in words of their own: a sentence in English, its Chinese in `wording.yaml`, what both are filled with.

Names, numbers and what customers said are data: they are never looked up, and stand alike in both languages.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TypeAlias, Union

import yaml

from agent.types import Language

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")

Value: TypeAlias = Union[str, int, float, "Said", tuple["Said", ...]]


@dataclass(frozen=True, slots=True)
class Said:
    """template: in English, with fields as `str.format` has them; values: of the fields. Several are joined by commas."""

    template: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        """In English."""
        return self.to("en")

    def to(self, language: Language) -> str:
        """In a language; in English where nobody has translated it."""
        template = chinese().get(self.template, self.template) if language == "zh" else self.template
        if not self.values:
            return template
        return template.format(**{name: _filled(value, language) for name, value in self.values.items()})


def said(template: str, /, **values: Value) -> Said:
    """A sentence or a name of the report's own."""
    return Said(template, values)


def numbered(text: str) -> Said:
    """A sentence that was written to a file with its numbers, of which the template names the first n0, the next n1, …"""
    numbers: list[str] = []

    def place(match: re.Match[str]) -> str:
        numbers.append(match.group())
        return f"{{n{len(numbers) - 1}}}"

    template = _NUMBER.sub(place, text)
    return (
        Said(template, {f"n{n}": number for n, number in enumerate(numbers)}) if template in chinese() else Said(text)
    )


@cache
def chinese() -> Mapping[str, str]:
    """English templates to Chinese ones, of the same fields."""
    found: dict[str, str] = yaml.safe_load((files("agent.learning") / "wording.yaml").read_text("utf-8"))
    return found


def _filled(value: Value, language: Language) -> str | int | float:
    if isinstance(value, Said):
        return value.to(language)
    if isinstance(value, tuple):
        return ("、" if language == "zh" else ", ").join(one.to(language) for one in value)
    return value
