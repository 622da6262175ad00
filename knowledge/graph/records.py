"""Files of records or triples, read with a mapping that is given or inferred, into entities and facts."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge.errors import InvalidMapping, UnreadableSource
from knowledge.graph.wording import MappedWording

Value: TypeAlias = str | float
Record: TypeAlias = Mapping[str, object]

_NAME_KEYS = re.compile(r"^(?:name|title|名称|名字|标题|product|entity)$", re.IGNORECASE)
_TYPE_KEYS = re.compile(r"^(?:type|category|kind|class|领域|类型|类别|分类)$", re.IGNORECASE)
_NAMES_KEY = re.compile(r"^(?:name|title)_(en|zh)$", re.IGNORECASE)
_ALIAS_KEYS = re.compile(r"alias|别名|简称|^name_\w\w$|^sku$", re.IGNORECASE)
_TRIPLE = {"head", "relation", "tail"}
_NUMBER = re.compile(r"[$¥￥€£]?\s*(-?\d+(?:,\d{3})*(?:\.\d+)?)")
_MAX_TYPES = 60


class GraphMapping(BaseModel):
    """Which field is what. separator cuts a text field into several values (";" in csv).

    names: language → field that names the entity in it; wording: how relations, types and values are said to customers.
    """

    model_config = ConfigDict(extra="forbid")

    name: str
    type: str = ""
    type_name: str = "entity"
    aliases: list[str] = Field(default_factory=list)
    attributes: list[str] = Field(default_factory=list)
    relations: dict[str, str] = Field(default_factory=dict)
    labels: dict[str, list[str]] = Field(default_factory=dict)
    separator: str = ";"
    names: dict[str, str] = Field(default_factory=dict)
    wording: MappedWording = Field(default_factory=MappedWording)


class EntityRecord(BaseModel):
    """One entity as a source states it.

    values: relation to literal values; links: relation to names of entities; names: language to its name there.
    """

    name: str
    type: str
    aliases: list[str] = Field(default_factory=list)
    values: dict[str, list[Value]] = Field(default_factory=dict)
    links: dict[str, list[str]] = Field(default_factory=dict)
    lacks: list[str] = Field(default_factory=list)
    names: dict[str, str] = Field(default_factory=dict)


class Source(BaseModel):
    """All that one file states. targets: relation to type of what it leads to; labels: relation to cues; wording: as mapped."""

    source_id: str
    fingerprint: str
    entities: list[EntityRecord]
    targets: dict[str, str] = Field(default_factory=dict)
    labels: dict[str, list[str]] = Field(default_factory=dict)
    wording: MappedWording = Field(default_factory=MappedWording)


def read_records(path: Path) -> tuple[list[Record], list[tuple[str, str]]]:
    """The records of a csv, tsv, json or jsonl file, and (where, why) of those that are broken.

    Raises UnreadableSource when the file as a whole can't be read.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableSource(str(path), f"is not UTF-8 text ({error})") from error
    suffix = path.suffix.lower()
    if suffix in {".csv", ".tsv"}:
        return _tabular(path, text, "\t" if suffix == ".tsv" else ",")
    if suffix == ".json":
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise UnreadableSource(str(path), f"is not JSON ({error})") from error
        items = value if isinstance(value, list) else [value]
        return _objects(path, [(f"item {n}", item) for n, item in enumerate(items, start=1)])
    if suffix != ".jsonl":
        raise UnreadableSource(str(path), "is neither csv, tsv, json nor jsonl")
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


def load_mapping(path: Path) -> GraphMapping:
    """The mapping in a YAML file. Raises InvalidMapping."""
    try:
        return GraphMapping.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidMapping(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidMapping(f"{path}: {error}") from error


def infer_mapping(records: Sequence[Record]) -> GraphMapping:
    """Which field is what, judged by the data. Raises InvalidMapping when no field can be a name."""
    fields = list(dict.fromkeys(key for record in records for key in record))
    texts = {f: [v for r in records if isinstance(v := r.get(f), str) and v.strip()] for f in fields}
    unique = [f for f in fields if len(texts[f]) >= 0.8 * len(records) and len(set(texts[f])) > 0.9 * len(texts[f])]
    name = next((f for f in unique if _NAME_KEYS.match(f)), unique[0] if unique else "")
    if not name:
        raise InvalidMapping("no field holds a different name in every record; give a mapping with --mapping")
    few = [f for f in fields if texts[f] and len(set(texts[f])) <= min(_MAX_TYPES, len(records) / 2) and f != name]
    type_ = next((f for f in few if _TYPE_KEYS.match(f)), "")
    aliases = [f for f in fields if _ALIAS_KEYS.search(f) and f != name]
    known_names = set(texts[name])
    names = {match[1].lower(): f for f in fields if (match := _NAMES_KEY.match(f)) and f != name}
    rest = [f for f in fields if f not in {name, type_, *aliases}]
    relations: dict[str, str] = {}
    for field in rest:
        values = [v for r in records for v in _many(r.get(field), ";")]
        known = [v for v in values if v in known_names]
        if values and len(known) > 0.5 * len(values) and len(set(known)) > 3:
            relations[field] = _most_common_type(records, name, type_, known)
    attributes = [f for f in rest if f not in relations]
    return GraphMapping(name=name, type=type_, aliases=aliases, attributes=attributes, relations=relations, names=names)


def _most_common_type(records: Sequence[Record], name: str, type_: str, known: Sequence[str]) -> str:
    """The type that nearly all targets have, "" where they differ."""
    types = {str(record[name]): str(record.get(type_, "")) for record in records if record.get(name)}
    ((best, count),) = Counter(types[target] for target in known).most_common(1)
    return best if count > 0.8 * len(known) else ""


def apply_mapping(records: Sequence[Record], mapping: GraphMapping) -> tuple[list[EntityRecord], list[tuple[str, str]]]:
    """The entities of the records; records without a name are named as broken."""
    entities: list[EntityRecord] = []
    broken: list[tuple[str, str]] = []
    for number, record in enumerate(records, start=1):
        name = record.get(mapping.name)
        if not isinstance(name, str) or not name.strip():
            broken.append((f"record {number}", f"has no {mapping.name}"))
            continue
        values = {f: stated for f in mapping.attributes if (stated := _values(record.get(f), mapping.separator))}
        links = {f: named for f in mapping.relations if (named := _many(record.get(f), mapping.separator))}
        entities.append(
            EntityRecord(
                name=name.strip(),
                type=str(record.get(mapping.type) or mapping.type_name) if mapping.type else mapping.type_name,
                aliases=[a for f in mapping.aliases for a in _many(record.get(f), mapping.separator)],
                values=values,
                links=links,
                names={
                    language: own for language, f in mapping.names.items() if (own := str(record.get(f) or "").strip())
                },
                lacks=[f for f in mapping.attributes if f in record and f not in values],
            )
        )
    return entities, broken


def is_triples(records: Sequence[Record]) -> bool:
    """Whether the records are triples."""
    return bool(records) and set(records[0]) >= _TRIPLE


def read_triples(records: Sequence[Record]) -> tuple[list[EntityRecord], list[tuple[str, str]]]:
    """Entities of triples; a tail with a type of its own, or that is itself a head, is an entity, others are values."""
    broken: list[tuple[str, str]] = []
    found: dict[str, EntityRecord] = {}
    heads = {str(r.get("head")) for r in records}
    for number, record in enumerate(records, start=1):
        head, relation, tail = (str(record.get(key) or "").strip() for key in ("head", "relation", "tail"))
        if not head or not relation or not tail:
            broken.append((f"record {number}", "lacks head, relation or tail"))
            continue
        entity = found.setdefault(head, EntityRecord(name=head, type=str(record.get("head_type") or "entity")))
        tail_type = str(record.get("tail_type") or "")
        if tail_type or tail in heads:
            entity.links.setdefault(relation, []).append(tail)
            found.setdefault(tail, EntityRecord(name=tail, type=tail_type or "entity"))
        else:
            entity.values.setdefault(relation, []).extend(_values(tail, ""))
    return list(found.values()), broken


def _many(value: object, separator: str) -> list[str]:
    """The texts in a field: of a list, or of a text with separators."""
    if isinstance(value, str):
        parts = value.split(separator) if separator else [value]
        return [part.strip() for part in parts if part.strip()]
    return [str(item).strip() for item in value if item is not None] if isinstance(value, list) else []


def _values(value: object, separator: str) -> list[Value]:
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, int | float):
        return [float(value)]
    return [number_of(text) if number_of(text) is not None else text for text in _many(value, separator)]  # type: ignore[misc]


def number_of(text: str) -> float | None:
    """The number that a text is, currency signs and thousands' commas aside; None for any other text."""
    match = _NUMBER.fullmatch(text.strip())
    # A leading zero is an identifier (a phone number), not a quantity.
    if not match or re.match(r"0\d", match[1]) or len(match[1].replace(",", "")) > 7:
        return None
    return float(match[1].replace(",", ""))
