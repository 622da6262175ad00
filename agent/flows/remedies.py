"""What is wrong with the form of a flow's file, in words that say what to write instead."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard, get_args, get_origin

from pydantic import BaseModel

from agent.flows.definition import FlowFile
from agent.settings.wrong import near

_NUMBER, _TEXT = "write a number, without quotes", "write a text; in quotes where it looks like something else"
_WRITE = {
    "missing": "it is missing; add it",
    "string_type": _TEXT,
    **dict.fromkeys(("float_parsing", "float_type", "int_parsing", "int_type", "finite_number"), _NUMBER),
    **dict.fromkeys(("bool_parsing", "bool_type"), "write true or false"),
    "list_type": "write a list: [a, b]",
    "dict_type": "write names with their values below it",
    "model_type": "write names with their values below it",
    "model_attributes_type": "write names with their values below it",
    "too_short": "it is empty; write at least one",
}


def remedy(error: Mapping[str, Any]) -> str:
    """What to write in place of what pydantic refused."""
    kind, given, limits = error["type"], error["input"], error.get("ctx", {})
    if kind == "extra_forbidden":
        *within, name = error["loc"]
        known = _names(within)
        guess = near(str(name), known)
        there = f"did you mean {guess}?" if guess else f"there are: {', '.join(known)}"
        return f"there is no {name!r} here; {there}"
    if kind == "literal_error":
        return f"{given!r} is none; write one of {limits['expected']}"
    if kind == "pattern_regex":
        return f"{given!r} is no regular expression ({_fault(str(given))}); what is meant itself gets a backslash: \\( \\[ \\. \\?"
    if kind in _WRITE:
        shown = f", not {given!r}" if isinstance(given, str | int | float) and kind != "missing" else ""
        return f"{_WRITE[kind]}{shown}"
    bounds = {"gt": "more than", "ge": "at least", "lt": "less than", "le": "at most"}
    told = [f"write {words} {limits[name]:g}, not {given!r}" for name, words in bounds.items() if name in limits]
    return told[0] if told else str(error["msg"]).removeprefix("Value error, ")


def _fault(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        return str(error)
    return "it is refused"  # pragma: no cover - asked of patterns that are wrong


def _names(path: Sequence[int | str]) -> list[str]:
    """What may be written at a place of the file."""
    kind: Any = FlowFile
    for part in path:
        kind = _inside(kind, str(part))
    return [field.alias or name for name, field in kind.model_fields.items()] if _is_part(kind) else []


def _inside(kind: Any, name: str) -> Any:
    if _is_part(kind):
        kind = next((one.annotation for key, one in kind.model_fields.items() if name in {key, one.alias}), None)
    elif get_origin(kind) in (dict, list):
        kind = get_args(kind)[-1]
    return next(filter(_is_part, get_args(kind)), kind) if type(None) in get_args(kind) else kind


def _is_part(kind: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
