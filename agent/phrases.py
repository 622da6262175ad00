"""Set phrases by name and language; a deployment may replace any in `phrases.yaml` of its home."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Protocol

import yaml

from agent.errors import SettingsError, reason_of
from agent.opening_hours import opening, said
from agent.settings import CompanySettings
from agent.settings.web import HoursSettings
from agent.types import Language

_ALONE = "_alone"
_SPACES = re.compile(r" {2,}")
_STOPS = re.compile(r"(?<![.。])([.。?!？！])[.。](?![.。])")
"""The end of a phrase behind that of what was put in: a title that is a question, a name with 'Inc.'."""


class Phrases(Protocol):
    """Says a set phrase (`greeting`, `handoff`, …) in the customer's language."""

    def say(self, name: str, language: Language, **values: str) -> str: ...


class SetPhrases:
    """Implements `Phrases` over texts by name and language. hours: when people are there."""

    def __init__(
        self,
        texts: Mapping[str, Mapping[str, str]],
        company: CompanySettings,
        hours: HoursSettings | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._texts = texts
        self._company = company
        self._hours = hours or HoursSettings()
        self._now = now

    @property
    def names(self) -> frozenset[str]:
        """All phrases there are."""
        return frozenset(self._texts)

    def say(self, name: str, language: Language, **values: str) -> str:
        """The phrase with its places filled in."""
        text = self._texts[name][language]
        given = {
            "company": self._company.name_zh if language == "zh" else self._company.name,
            "contact": self._company.handoff_contact,
            "hours": self._said_hours(language) if "{hours}" in text else "",
        }
        if given["contact"] and name != "handoff_contact":
            given["contact"] = self._texts["handoff_contact"][language].format(contact=given["contact"])
        return _STOPS.sub(r"\1", _SPACES.sub(" ", text.format(**{**given, **values}))).strip()

    def _said_hours(self, language: Language) -> str:
        """Whether people are there, or when they are back; "" where nobody can tell."""
        state = opening(self._hours, self._now())
        if state is None or not (state.open or state.opens_at):
            return ""
        name = "handoff_open" if state.open else "handoff_closed"
        return self._texts[name][language].format(opens=said(state.opens_at, language) if state.opens_at else "")


def load_phrases(
    company: CompanySettings, own: Path | None = None, *, hours: HoursSettings | None = None, people: bool = True
) -> SetPhrases:
    """The packaged phrases, those in `own` replacing them. Raises SettingsError when that file is wrong.

    people: whether anybody can take over; else what promises it gives way to the same phrase with `_alone`.
    """
    texts: dict[str, dict[str, str]] = yaml.safe_load((files("agent.generate") / "phrases.yaml").read_text("utf-8"))
    changed: dict[str, dict[str, str]] = {}
    if own is not None and own.is_file():
        try:
            changed = yaml.safe_load(own.read_text("utf-8")) or {}
            for name, by_language in changed.items():
                texts[name] = {**texts[name], **by_language}
        except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
            raise SettingsError(f"{own}: {reason_of(error)}") from error
    alone = {name.removesuffix(_ALONE): texts.pop(name) for name in list(texts) if name.endswith(_ALONE)}
    if not people:
        texts |= {name: said for name, said in alone.items() if name not in changed}
    return SetPhrases(texts, company, hours)
