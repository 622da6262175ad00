"""What is wrong with settings, in plain words: which setting, on which line or in which variable, and what it must be."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeGuard, get_args, get_origin

from pydantic import BaseModel, SecretStr, ValidationError

PREFIX = "PARLEY_"
_NESTED = "__"
_SHOWN = 3
_AT = re.compile(r" \(at line (\d+), column \d+\)$| \(at end of document\)$")
_BOUNDS = {"gt": "more than {}", "ge": "{} or more", "lt": "less than {}", "le": "{} or less"}
_WHOLE = "must be a whole number"
_NUMBER = "must be a number"
_SWITCH = "must be true or false"
_TABLE = "must be a table: a line [NAME] with its settings below it"
_KINDS = {
    **dict.fromkeys(("int_parsing", "int_type", "int_from_float", "int_parsing_size"), _WHOLE),
    **dict.fromkeys(("float_parsing", "float_type", "finite_number"), _NUMBER),
    **dict.fromkeys(("bool_parsing", "bool_type"), _SWITCH),
    **dict.fromkeys(("model_type", "model_attributes_type", "dict_type"), _TABLE),
    "string_type": 'must be text in quotes, such as "…"',
    "list_type": 'must be a list, such as ["…", "…"]',
    "missing": "is missing",
}
_SHOW_VALUE = (_WHOLE, _NUMBER, _SWITCH)


def near(name: str, known: Sequence[str]) -> str:
    """The known name that was probably meant; "" where none is near."""
    # Imported here: who has made no mistake need not wait for it.
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    most = max(1, len(name) // 3)
    found = process.extractOne(name.lower(), known, scorer=OSA.distance, score_cutoff=most)
    return found[0] if found else ""


def unreadable(text: str, error: tomllib.TOMLDecodeError) -> str:
    """Line and fault of a file that is no TOML."""
    found = _AT.search(str(error))
    lines = text.splitlines() or [""]
    number = int(found[1]) if found and found[1] else len(lines)
    line = lines[min(number, len(lines)) - 1]
    shown = line.split("=")[0].strip()[:40]  # what follows may be a secret
    return f"line {number}: {_fault(line, _AT.sub('', str(error)))} ({shown})"


def _fault(line: str, said: str) -> str:
    bare = re.sub(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'", "", line).split("#")[0].strip()
    faults = {
        "a quote is not closed": '"' in bare or "'" in bare,
        "the bracket ] after the name is missing": bare.startswith("[") and "]" not in bare,
        "this name stands in the file twice": "twice" in said or "Cannot" in said,
        "a bracket is not closed": bare.count("[") > bare.count("]") or "Unclosed" in said,
        "there must be a name, =, and a value": bool(bare) and "=" not in bare and not bare.startswith("["),
        'after = there must be text in quotes ("…"), a number, true, false or a list': said == "Invalid value",
    }
    return next((words for words, so in faults.items() if so), f"this cannot be read: {said}")


def wrong(error: ValidationError, settings: type[BaseModel], text: str, environment: Mapping[str, str]) -> str:
    """Every fault with its place: the line of the file, or the variable of the environment."""
    faults = [_where(one["loc"], text, environment) + _what(one, settings) for one in error.errors()]
    more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
    return "; ".join(faults[:_SHOWN]) + more


def _what(error: Mapping[str, Any], settings: type[BaseModel]) -> str:
    where = ".".join(map(str, error["loc"]))
    if error["type"] == "extra_forbidden":
        *table, name = error["loc"]
        guess = near(str(name), _names(settings, table))
        return f"unknown setting {where}" + (f"; did you mean {guess}?" if guess else "")
    return f"{where} {_rule(error)}"


def _rule(error: Mapping[str, Any]) -> str:
    kind, given = error["type"], error["input"]
    limits: dict[str, Any] = error.get("ctx", {})
    if kind in _KINDS:
        said = _KINDS[kind]
        return f"{said}, not {given!r}" if said in _SHOW_VALUE and isinstance(given, str | int | float) else said
    if kind == "literal_error":
        return f"must be one of {limits['expected']}, not {given!r}"
    for name, words in _BOUNDS.items():
        if name in limits and kind.startswith(("greater", "less")):
            return f"must be {words.format(limits[name])}, not {given!r}"
    return f"is wrong: {error['msg'].removeprefix('Value error, ')}"


def _where(loc: tuple[int | str, ...], text: str, environment: Mapping[str, str]) -> str:
    """`line 3: `, `PARLEY_SERVER__PORT: `, or "" where neither is found."""
    names = [str(part) for part in loc]
    told = {name.upper(): name for name in environment}
    for end in range(len(names), 0, -1):
        if variable := told.get(PREFIX + _NESTED.join(names[:end]).upper()):
            return f"{variable} of the environment: "
    number = _line_of(names, text)
    return f"line {number}: " if number else ""


def _line_of(names: Sequence[str], text: str) -> int:
    """The line that sets a name, or else that opens the nearest table around it; 0 where there is none."""
    best, found, table = 0, 0, ""
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.strip()
        if bare.startswith("["):
            table = bare.split("]")[0].strip("[] ").replace('"', "")
            key = table
        elif "=" in bare and not bare.startswith("#"):
            key = ".".join(filter(None, [table, bare.split("=")[0].strip().replace('"', "")]))
        else:
            continue
        parts = key.split(".")
        if parts == list(names[: len(parts)]) and len(parts) > best:
            best, found = len(parts), number
    return found


def secrets_in(values: Mapping[str, Any], table: type[BaseModel]) -> Iterator[tuple[str, ...]]:
    """The paths of the secrets that a settings file sets; one of several by name stands for all of them."""
    for name, value in values.items():
        kind = _within(table, name)
        if value and _holds_secret(kind):
            yield (name,)
        elif isinstance(value, Mapping):
            inside = value.items() if get_origin(kind) is dict else [("", value)]
            for key, one in inside:
                within = _within(kind, key) if key else kind
                if isinstance(one, Mapping) and _is_table(within):
                    yield from ((name, *filter(None, [key]), *path) for path in secrets_in(one, within))


def _holds_secret(kind: Any) -> bool:
    return kind is SecretStr or (get_origin(kind) is dict and get_args(kind)[-1] is SecretStr)


def _names(settings: type[BaseModel], table: Sequence[int | str]) -> list[str]:
    """What may be set in a table."""
    model: Any = settings
    for part in table:
        model = _within(model, str(part))
    return list(model.model_fields) if _is_table(model) else []


def _within(kind: Any, name: str) -> Any:
    """The type of what has this name, or number, in a table; None where there is no such."""
    if _is_table(kind):
        return field.annotation if (field := kind.model_fields.get(name)) else None
    arguments = get_args(kind)
    return arguments[-1] if get_origin(kind) in (dict, list) else None


def _is_table(kind: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def unknown_variables(
    settings: type[BaseModel], environment: Mapping[str, str], others: Callable[[str], bool]
) -> list[str]:
    """A line on each variable PARLEY_… that sets nothing, with the one that was probably meant.

    others: whether a variable is known by something else.
    """
    known = sorted(_variables(settings, PREFIX))
    lines = []
    for name in sorted(environment):
        if name.upper().startswith(PREFIX) and not _is_setting(name.upper(), settings) and not others(name):
            guess = near(name, [one.lower() for one in known]).upper()
            lines.append(f"{name} is no setting and was ignored" + (f"; did you mean {guess}?" if guess else ""))
    return lines


def _variables(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield prefix + name.upper()
        if _is_table(field.annotation):
            yield from _variables(field.annotation, f"{prefix}{name.upper()}{_NESTED}")


def _is_setting(variable: str, settings: type[BaseModel]) -> bool:
    kind: Any = settings
    for part in variable.removeprefix(PREFIX).lower().split(_NESTED):
        kind = _within(kind, part)
        if kind is None:
            return False
    return True


def read_text(file: Path) -> str:
    """The text of a settings file, "" of none. Raises ValueError, in plain words, for what is no text."""
    if not file.is_file():
        return ""
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError("this is not text in UTF-8; save it so, with any text editor") from error
