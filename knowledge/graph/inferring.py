"""Which field of a record is what, judged by what the fields are called and by what stands in them."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from knowledge.errors import InvalidMapping
from knowledge.graph.entities import UNTYPED
from knowledge.graph.mapping import GraphMapping, Record
from knowledge.graph.values import text_of, texts_of
from knowledge.graph.wording import MappedWording, RelationWording
from knowledge.graph.written_units import common_unit
from knowledge.loaders.naming import naming_field

_Texts: TypeAlias = Mapping[str, Sequence[str]]

_NAME_KEYS = re.compile(r"^(?:name|title|名称|名字|标题|品名|product|entity)$", re.IGNORECASE)
_LONGER_NAME_KEYS = re.compile(r"^(?:[a-z]+[ _]name|[\u4e00-\u9fff]{2}名称)$", re.IGNORECASE)
_TYPE_KEYS = re.compile(
    r"^(?:(?:product|item)[ _])?(?:type|category|kind|class)$|^(?:产品|商品)?(?:领域|类型|类别|分类|种类|品类)$",
    re.IGNORECASE,
)
_IN_LANGUAGE = {
    "en": re.compile(
        r"^(?:name|title)_en$|^english[ _]name$|^(?:name|title) ?\((?:en|english)\)$|^英文(?:名|名称)$", re.I
    ),
    "zh": re.compile(
        r"^(?:name|title)_zh$|^chinese[ _]name$|^(?:name|title) ?\((?:zh|chinese)\)$|^中文(?:名|名称)$", re.I
    ),
}
_ALIAS_KEYS = re.compile(r"alias|别名|简称|^name_\w\w$|^sku$", re.IGNORECASE)
_PLACE_KEYS = re.compile(r"city|branch|location|place|area|district|城市|分店|门店|地区|区域|地点", re.IGNORECASE)
_MAX_TYPES = 60
_LEAST_NAMED = 2
"""Things that a field must name for it to lead to things."""


def infer_mapping(records: Sequence[Record]) -> GraphMapping:
    """Which field is what, judged by the data. Raises InvalidMapping when no field can be a name."""
    fields = list(dict.fromkeys(key for record in records for key in record))
    texts = {f: [v for r in records if isinstance(v := r.get(f), str) and v.strip()] for f in fields}
    names = {language: field for language, key in _IN_LANGUAGE.items() for field in fields if key.match(field)}
    name = _naming(records, texts, set(names.values()))
    names = {language: field for language, field in names.items() if field != name}
    type_ = _typing(texts, name)
    aliases = [f for f in fields if f != name and (_ALIAS_KEYS.search(f) or f in names.values())]
    rest = [f for f in fields if f not in {name, type_, *aliases}]
    relations = _leading_to_things(records, rest, name, type_)
    attributes = [f for f in rest if f not in relations]
    units = {f: RelationWording(value=unit) for f in attributes if (unit := common_unit(texts[f]))}
    return GraphMapping(
        name=name,
        type=type_,
        type_name=UNTYPED,
        aliases=aliases,
        attributes=attributes,
        relations=relations,
        separator=";",
        names=names,
        distinct=_tells_apart(records, name, type_, attributes),
        wording=MappedWording(relations=units),
    )


def _naming(records: Sequence[Record], texts: _Texts, translated: set[str]) -> str:
    """The field that names a record; translated: fields that name it in one language, which others go before."""
    full = [f for f in texts if len(texts[f]) >= 0.8 * len(records)]
    unique = [f for f in full if len(set(texts[f])) > 0.9 * len(texts[f])]
    # What is called a name is one, though branches may share it, where it is not the same for nearly all.
    called = [f for f in full if _NAME_KEYS.match(f) and (f in unique or len(set(texts[f])) > 0.2 * len(texts[f]))]
    longer = [f for f in unique if _LONGER_NAME_KEYS.match(f) and f not in translated]
    candidates = [*called, *longer]
    if not candidates:
        told = naming_field({f: text_of(record.get(f)) for f in unique} for record in records)
        candidates = [*([told] if told else []), *unique]
    if not candidates:
        raise InvalidMapping("no field holds a different name in every record; give a mapping with --mapping")
    return candidates[0]


def _typing(texts: _Texts, name: str) -> str:
    """The field that says what kind of thing a record is, "" for none: a kind has more than one thing somewhere."""
    kinds = (f for f in texts if f != name and _TYPE_KEYS.match(f))
    return next((f for f in kinds if 0 < len(set(texts[f])) < len(texts[f]) and len(set(texts[f])) <= _MAX_TYPES), "")


def _leading_to_things(records: Sequence[Record], fields: Sequence[str], name: str, type_: str) -> dict[str, str]:
    """Fields most of whose values are names of other records, with the type of what they lead to."""
    known_names = {record[name] for record in records if isinstance(record.get(name), str)}
    relations: dict[str, str] = {}
    for field in fields:
        values = [v for r in records for v in texts_of(r.get(field), ";")]
        known = [v for v in values if v in known_names]
        if len(known) > 0.5 * len(values) and len(set(known)) >= _LEAST_NAMED:
            relations[field] = _most_common_type(records, name, type_, known)
    return relations


def _most_common_type(records: Sequence[Record], name: str, type_: str, known: Sequence[str]) -> str:
    """The type that nearly all targets have, "" where they differ."""
    types = {str(record[name]): str(record.get(type_, "")) for record in records if record.get(name)}
    ((best, count),) = Counter(types[target] for target in known).most_common(1)
    return best if count > 0.8 * len(known) else ""


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
