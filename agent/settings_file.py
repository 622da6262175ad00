"""The commented `parley.toml` that a new home gets, made from the settings themselves so that it can't go stale."""

import json
from collections.abc import Mapping, Sequence

from pydantic import BaseModel, SecretStr

from agent.settings import Settings

_HEAD = """\
# Settings of this Parley home. Each is also an environment variable: [model] base_url is PARLEY_MODEL__BASE_URL,
# and the environment wins. Secrets belong in the environment, not here.
"""


def commented_settings(values: Mapping[str, Mapping[str, str | float]] | None = None) -> str:
    """TOML text with every setting, its meaning and its default; `values` (section → name → value) are set."""
    values = values or {}
    lines = [_HEAD]
    for section, field in Settings.model_fields.items():
        model = field.annotation
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            continue
        lines += [f"# {(model.__doc__ or '').strip().splitlines()[0]}", f"[{section}]"]
        lines += _section(model, values.get(section, {}))
        lines.append("")
    return "\n".join(lines)


def with_defaults(text: str, values: Mapping[str, Mapping[str, str | float]]) -> str:
    """A settings file in which `values` are again left to their defaults; what somebody has changed stays."""
    defaults = commented_settings().splitlines()
    section = ""
    lines = []
    for line in text.splitlines():
        section = line.strip("[]") if line.startswith("[") else section
        ours = next((name for name, value in values.get(section, {}).items() if line == _set(name, value)), None)
        usual = (default for default in _lines_of(defaults, section) if default.startswith(f"# {ours} = "))
        lines.append(next(usual) if ours else line)
    return "\n".join(lines) + "\n"


def _lines_of(lines: Sequence[str], section: str) -> Sequence[str]:
    """The lines of one section, none of one that there is not."""
    if f"[{section}]" not in lines:
        return []
    start = lines.index(f"[{section}]")
    ends = (at for at in range(start + 1, len(lines)) if lines[at].startswith("["))
    return lines[start : next(ends, len(lines))]


def _set(name: str, value: str | float) -> str:
    return f"{name} = {json.dumps(value, ensure_ascii=False)}"


def _section(model: type[BaseModel], values: Mapping[str, str | float]) -> list[str]:
    lines: list[str] = []
    for name, field in model.model_fields.items():
        lines.append(f"# {field.description}")
        if name in values:
            lines.append(_set(name, values[name]))
            continue
        default = field.get_default(call_default_factory=True)
        shown = "" if isinstance(default, SecretStr) else default
        lines.append(f"# {name} = {json.dumps(shown, ensure_ascii=False)}")
    return lines
