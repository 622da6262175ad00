"""The commented `parley.toml` that a new home gets, made from the settings themselves so that it can't go stale."""

import json
from collections.abc import Mapping, Sequence

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from agent.settings import Settings
from agent.settings.web import SiteSettings

_HEAD = """\
# Settings of this Parley home. Each is also an environment variable: [model] base_url is PARLEY_MODEL__BASE_URL,
# and the environment wins. Secrets belong in the environment, not here.
"""


def commented_settings(values: Mapping[str, Mapping[str, str | float]] | None = None) -> str:
    """TOML text with every setting, its meaning and its default; `values` (section → name → value) are set."""
    values = values or {}
    lines = [_HEAD]
    for section, field in Settings.model_fields.items():
        if model := _table(field):
            lines += _section(section, model, values)
    return "\n".join(lines)


def _table(field: FieldInfo) -> type[BaseModel] | None:
    """The section that a setting is; None where it is a value."""
    model = field.annotation
    return model if isinstance(model, type) and issubclass(model, BaseModel) else None


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


def _section(section: str, model: type[BaseModel], values: Mapping[str, Mapping[str, str | float]]) -> list[str]:
    """A table and, after its own values, the tables within it."""
    lines = [f"# {(model.__doc__ or '').strip().splitlines()[0]}", f"[{section}]"]
    within: list[str] = []
    for name, field in model.model_fields.items():
        if inner := _table(field):
            within += _section(f"{section}.{name}", inner, values)
            continue
        if field.annotation == dict[str, SiteSettings]:
            within += _example(f"{section}.{name}.shop", SiteSettings)
            continue
        lines.append(f"# {field.description}")
        if name in values.get(section, {}):
            lines.append(_set(name, values[section][name]))
        else:
            lines.append(f"# {_usual(name, field)}")
    return [*lines, "", *within]


def _example(section: str, model: type[BaseModel]) -> list[str]:
    """A table that there may be several of, by name: one as an example, in comments."""
    lines = [f"# {(model.__doc__ or '').strip().splitlines()[0]}", f"# [{section}]"]
    for name, field in model.model_fields.items():
        lines.append(f"# {field.description}")
        if name != "keys":  # a secret, which the file must not hold
            lines.append(f"# {_usual(name, field)}")
    return [*lines, ""]


def _usual(name: str, field: FieldInfo) -> str:
    default = field.get_default(call_default_factory=True)
    if default == {}:
        return f"{name} = {{}}"
    return f"{name} = {json.dumps('' if isinstance(default, SecretStr) else default, ensure_ascii=False)}"
