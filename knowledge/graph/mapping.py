"""Which field of a record is what: given as YAML, or judged by the data; and records read with it."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge.errors import InvalidMapping
from knowledge.graph.entities import EntityRecord
from knowledge.graph.values import text_of, texts_of, values_of
from knowledge.graph.wording import MappedWording
from knowledge.types import Audience

Record: TypeAlias = Mapping[str, object]

_NAME_KEYS = re.compile(r"^(?:name|title|名称|名字|标题|product|entity)$", re.IGNORECASE)
_TYPE_KEYS = re.compile(r"^(?:type|category|kind|class|领域|类型|类别|分类)$", re.IGNORECASE)
_NAMES_KEY = re.compile(r"^(?:name|title)_(en|zh)$", re.IGNORECASE)
_ALIAS_KEYS = re.compile(r"alias|别名|简称|^name_\w\w$|^sku$", re.IGNORECASE)
_PLACE_KEYS = re.compile(r"city|branch|location|place|area|district|城市|分店|门店|地区|区域|地点", re.IGNORECASE)
_MAX_TYPES = 60


class GraphMapping(BaseModel):
    """Which field is what. separator cuts a text field into several values (";" in csv).

    names: language → field that names the entity in it; wording: how relations, types and values are said to customers.
    distinct: fields that tell apart records of one name ("Hilton" in two cities); they are put behind it in brackets.
    disclaimer: language → what is said once in every answer from these records.
    audience: who may read what they state.
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
    distinct: list[str] = Field(default_factory=list)
    disclaimer: dict[str, str] = Field(default_factory=dict)
    wording: MappedWording = Field(default_factory=MappedWording)
    audience: Audience = "public"


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
    full = [f for f in fields if len(texts[f]) >= 0.8 * len(records)]
    unique = [f for f in full if len(set(texts[f])) > 0.9 * len(texts[f])]
    # What is called a name is one, though branches may share it, where it is not the same for nearly all.
    called = [f for f in full if _NAME_KEYS.match(f) and (f in unique or len(set(texts[f])) > 0.2 * len(texts[f]))]
    name = next(iter((*called, *unique)), "")
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
        values = [v for r in records for v in texts_of(r.get(field), ";")]
        known = [v for v in values if v in known_names]
        if values and len(known) > 0.5 * len(values) and len(set(known)) > 3:
            relations[field] = _most_common_type(records, name, type_, known)
    attributes = [f for f in rest if f not in relations]
    return GraphMapping(
        name=name,
        type=type_,
        aliases=aliases,
        attributes=attributes,
        relations=relations,
        names=names,
        distinct=_tells_apart(records, name, type_, attributes),
    )


def _most_common_type(records: Sequence[Record], name: str, type_: str, known: Sequence[str]) -> str:
    """The type that nearly all targets have, "" where they differ."""
    types = {str(record[name]): str(record.get(type_, "")) for record in records if record.get(name)}
    ((best, count),) = Counter(types[target] for target in known).most_common(1)
    return best if count > 0.8 * len(known) else ""


def apply_mapping(records: Sequence[Record], mapping: GraphMapping) -> tuple[list[EntityRecord], list[tuple[str, str]]]:
    """The entities of the records; records without a name are named as broken."""
    entities: list[EntityRecord] = []
    broken: list[tuple[str, str]] = []
    apart = _told_apart(records, mapping)
    for number, record in enumerate(records):
        name = record.get(mapping.name)
        if not isinstance(name, str) or not text_of(name):
            broken.append((f"record {number + 1}", f"has no {mapping.name}"))
            continue
        entities.append(_entity(record, mapping, text_of(name), apart.get(number, "")))
    return entities, broken


def _entity(record: Record, mapping: GraphMapping, name: str, mark: str) -> EntityRecord:
    values = {f: stated for f in mapping.attributes if (stated := values_of(record.get(f), mapping.separator))}
    links = {f: named for f in mapping.relations if (named := texts_of(record.get(f), mapping.separator))}
    own = {language: text_of(record.get(field)) for language, field in mapping.names.items()}
    return EntityRecord(
        name=f"{name} ({mark})" if mark else name,
        type=text_of(record.get(mapping.type)) or mapping.type_name if mapping.type else mapping.type_name,
        aliases=[a for f in mapping.aliases for a in texts_of(record.get(f), mapping.separator)],
        values=values,
        links=links,
        names={language: f"{said} ({mark})" if mark else said for language, said in own.items() if said},
        lacks=[f for f in mapping.attributes if f in record and f not in values],
    )


def _told_apart(records: Sequence[Record], mapping: GraphMapping) -> dict[int, str]:
    """Record → what tells it from others of its name and type, for those that need it."""
    if not mapping.distinct:
        return {}
    same: dict[tuple[str, str], list[int]] = {}
    for number, record in enumerate(records):
        same.setdefault((text_of(record.get(mapping.name)), text_of(record.get(mapping.type))), []).append(number)
    shared = [number for numbers in same.values() if len(numbers) > 1 for number in numbers]
    marks = {n: ", ".join(text for f in mapping.distinct if (text := text_of(records[n].get(f)))) for n in shared}
    return {number: mark for number, mark in marks.items() if mark}


def _tells_apart(records: Sequence[Record], name: str, type_: str, fields: Sequence[str]) -> list[str]:
    """The first field by which all records that share name and type differ from each other."""
    same: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        same.setdefault((text_of(record.get(name)), text_of(record.get(type_))), []).append(record)
    shared = [group for group in same.values() if len(group) > 1]
    for field in sorted(fields, key=lambda f: not _PLACE_KEYS.search(f)) if shared else ():
        marks = [[text_of(record.get(field)) for record in group] for group in shared]
        if all(all(texts) and len(set(texts)) == len(texts) for texts in marks):
            return [field]
    return []
