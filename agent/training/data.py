"""Labelled utterances: read from csv or jsonl, split, fingerprinted."""

import csv
import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson

from agent.errors import CallerError

OUT_OF_SCOPE = "oos"
"""The label of utterances that none of the intents is for."""

SEPARATOR = "|"
"""Between the labels of an utterance that says several things."""

_LABEL_COLUMNS = ("label", "category", "intent", "sentiment", "emotion")


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts and their labels, of the same length."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, rows: Sequence[int]) -> "Labelled":
        """The examples at these positions."""
        return Labelled(tuple(self.texts[n] for n in rows), tuple(self.labels[n] for n in rows))

    @property
    def label_names(self) -> tuple[str, ...]:
        """Each label once, sorted."""
        return tuple(sorted(set(self.labels)))


def each_once(parts: Iterable[Labelled], key: Callable[[str], str]) -> Labelled:
    """Each text once, with the label of the last part that has it. key: what texts share that count as one."""
    found: dict[str, tuple[str, str]] = {}
    for part in parts:
        found.update({key(text): (text, label) for text, label in zip(part.texts, part.labels, strict=True)})
    return Labelled(tuple(text for text, _ in found.values()), tuple(label for _, label in found.values()))


def read_labelled(file: Path) -> Labelled:
    """The examples of a csv with the columns text and label, or of a jsonl with those keys.

    The label may also be called category, intent, sentiment or emotion; several labels stand in a list called labels, or
    in one label, separated (see `labels_of`). Rows without a text or a label are left out.
    Raises CallerError when the file can't be read so, naming the line.
    """
    try:
        rows = list(_jsonl(file) if file.suffix in {".jsonl", ".ndjson"} else _csv(file))
    except (OSError, UnicodeDecodeError) as error:
        raise CallerError(f"{file} can't be read ({error}); expected a csv or jsonl in UTF-8") from error
    pairs = [(text.strip(), label.strip()) for text, label in rows if text.strip() and label.strip()]
    if not pairs:
        raise CallerError(f"{file}: no row holds both a text and a label")
    return Labelled(tuple(text for text, _ in pairs), tuple(label for _, label in pairs))


def labels_of(label: str, known: Collection[str]) -> tuple[str, ...]:
    """Its labels where it names several that are all known; a known label is one, whatever stands in it."""
    parts = tuple(dict.fromkeys(part.strip() for part in label.split(SEPARATOR)))
    return parts if label not in known and len(parts) > 1 and all(part in known for part in parts) else (label,)


def write_labelled(data: Labelled, file: Path) -> None:
    """A csv that `read_labelled` reads, whole or not at all."""
    draft = file.with_name(f".{file.name}")
    with draft.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("text", "label"))
        writer.writerows(zip(data.texts, data.labels, strict=True))
    draft.replace(file)


def split(data: Labelled, fraction: float, *, seed: int = 0) -> tuple[Labelled, Labelled]:
    """(kept, held out), every label by the same fraction 0…1, at least one example of each label kept."""
    random = np.random.default_rng(seed)
    kept: list[int] = []
    held: list[int] = []
    for label in data.label_names:
        rows = random.permutation([n for n, one in enumerate(data.labels) if one == label])
        count = min(round(len(rows) * fraction), len(rows) - 1)
        held.extend(int(n) for n in rows[:count])
        kept.extend(int(n) for n in rows[count:])
    return data.take(sorted(kept)), data.take(sorted(held))


def fingerprint(data: Labelled) -> str:
    """SHA-256 of the examples, whatever their order."""
    lines = sorted(f"{label}\t{text}" for text, label in zip(data.texts, data.labels, strict=True))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def require_labels(data: Labelled, file: Path, *, at_least: int = 2) -> None:
    """Raises CallerError where there is nothing to tell apart, naming labels with too few examples."""
    counts = Counter(data.labels)
    if len(set(counts) - {OUT_OF_SCOPE}) < 2:
        raise CallerError(f"{file}: at least two labels are needed")
    rare = sorted(label for label, count in counts.items() if count < at_least)
    if rare:
        raise CallerError(
            f"{file}: at least {at_least} examples of each label are needed; too few of {', '.join(rare)}"
        )


def _csv(file: Path) -> Iterator[tuple[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        column = _label_column(reader.fieldnames or (), file)
        for row in reader:
            yield row["text"] or "", row[column] or ""


def _jsonl(file: Path) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(file.read_text("utf-8-sig").split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise CallerError(f"{file}, line {number} is no JSON ({error})") from error
        if not isinstance(record, Mapping):
            raise CallerError(f"{file}, line {number} is no object with text and label")
        if "text" in record and isinstance(labels := record.get("labels"), list):
            yield str(record["text"] or ""), SEPARATOR.join(map(str, labels))
            continue
        column = _label_column(tuple(record), file)
        yield str(record["text"] or ""), str("" if record[column] is None else record[column])


def _label_column(columns: Sequence[str], file: Path) -> str:
    found = next((name for name in _LABEL_COLUMNS if name in columns), None)
    if "text" not in columns or found is None:
        raise CallerError(f"{file}: expected the columns text,label")
    return found
