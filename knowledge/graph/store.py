"""The graph on disk and in memory: one JSON file for each source, all of them together a networkx graph."""

import contextlib
import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import networkx as nx
import orjson

from knowledge.graph.records import EntityRecord, Source, Value
from knowledge.graph.wording import MappedWording

_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphStats:
    """Size of the graph. facts: edges and attribute values together."""

    entities: int
    facts: int
    sources: int


class SourceFiles:
    """The sources in a folder; each is written whole to another name and then renamed, so a crash keeps the old one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def fingerprint(self, source_id: str) -> str:
        """Fingerprint of a source as it was last imported, "" when it never was; reads a few bytes."""
        with contextlib.suppress(OSError):
            return self._stamp(source_id).read_text("utf-8")
        return ""

    def write(self, source: Source) -> None:
        """Stores a source in place of what it stated before."""
        path = self._path(source.source_id)
        _replace(path, orjson.dumps({"format": _FORMAT, **source.model_dump()}))
        _replace(self._stamp(source.source_id), source.fingerprint.encode())

    def remove(self, source_id: str) -> bool:
        """Forgets a source; False when it was not there."""
        self._stamp(source_id).unlink(missing_ok=True)
        path = self._path(source_id)
        there = path.exists()
        path.unlink(missing_ok=True)
        return there

    def read(self) -> list[Source]:
        """All sources, in order of their names."""
        raw = [orjson.loads(path.read_bytes()) for path in sorted(self._folder.glob("*.json"))]
        # What this class wrote itself needs no second validation, which would take longer than all the rest.
        return [
            Source.model_construct(
                **{key: value for key, value in item.items() if key not in {"format", "entities", "wording"}},
                wording=MappedWording.model_validate(item.get("wording", {})),
                entities=[EntityRecord.model_construct(**entity) for entity in item["entities"]],
            )
            for item in raw
        ]

    def _path(self, source_id: str) -> Path:
        return self._folder / f"{hashlib.sha256(source_id.encode()).hexdigest()[:16]}.json"

    def _stamp(self, source_id: str) -> Path:
        return self._path(source_id).with_suffix(".stamp")


def _replace(path: Path, content: bytes) -> None:
    draft = path.with_suffix(path.suffix + ".new")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def build_graph(sources: Iterable[Source]) -> "nx.MultiDiGraph[str]":
    """Nodes are entities ("type/name"), with `name`, `type`, `aliases`, `names`, `values`, `lacks`, `source`; edges are keyed by relation.

    A link to a name that no source describes makes a node with `known=False`.
    """
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    by_name: dict[str, list[str]] = {}
    stated = list(sources)
    for source in stated:
        for entity in source.entities:
            node = f"{entity.type}/{entity.name}"
            _merge(graph, node, entity, source.source_id)
            by_name.setdefault(entity.name, [])
            if node not in by_name[entity.name]:
                by_name[entity.name].append(node)
    for source in stated:
        for entity in source.entities:
            head = f"{entity.type}/{entity.name}"
            for relation, names in entity.links.items():
                wanted = source.targets.get(relation, "")
                for name in names:
                    tail = _target(graph, by_name, name, wanted)
                    if not graph.has_edge(head, tail, relation):
                        graph.add_edge(head, tail, relation, source=source.source_id)
    return graph


def _merge(graph: "nx.MultiDiGraph[str]", node: str, entity: EntityRecord, source_id: str) -> None:
    if node not in graph:
        graph.add_node(
            node,
            name=entity.name,
            type=entity.type,
            aliases=[],
            names={},
            values={},
            lacks=set(),
            source=source_id,
            known=True,
        )
    data = graph.nodes[node]
    data["aliases"] = list(dict.fromkeys([*data["aliases"], *entity.aliases]))
    data["names"].update(entity.names)
    values: dict[str, list[Value]] = data["values"]
    for relation, stated in entity.values.items():
        values[relation] = list(dict.fromkeys([*values.get(relation, []), *stated]))
    data["lacks"] |= set(entity.lacks)


def _target(graph: "nx.MultiDiGraph[str]", by_name: dict[str, list[str]], name: str, wanted: str) -> str:
    nodes = by_name.get(name, [])
    fitting = [node for node in nodes if not wanted or graph.nodes[node]["type"] == wanted]
    if fitting or nodes:
        return (fitting or nodes)[0]
    node = f"{wanted or 'entity'}/{name}"
    if node not in graph:
        graph.add_node(
            node,
            name=name,
            type=wanted or "entity",
            aliases=[],
            names={},
            values={},
            lacks=set(),
            source="",
            known=False,
        )
    return node
