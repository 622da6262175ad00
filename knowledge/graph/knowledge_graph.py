"""The knowledge graph of one deployment: import, link, answer."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TypeAlias

import yaml

from knowledge.graph.linker import GraphLinker, NamedEntity
from knowledge.graph.questions import GraphQuestions
from knowledge.graph.records import (
    GraphMapping,
    Source,
    apply_mapping,
    infer_mapping,
    is_triples,
    load_mapping,
    read_records,
    read_triples,
)
from knowledge.graph.store import GraphStats, SourceFiles, build_graph
from knowledge.graph.wording import together
from knowledge.types import EntityMention, GraphAnswer, QuestionOutline

Progress: TypeAlias = Callable[[str, int, int], None]
_VERSION = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did. broken: (where, why) of records left out; inferred_mapping: YAML, "" where one was given."""

    unchanged: bool
    entities: int
    facts: int
    broken: tuple[tuple[str, str], ...] = ()
    inferred_mapping: str = ""


@dataclass(frozen=True, slots=True)
class _Loaded:
    linker: GraphLinker
    questions: GraphQuestions
    stats: GraphStats


class KnowledgeGraph:
    """Implements entity linking and question answering over all imported sources; read at first use."""

    def __init__(self, folder: Path) -> None:
        self._files = SourceFiles(folder)
        self._lock = Lock()
        self._memory: _Loaded | None = None

    @classmethod
    def open(cls, folder: Path) -> "KnowledgeGraph":
        """The graph in `folder`, empty when there is none."""
        return cls(folder)

    def import_file(
        self, path: Path, mapping: Path | None = None, progress: Progress | None = None, source_id: str = ""
    ) -> ImportReport:
        """Imports triples or records; what this file stated before is replaced, an unchanged file skipped.

        Raises UnreadableSource, InvalidMapping.
        """
        progress = progress or _silent
        source_id = source_id or path.name
        given = mapping.read_bytes() if mapping else b""
        fingerprint = hashlib.sha256(_VERSION.encode() + given + path.read_bytes()).hexdigest()
        if self._files.fingerprint(source_id) == fingerprint:
            return ImportReport(unchanged=True, entities=0, facts=0)
        progress("reading", 0, 3)
        records, broken = read_records(path)
        progress("linking", 1, 3)
        inferred = ""
        if is_triples(records):
            entities, more = read_triples(records)
            used = GraphMapping(name="head")
        else:
            used = load_mapping(mapping) if mapping else infer_mapping(records)
            inferred = "" if mapping else yaml.safe_dump(used.model_dump(), allow_unicode=True, sort_keys=False)
            entities, more = apply_mapping(records, used)
        source = Source(
            source_id=source_id,
            fingerprint=fingerprint,
            entities=entities,
            targets=used.relations,
            labels=used.labels,
            wording=used.wording,
        )
        progress("writing", 2, 3)
        self._files.write(source)
        self._memory = None
        facts = sum(sum(map(len, e.values.values())) + sum(map(len, e.links.values())) for e in entities)
        progress("done", 3, 3)
        return ImportReport(
            unchanged=False, entities=len(entities), facts=facts, broken=(*broken, *more), inferred_mapping=inferred
        )

    def remove_source(self, source_id: str) -> bool:
        """Forgets what one file stated; False when it was never imported."""
        self._memory = None
        return self._files.remove(source_id)

    def link(self, text: str) -> tuple[EntityMention, ...]:
        """The entities named in a text."""
        return self._loaded().linker.link(text)

    def answer(self, question: str, mentions: Sequence[EntityMention] | None = None, language: str = "") -> GraphAnswer:
        """What the graph says to a question, with the wording of a language; the cues of both are tried."""
        return self._loaded().questions.answer(question, mentions, language)

    def outline(self, question: str) -> QuestionOutline:
        """What a question holds of itself, without what was talked of before."""
        return self._loaded().questions.outline(question)

    def stats(self) -> GraphStats:
        """How much it holds."""
        return self._loaded().stats

    def warm(self) -> None:
        """Reads the graph now, so that the first question need not wait."""
        self._loaded()

    def _loaded(self) -> _Loaded:
        with self._lock:
            if self._memory is None:
                self._memory = self._load()
            return self._memory

    def _load(self) -> _Loaded:
        sources = self._files.read()
        graph = build_graph(sources)
        known = [(node, data) for node, data in graph.nodes(data=True) if data["known"]]
        linker = GraphLinker(
            [NamedEntity(node, data["name"], data["type"], tuple(data["aliases"])) for node, data in known]
        )
        labels = {relation: cues for source in sources for relation, cues in source.labels.items()}
        wording = together(source.wording for source in sources)
        values = sum(len(v) for _, data in known for v in data["values"].values())
        stats = GraphStats(entities=len(known), facts=values + graph.number_of_edges(), sources=len(sources))
        return _Loaded(linker, GraphQuestions(graph, linker, labels, wording), stats)


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Progress for nobody."""
