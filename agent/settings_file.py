"""The commented `parley.toml` that a new home gets, made from the settings themselves so that it can't go stale."""

import json
from collections.abc import Mapping

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


def _section(model: type[BaseModel], values: Mapping[str, str | float]) -> list[str]:
    lines: list[str] = []
    for name, field in model.model_fields.items():
        lines.append(f"# {field.description}")
        if name in values:
            lines.append(f"{name} = {json.dumps(values[name], ensure_ascii=False)}")
            continue
        default = field.get_default(call_default_factory=True)
        shown = "" if isinstance(default, SecretStr) else default
        lines.append(f"# {name} = {json.dumps(shown, ensure_ascii=False)}")
    return lines
