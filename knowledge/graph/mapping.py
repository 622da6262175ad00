"""Which field of a record is what, as YAML, and records read with it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge.errors import InvalidMapping
from knowledge.graph.entities import EntityRecord, Value
from knowledge.graph.values import text_of, texts_of, values_of
from knowledge.graph.wording import MappedWording
from knowledge.graph.written_units import without_unit
from knowledge.types import Audience

Record: TypeAlias = Mapping[str, object]


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
    values = {f: stated for f in mapping.attributes if (stated := _values(record.get(f), f, mapping))}
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


def _values(value: object, field: str, mapping: GraphMapping) -> list[Value]:
    """The values in a field; a number may be written with the unit in which it is said."""
    said = mapping.wording.relations.get(field)
    if said is None or not said.value or not isinstance(value, str):
        return values_of(value, mapping.separator)
    return values_of([without_unit(text, said.value) for text in texts_of(value, mapping.separator)], "")


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
