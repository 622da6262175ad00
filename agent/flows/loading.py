"""Reads `flows/*.yaml`; an error names the file, the line where it can, and what to do."""

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Protocol

import yaml
from pydantic import ValidationError

from agent.errors import SettingsError, reason_of
from agent.flows.checking import problems
from agent.flows.definition import Flow, FlowFile
from agent.flows.remedies import remedy
from agent.types import JsonValue


class Declared(Protocol):
    """What a flow must know of a tool."""

    @property
    def changes(self) -> bool: ...

    @property
    def arguments(self) -> Collection[str]: ...

    @property
    def schema(self) -> Mapping[str, JsonValue]: ...


def load_flows(folder: Path, tools: Mapping[str, Declared]) -> dict[str, Flow]:
    """The flows of a folder by name; none where it is absent. Raises SettingsError for the first wrong file."""
    files = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    return {file.stem: load_flow(file, tools) for file in files}


def load_flow(path: Path, tools: Mapping[str, Declared]) -> Flow:
    """One flow, checked. Raises SettingsError that lists all that is wrong, a line each."""
    try:
        text = path.read_text("utf-8")
        if not text.strip():
            raise SettingsError(f"{path}:1: the file is empty; it needs a `title` and `steps`")
        lines = _lines(yaml.compose(text))
        file = FlowFile.model_validate(yaml.safe_load(text))
    except ValidationError as error:
        told = [f"{_place(path, lines, one['loc'])}: {_where(one['loc'])}: {remedy(one)}" for one in error.errors()]
        raise SettingsError("\n".join(dict.fromkeys(told))) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsError(f"{path}: {reason_of(error)}") from error
    flow = Flow(name=path.stem, version=hashlib.sha256(text.encode()).hexdigest()[:12], file=file)
    if wrong := problems(flow, tools):
        raise SettingsError("\n".join(f"{_place(path, lines, place)}: {words}" for place, words in wrong))
    return flow


def _lines(node: yaml.Node | None, at: tuple[str | int, ...] = ()) -> dict[tuple[str | int, ...], int]:
    """The line, from 1, of each key and item by its path."""
    if node is None:
        return {}
    lines = {at: node.start_mark.line + 1}
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            lines |= _lines(value, (*at, str(key.value))) | {(*at, str(key.value)): key.start_mark.line + 1}
    elif isinstance(node, yaml.SequenceNode):
        for n, item in enumerate(node.value):
            lines |= _lines(item, (*at, n))
    return lines


def _place(path: Path, lines: Mapping[tuple[str | int, ...], int], loc: tuple[str | int, ...]) -> str:
    while loc and loc not in lines:
        loc = loc[:-1]
    return f"{path}:{lines.get(loc, 1)}"


def _where(loc: tuple[str | int, ...]) -> str:
    return ".".join(map(str, loc)) or "file"
