"""A tool that reads one record (an order) by its number, for someone who knows a second thing about it."""

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.errors import SettingsError
from agent.ports import ToolResult
from agent.types import Language, Understanding, Utterance

_OPERATIONS = frozenset({"function", "openapi", "mcp"})


class LookupSettings(BaseModel):
    """One entry of `tools.yaml`.

    key_pattern, proof_pattern: regular expressions that find the number and the proof (an e-mail) in what was said.
    say: language to phrase name (`found`, `ask_key`, `ask_proof`, `not_found`) to text with {column} places.
    values: column to (stored value to its words by language), for codes such as a status.
    """

    model_config = ConfigDict(extra="forbid")

    file: str
    key: str
    key_pattern: str
    proof: str = ""
    proof_pattern: str = ""
    say: dict[Language, dict[str, str]]
    values: dict[str, dict[str, dict[Language, str]]] = Field(default_factory=dict)


class RecordLookup:
    """Implements `agent.ports.Tool` over the rows of one csv file, read once."""

    def __init__(self, name: str, settings: LookupSettings, rows: Sequence[Mapping[str, str]]) -> None:
        self.name = name
        self._settings = settings
        self._rows = {row[settings.key].strip().upper(): row for row in rows}
        self._key = re.compile(settings.key_pattern, re.IGNORECASE)
        self._proof = re.compile(settings.proof_pattern, re.IGNORECASE) if settings.proof_pattern else None

    async def run(
        self, understanding: Understanding, history: Sequence[Utterance], customer_id: str | None
    ) -> ToolResult:
        """The record said in the customer's language, or what must be asked first.

        Without the right proof the answer is the same as for a number that does not exist.
        """
        said = [u.content for u in history if u.role == "user"] + [understanding.text]
        phrases = self._settings.say[understanding.language]
        key = _last(self._key, said)
        if key is None:
            return ToolResult(text=phrases["ask_key"], missing=(self._settings.key,))
        proof = _last(self._proof, said) if self._proof else None
        if self._proof and proof is None and customer_id is None:
            return ToolResult(text=phrases["ask_proof"], missing=(self._settings.proof,))
        row = self._rows.get(key.upper())
        if row is None or not self._proven(row, proof, customer_id):
            return ToolResult(
                text=phrases["not_found"].format(**{self._settings.key: key}), missing=(self._settings.key,)
            )
        return ToolResult(
            text=phrases["found"].format(**self._worded(row, understanding.language)), source_id=self.name
        )

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


def load_tools(path: Path) -> dict[str, RecordLookup]:
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
                tools[name] = RecordLookup(name, settings, list(csv.DictReader(file)))
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    except (yaml.YAMLError, OSError, KeyError, AttributeError, re.error) as error:
        raise SettingsError(f"{path}: {error}") from error
    return tools
