"""Labelled utterances: read from csv or jsonl, split, fingerprinted."""

import csv
import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson

from agent.errors import CallerError, reason_of

OUT_OF_SCOPE = "oos"
"""The label of utterances that none of the intents is for."""

SEPARATOR = "|"
"""Between the labels of an utterance that says several things."""

_TEXT_COLUMNS = ("text", "utterance", "文本", "内容")
_LABEL_COLUMNS = ("label", "category", "intent", "sentiment", "emotion", "标签", "意图")
_FEW = 5
_LONGEST_CELL = 2**24  # characters; what Python allows by itself, 131,072, is less than some people paste


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts and their labels, of the same length. left_out: rows of the file that had no text or no label."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]
    left_out: int = 0

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, rows: Sequence[int]) -> "Labelled":
        """The examples at these positions."""
        return Labelled(tuple(self.texts[n] for n in rows), tuple(self.labels[n] for n in rows))

    @property
    def label_names(self) -> tuple[str, ...]:
        """Each label once, sorted."""
        return tuple(sorted(set(self.labels)))


NOTHING = Labelled((), ())
"""No examples."""


def each_once(parts: Iterable[Labelled], key: Callable[[str], str]) -> Labelled:
    """Each text once, with the label of the last part that has it. key: what texts share that count as one."""
    found: dict[str, tuple[str, str]] = {}
    for part in parts:
        found.update({key(text): (text, label) for text, label in zip(part.texts, part.labels, strict=True)})
    return Labelled(tuple(text for text, _ in found.values()), tuple(label for _, label in found.values()))


def read_labelled(file: Path) -> Labelled:
    """The examples of a csv (by comma, semicolon or tab) with the columns text and label, or of a jsonl with those keys.

    The label may also be called category, intent, sentiment, emotion, 标签 or 意图, the text utterance, 文本 or 内容; several
    labels stand in a list called labels, or in one label, separated (see `labels_of`). Rows without a text or a label are
    left out, and counted.
    Raises CallerError when the file can't be read so, naming the line.
    """
    try:
        rows = list(_jsonl(file) if file.suffix in {".jsonl", ".ndjson"} else _csv(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CallerError(f"{file} can't be read ({reason_of(error)}); expected a csv or jsonl in UTF-8") from error
    pairs = [(text.strip(), label.strip()) for text, label in rows if text.strip() and label.strip()]
    if not pairs:
        raise CallerError(f"{file}: no row holds both a text and a label")
    return Labelled(
        tuple(text for text, _ in pairs), tuple(label for _, label in pairs), left_out=len(rows) - len(pairs)
    )


def remarks(data: Labelled) -> list[str]:
    """What whoever gave the data should know: what was left out, texts under several labels, labels of few examples."""
    found: list[str] = []
    if data.left_out:
        found.append(f"{data.left_out:,} rows without a text or a label were left out")
    labels: dict[str, set[str]] = {}
    for text, label in zip(data.texts, data.labels, strict=True):
        labels.setdefault(text, set()).add(label)
    doubtful = [f"{text[:60]!r} ({', '.join(sorted(own))})" for text, own in labels.items() if len(own) > 1]
    if doubtful:
        found.append(
            f"{len(doubtful):,} texts stand under several labels, and teach each of them: {_first(doubtful, 3)}"
        )
    few = [f"{label} ({count})" for label, count in sorted(Counter(data.labels).items()) if count < _FEW]
    if few:
        found.append(f"{len(few):,} labels have fewer than {_FEW} examples and will be told badly: {_first(few, 8)}")
    return found


def _first(listed: Sequence[str], most: int) -> str:
    return ", ".join(listed[:most]) + (" …" if len(listed) > most else "")


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
    csv.field_size_limit(_LONGEST_CELL)
    with file.open(encoding="utf-8-sig", newline="") as stream:
        head = stream.readline()
        stream.seek(0)
        reader = csv.DictReader(stream, delimiter=max(",;\t", key=head.count))
        reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
        text, label = _columns(reader.fieldnames, file)
        for row in reader:
            yield row[text] or "", row[label] or ""


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
        text, label = _columns(tuple(record), file, number)
        yield str(record[text] or ""), str("" if record[label] is None else record[label])


def _columns(columns: Sequence[str], file: Path, line: int = 1) -> tuple[str, str]:
    """Those of the text and of the label."""
    text = next((name for name in _TEXT_COLUMNS if name in columns), None)
    label = next((name for name in _LABEL_COLUMNS if name in columns), None)
    if text is None or label is None:
        found = ", ".join(columns) or "nothing"
        raise CallerError(f"{file}, line {line}: expected the columns text,label; found {found}")
    return text, label
