"""Files of records or triples, read into records and entities."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

from knowledge.errors import UnreadableSource
from knowledge.graph.entities import UNTYPED, EntityRecord, Value
from knowledge.graph.mapping import Record
from knowledge.graph.values import text_of, values_of

_READ = (".csv", ".tsv", ".json", ".jsonl")
_TRIPLE = {"head", "relation", "tail"}


def read_records(path: Path) -> tuple[list[Record], list[tuple[str, str]]]:
    """The records of a csv, tsv, json or jsonl file, and (where, why) of those that are broken.

    Raises UnreadableSource when the file as a whole can't be read.
    """
    suffix = path.suffix.lower()
    if suffix not in _READ:
        raise UnreadableSource(
            str(path), f"is none of {', '.join(_READ)}: save a table as csv, and read articles by parley ingest"
        )
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableSource(str(path), f"is not UTF-8 text ({error})") from error
    if suffix in {".csv", ".tsv"}:
        return _tabular(path, text, "\t" if suffix == ".tsv" else ",")
    if suffix == ".json":
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise UnreadableSource(str(path), f"is not JSON ({error})") from error
        items = value if isinstance(value, list) else [value]
        return _objects(path, [(f"item {n}", item) for n, item in enumerate(items, start=1)])
    parsed: list[tuple[str, object]] = []
    broken: list[tuple[str, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                parsed.append((f"line {number}", json.loads(line)))
            except (ValueError, RecursionError) as error:
                broken.append((f"{path}:{number}", f"is not JSON ({error})"))
    records, more = _objects(path, parsed)
    return records, [*broken, *more]


def _tabular(path: Path, text: str, delimiter: str) -> tuple[list[Record], list[tuple[str, str]]]:
    records: list[Record] = []
    broken: list[tuple[str, str]] = []
    try:
        reader = csv.DictReader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
        for row in reader:
            if None in row or all(not cell for cell in row.values()):
                broken.append((f"{path}:{reader.line_num}", "has another number of cells than the header"))
            else:
                records.append({str(key): cell for key, cell in row.items() if key})
    except csv.Error as error:
        raise UnreadableSource(str(path), f"is not a table ({error})") from error
    return records, broken


def _objects(path: Path, items: Sequence[tuple[str, object]]) -> tuple[list[Record], list[tuple[str, str]]]:
    records: list[Record] = [item for _, item in items if isinstance(item, dict)]
    return records, [(f"{path} {where}", "is no object") for where, item in items if not isinstance(item, dict)]


def is_triples(records: Sequence[Record]) -> bool:
    """Whether the records are triples."""
    return bool(records) and set(records[0]) >= _TRIPLE


def read_triples(records: Sequence[Record]) -> tuple[list[EntityRecord], list[tuple[str, str]]]:
    """Entities of triples; a tail with a type of its own, or that is itself a head, is an entity, others are values."""
    broken: list[tuple[str, str]] = []
    types: dict[str, str] = {}
    values: dict[str, dict[str, list[Value]]] = {}
    links: dict[str, dict[str, list[str]]] = {}
    heads = {text_of(r.get("head")) for r in records}
    for number, record in enumerate(records, start=1):
        head, relation, tail = (text_of(record.get(key)) for key in ("head", "relation", "tail"))
        if not head or not relation or not tail:
            broken.append((f"record {number}", "lacks head, relation or tail"))
            continue
        _typed(types, head, text_of(record.get("head_type")))
        tail_type = text_of(record.get("tail_type"))
        if tail_type or tail in heads:
            links.setdefault(head, {}).setdefault(relation, []).append(tail)
            _typed(types, tail, tail_type)
        else:
            values.setdefault(head, {}).setdefault(relation, []).extend(values_of(tail, ""))
    entities = [
        EntityRecord(name=name, type=type_ or UNTYPED, values=values.get(name, {}), links=links.get(name, {}))
        for name, type_ in types.items()
    ]
    return entities, broken


def _typed(types: dict[str, str], name: str, type_: str) -> None:
    """Notes the type of a name, the first that is stated."""
    types[name] = types.get(name) or type_
