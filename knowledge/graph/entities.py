"""What sources state: entities with their values and links, and what a source says about its own words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from knowledge.graph.wording import MappedWording
from knowledge.types import Audience

Value: TypeAlias = str | float
UNTYPED = "entity"
"""The type of what no source gives a type."""

ARTICLES = "articles"
"""The kind of a source that was read from an article; others were imported from files."""

PREFIX = "article:"
"""Of the ids of sources that are articles: a table of the same name may be imported as well."""

Key: TypeAlias = tuple[str, str]
"""Type and name, by which entities are told apart."""


@dataclass(slots=True, kw_only=True)
class EntityRecord:
    """One entity as a source states it.

    values: relation to literal values; links: relation to names of entities; names: language to its name there;
    lacks: relations that the source has for it, without a value.
    quotes: (relation, value or name) to the words of the source that say so, where the source is a text.
    """

    name: str
    type: str
    aliases: Sequence[str] = ()
    values: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    links: Mapping[str, Sequence[str]] = field(default_factory=dict)
    lacks: Sequence[str] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    quotes: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """By which it is told apart from others."""
        return self.type, self.name

    @property
    def facts(self) -> int:
        """Number of values and links."""
        return sum(map(len, self.values.values())) + sum(map(len, self.links.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHead:
    """What a source says beside its entities.

    kind:       "file" for what was imported, "articles" for what was read from passages.
    targets:    relation to type of what it leads to.
    labels:     relation to cues; wording: as mapped.
    title, url: of the article that it was read from.
    disclaimer: language to what must be said with every answer from it.
    audience:   who may read what it states.
    """

    source_id: str
    fingerprint: str
    kind: str = "file"
    targets: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    wording: MappedWording = field(default_factory=MappedWording)
    title: str = ""
    url: str | None = None
    disclaimer: Mapping[str, str] = field(default_factory=dict)
    audience: Audience = "public"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """All that one file or article states."""

    head: SourceHead
    entities: Sequence[EntityRecord]


def merged(entities: Iterable[EntityRecord]) -> dict[Key, EntityRecord]:
    """One record for each entity, in order; what is stated of it in several places is put together."""
    found: dict[Key, EntityRecord] = {}
    for entity in entities:
        earlier = found.get(entity.key)
        found[entity.key] = entity if earlier is None else _together(earlier, entity)
    return found


def _together(first: EntityRecord, second: EntityRecord) -> EntityRecord:
    values = {r: list(first.values.get(r, ())) for r in (*first.values, *second.values)}
    links = {r: list(first.links.get(r, ())) for r in (*first.links, *second.links)}
    for relation, stated in second.values.items():
        values[relation] = list(dict.fromkeys([*values[relation], *stated]))
    for relation, names in second.links.items():
        links[relation] = list(dict.fromkeys([*links[relation], *names]))
    return EntityRecord(
        name=first.name,
        type=first.type,
        aliases=list(dict.fromkeys([*first.aliases, *second.aliases])),
        values=values,
        links=links,
        lacks=[r for r in dict.fromkeys([*first.lacks, *second.lacks]) if r not in values],
        names={**first.names, **second.names},
        quotes={**first.quotes, **second.quotes},
    )
