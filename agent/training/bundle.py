"""A bundle: the folder that a trained model is kept in, read without executing anything that it holds.

    bundle.json    the card: task, labels, settings, metrics, where it comes from
    numbers.npz    arrays, read with pickling forbidden
    terms.json     lists of words and characters, in the order of the arrays' columns
    card.md        the card for people

A folder appears whole or not at all, and is never changed afterwards; a new model is a new folder.
"""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
import orjson
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from agent.errors import BundleError, CallerError, reason_of

FORMAT = 2
_CARD, _NUMBERS, _TERMS, _FOR_PEOPLE = "bundle.json", "numbers.npz", "terms.json", "card.md"


class Task(StrEnum):
    """What a model tells of a message."""

    INTENT = "intent"
    SENTIMENT = "sentiment"
    EMOTION = "emotion"


class Card(BaseModel):
    """What a bundle is and where it comes from.

    model: the family of models, by which the reader of a task knows how to read the rest. settings: what that reader
    needs beside the arrays (temperature, threshold, …). metrics: measured on data that the model was not fitted on.
    data_sha256: fingerprint of the training data (`agent.training.data.fingerprint`). sources: names and licences.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int = FORMAT
    task: Task
    model: str
    labels: tuple[str, ...]
    settings: dict[str, JsonValue] = {}
    metrics: dict[str, float] = {}
    examples: int
    data_sha256: str
    sources: tuple[str, ...] = ()
    parley_version: str = Field(default_factory=lambda: version("parley"))
    trained_at: datetime = Field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A bundle in memory. arrays: of numbers alone. terms: by name, as lists of text."""

    card: Card
    arrays: Mapping[str, npt.NDArray[np.generic]]
    terms: Mapping[str, Sequence[str]]


def write_bundle(bundle: Bundle, out: Path) -> None:
    """Writes the folder; what was at `out` is replaced once the new one is whole.

    Raises CallerError when `out` holds something that is no bundle.
    """
    require_place(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        (draft / _TERMS).write_bytes(orjson.dumps({name: list(terms) for name, terms in bundle.terms.items()}))
        np.savez(draft / _NUMBERS, allow_pickle=False, **bundle.arrays)
        (draft / _FOR_PEOPLE).write_text(card_text(bundle.card), "utf-8")
        (draft / _CARD).write_text(bundle.card.model_dump_json(indent=1), "utf-8")
        draft.chmod(0o755)
        if out.exists():
            shutil.rmtree(out)
        draft.replace(out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def require_place(out: Path) -> None:
    """Raises CallerError when a bundle can't be written to `out`, since it holds something else."""
    if out.exists() and not (out / _CARD).is_file() and (not out.is_dir() or any(out.iterdir())):
        raise CallerError(f"{out} exists and is no bundle; choose another folder with --out")


def read_card(folder: Path) -> Card:
    """The card alone. Raises BundleError."""
    try:
        card = Card.model_validate_json((folder / _CARD).read_bytes())
    except FileNotFoundError as error:
        raise BundleError(f"{folder} holds no bundle; train one with parley train --out {folder}") from error
    except (OSError, ValidationError) as error:
        raise BundleError(f"{folder} is damaged or of another version; train it anew") from error
    if card.format != FORMAT:
        raise BundleError(f"{folder} is no bundle of this version (format {card.format}); train it anew")
    return card


def read_bundle(folder: Path) -> Bundle:
    """The whole bundle: numbers and text, nothing is executed. Raises BundleError."""
    card = read_card(folder)
    terms = read_terms(folder)
    try:
        with (folder / _NUMBERS).open("rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except (OSError, ValueError, EOFError, BadZipFile) as error:
        raise BundleError(f"{folder} is damaged ({reason_of(error)}); train it anew") from error
    return Bundle(card=card, arrays=arrays, terms=terms)


def read_terms(folder: Path) -> Mapping[str, Sequence[str]]:
    """The lists of text alone. Raises BundleError."""
    try:
        terms = orjson.loads((folder / _TERMS).read_bytes())
    except (OSError, ValueError) as error:
        raise BundleError(f"{folder} is damaged ({reason_of(error)}); train it anew") from error
    if not isinstance(terms, dict) or not all(_is_text(words) for words in terms.values()):
        raise BundleError(f"{folder} is damaged (its terms are no lists of text); train it anew")
    return terms


def card_text(card: Card) -> str:
    """The card in Markdown."""
    lines = [
        f"# {card.task.value.capitalize()} model ({card.model})",
        "",
        f"Trained {card.trained_at:%Y-%m-%d %H:%M} UTC by Parley {card.parley_version} on {card.examples:,} examples "
        f"of {len(card.labels)} labels; fingerprint of the data `{card.data_sha256[:12]}`.",
        "",
        *(f"- Data: {source}" for source in card.sources),
        *(["", "| measured on what it was not fitted on | |", "|---|---|"] if card.metrics else []),
        *(f"| {name} | {value:.4g} |" for name, value in card.metrics.items()),
        *(["", "| setting | |", "|---|---|"] if card.settings else []),
        *(f"| {name} | {value} |" for name, value in card.settings.items()),
        "",
        "Labels: " + ", ".join(f"`{label}`" for label in card.labels),
    ]
    return "\n".join(lines) + "\n"


def _is_text(words: object) -> bool:
    return isinstance(words, list) and all(isinstance(word, str) for word in words)
