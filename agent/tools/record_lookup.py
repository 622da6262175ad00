"""A tool that reads one record (an order) by its number, for someone who knows a second thing about it."""

import csv
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.errors import SettingsError, reason_of
from agent.ports import ToolResult
from agent.types import Language, Understanding, Utterance
from agent.understand.certain import only_gives
from agent.understand.lacking import says_lacking
from knowledge.text.folding import folded

_NUMBER = re.compile(r"(?<!\d)\d+(?!\d)")
_LETTERS_AND_DIGITS = re.compile(r"([A-Z]+)(\d+)")
_OPERATIONS = frozenset({"function", "openapi", "mcp"})


class LookupSettings(BaseModel):
    """One entry of `tools.yaml`.

    key_pattern, proof_pattern: regular expressions that find the number and the proof (an e-mail) in what was said.
    say: language to phrase name to text with {column} places, where a language without any gets those of the first: `found`,
    `ask_key`, `ask_proof`, `not_found`; where they are told a second time, or better, `found_again`, `late` and `late_again` (also with {days}), `not_found_again`, `no_key`, `no_proof`
    (where to find it, or who can do without), `no_key_again` and `no_proof_again`.
    title: what customers read as the source of what was found; without it, the entry's name in plain letters.
    due: column with the date, as 2026-12-04, after which a record is late, unless a column of `settled` has one of its values.
    values: column to (stored value to its words by language), for codes such as a status.
    """

    model_config = ConfigDict(extra="forbid")

    file: str
    key: str
    key_pattern: str
    proof: str = ""
    proof_pattern: str = ""
    say: dict[Language, dict[str, str]] = Field(min_length=1)
    values: dict[str, dict[str, dict[Language, str]]] = Field(default_factory=dict)
    title: dict[Language, str] = Field(default_factory=dict)
    due: str = ""
    settled: dict[str, list[str]] = Field(default_factory=dict)


class RecordLookup:
    """Implements `agent.ports.Tool` over the rows of one csv file, read once."""

    def __init__(
        self, name: str, settings: LookupSettings, rows: Sequence[Mapping[str, str]], today: Callable[[], date]
    ) -> None:
        self.name = name
        self._settings = settings
        self._today = today
        self._rows = {_bare(row[settings.key]): row for row in rows}
        self._letters, self._digits = _form(self._rows)
        self._key = re.compile(settings.key_pattern, re.IGNORECASE)
        self._proof = re.compile(settings.proof_pattern, re.IGNORECASE) if settings.proof_pattern else None

    async def run(
        self, understanding: Understanding, history: Sequence[Utterance], customer_id: str | None
    ) -> ToolResult:
        """The record said in the customer's language, or what must be asked first; told before, it is not told alike.

        Without the right proof the answer is the same as for a number that does not exist.
        """
        said = [folded(u.content) for u in history if u.role == "user"] + [understanding.text]
        texts = self._settings.say
        speech = _Speech(texts.get(understanding.language) or next(iter(texts.values())), history)
        lacks = says_lacking(understanding.text)
        key = self._named(said)
        if key is None:
            return ToolResult(text=speech.asked("ask_key", "no_key", lacks=lacks), missing=(self._settings.key,))
        proof = _last(self._proof, said) if self._proof else None
        if self._proof and proof is None and customer_id is None:
            return ToolResult(text=speech.asked("ask_proof", "no_proof", lacks=lacks), missing=(self._settings.proof,))
        row = self._rows.get(_bare(key))
        if row is None or not self._proven(row, proof, customer_id):
            text = speech.told("not_found", "not_found_again", {self._settings.key: key})
            return ToolResult(text=text, missing=(self._settings.key,))
        title = self._settings.title.get(understanding.language) or self.name.replace("_", " ").capitalize()
        return ToolResult(text=self._found(row, speech, understanding.language), source_id=self.name, title=title)

    def _named(self, said: Sequence[str]) -> str | None:
        """The last number that was given, if need be without the letters that all begin with."""
        for text in reversed(said):
            if found := _last(self._key, [text]):
                return found
            if self._digits and only_gives(text) and (short := _last(_NUMBER, [text])) and len(short) == self._digits:
                return f"{self._letters}{short}"
        return None

    def _found(self, row: Mapping[str, str], speech: "_Speech", language: Language) -> str:
        words = self._worded(row, language)
        days = self._days_late(row)
        if days > 0 and speech.has("late"):
            return speech.told("late", "late_again", {**words, "days": str(days)})
        return speech.told("found", "found_again", words)

    def _days_late(self, row: Mapping[str, str]) -> int:
        """How many days ago the record was due; 0 where it was not, or nobody waits for it any more."""
        if any(row.get(column) in values for column, values in self._settings.settled.items()):
            return 0
        try:
            due = date.fromisoformat(row.get(self._settings.due, ""))
        except ValueError:
            return 0
        return max(0, (self._today() - due).days)

    def _proven(self, row: Mapping[str, str], proof: str | None, customer_id: str | None) -> bool:
        if not self._settings.proof:
            return True
        stored = row[self._settings.proof].strip().lower()
        return stored in {(proof or "").lower(), (customer_id or "").lower()}

    def _worded(self, row: Mapping[str, str], language: Language) -> dict[str, str]:
        words = dict(row)
        for column, by_value in self._settings.values.items():
            words[column] = by_value.get(row.get(column, ""), {}).get(language, row.get(column, ""))
        return words


class _Speech:
    """The phrases of a lookup in one language, told otherwise where the conversation holds them already."""

    def __init__(self, phrases: Mapping[str, str], history: Sequence[Utterance]) -> None:
        self._phrases = phrases
        self._replies = [u.content for u in history if u.role == "assistant"]

    def has(self, name: str) -> bool:
        """Whether there is such a phrase."""
        return name in self._phrases

    def asked(self, name: str, lacking: str, *, lacks: bool) -> str:
        """A question; where the last reply asked it, or the customer has no answer, what else there is."""
        last = self._replies[-1] if self._replies else ""
        known = [self._phrases[one] for one in (name, lacking, f"{lacking}_again") if one in self._phrases]
        said = max((n for n, text in enumerate(known) if text in last), default=-1)
        return known[min(max(said + 1, int(lacks)), len(known) - 1)]

    def told(self, name: str, again: str, values: Mapping[str, str]) -> str:
        """What was found; another text where this one was said before."""
        texts = [self._phrases[one].format(**values) for one in (name, again) if one in self._phrases]
        return texts[-1] if any(texts[0] in reply for reply in self._replies) else texts[0]


def _bare(key: str) -> str:
    """Letters and digits alone: LO-10499, lo 10499 and LO10499 are one number."""
    return "".join(filter(str.isalnum, key)).upper()


def _form(keys: Collection[str]) -> tuple[str, int]:
    """The letters that all numbers begin with, and how many digits follow; 0 where they are not of one form."""
    matches = map(_LETTERS_AND_DIGITS.fullmatch, keys)
    forms = {(match[1], len(match[2])) if match else ("", 0) for match in matches}
    return forms.pop() if len(forms) == 1 else ("", 0)


def _last(pattern: re.Pattern[str], texts: Sequence[str]) -> str | None:
    """The most recent match in what the customer said."""
    for text in reversed(texts):
        found = pattern.findall(text)
        if found:
            return str(found[-1])
    return None


def declares_operation(entry: Mapping[str, object]) -> bool:
    """Whether an entry of `tools.yaml` is one of `agent.tools.declared`, no lookup."""
    return "file" not in entry and not _OPERATIONS.isdisjoint(entry.keys())


def load_tools(path: Path, today: Callable[[], date] = date.today) -> dict[str, RecordLookup]:
    """The tools that `tools.yaml` declares, by name; none where the file is absent.

    Raises SettingsError when the file, or a csv that it names, is not of the documented form.
    """
    if not path.is_file():
        return {}
    tools: dict[str, RecordLookup] = {}
    try:
        declared = yaml.safe_load(path.read_text("utf-8")) or {}
        for name, entry in declared.items():
            if declares_operation(entry):
                continue
            settings = LookupSettings.model_validate(entry)
            with (path.parent / settings.file).open(encoding="utf-8-sig", newline="") as file:
                tools[name] = RecordLookup(name, settings, list(csv.DictReader(file)), today)
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    except (yaml.YAMLError, OSError, KeyError, AttributeError, re.error) as error:
        of = f"{error.filename}: " if isinstance(error, OSError) and error.filename != str(path) else ""
        raise SettingsError(f"{path}: {of}{reason_of(error)}") from error
    return tools
