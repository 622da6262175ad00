"""The prompts: versioned files of the package, any of which a home may replace in its folder `prompts/`."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path

import yaml

from agent.checking.grounding import is_upset
from agent.errors import SettingsError
from agent.types import Language, Sentiment

_LANGUAGES: tuple[Language, ...] = ("en", "zh")


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptFile:
    """A prompt. version: its first line says it; `name@version` is recorded with every answer."""

    name: str
    version: str
    text: str

    @property
    def label(self) -> str:
        """Such as `answer.en@2`."""
        return f"{self.name}@{self.version}"


class PromptFiles:
    """All prompts of a home, read when this is made, so that one that can't be used is told at the start.

    own: its folder with files that replace packaged ones, which need not be there. Raises SettingsError for a file without
    a version.
    """

    def __init__(self, own: Path | None = None) -> None:
        self._own = own
        self._answers = {language: self._read(f"answer.{language}") for language in _LANGUAGES}
        self._policies = {language: self._read(f"policy.{language}") for language in _LANGUAGES}

    def instructions(self, language: Language) -> str:
        """What never changes: rules, then the company's manners."""
        return f"{self._answers[language].text}\n{self._policies[language].text}"

    def label(self, language: Language) -> str:
        """Names and versions of what an answer was asked for with."""
        return f"{self._answers[language].label} {self._policies[language].label}"

    def key(self, language: Language) -> str:
        """Marks the lines round a block. It never changes, so that the server's cache holds; no text may carry it."""
        return hashlib.sha256(self.instructions(language).encode()).hexdigest()[:16]

    def tone(self, sentiment: Sentiment, language: Language, *, acknowledged: bool) -> str:
        """How to meet a customer in this mood; "" where no word is needed."""
        if sentiment.polarity >= 0:
            return ""
        mood = "acknowledged" if acknowledged and is_upset(sentiment) else sentiment.emotion.value
        return self._tones.get(mood, {}).get(language, "")

    @cached_property
    def _tones(self) -> dict[str, dict[str, str]]:
        told: dict[str, dict[str, str]] = yaml.safe_load(
            (files("agent.generate") / "prompts" / "tone.yaml").read_text("utf-8")
        )
        return told

    def _read(self, name: str) -> PromptFile:
        own = self._own / f"{name}.md" if self._own else None
        source = own if own and own.is_file() else files("agent.generate") / "prompts" / f"{name}.md"
        head, _, text = source.read_text("utf-8").partition("\n")
        word, _, version = head.partition(":")
        if word.strip() != "version" or not version.strip():
            raise SettingsError(f"{source}: the first line must say the prompt's version, such as: version: 1")
        return PromptFile(name=name, version=version.strip(), text=text.strip() + "\n")
