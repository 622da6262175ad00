"""The knowledge graph of one deployment: import, link, answer."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from knowledge.graph.entities import ARTICLES, PREFIX, EntityRecord, Source, SourceHead
from knowledge.graph.inferring import infer_mapping
from knowledge.graph.kinds import of_kind
from knowledge.graph.legacy import convert
from knowledge.graph.live import LiveGraph
from knowledge.graph.mapping import GraphMapping, apply_mapping, load_mapping
from knowledge.graph.near import names_near
from knowledge.graph.neighbourhood import Neighbourhood, Surveyor
from knowledge.graph.records import is_triples, read_records, read_triples
from knowledge.graph.store import GraphStore
from knowledge.progress import Progress, silent
from knowledge.types import Audience, EntityMention, GraphAnswer, GraphStatus, OfKind, QuestionOutline, Wording

_VERSION = "3"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did. broken: (where, why) of records left out; inferred_mapping: YAML, "" where one was given."""

    unchanged: bool
    entities: int
    facts: int
    broken: tuple[tuple[str, str], ...] = ()
    inferred_mapping: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphStats:
    """Size of the graph. facts: edges and attribute values together."""

    entities: int
    facts: int
    sources: int


class KnowledgeGraph:
    """Implements entity linking and question answering over all imported sources; `shown_to` gives what some may read.

    Read at first use, and kept up to date with what any process imports into the same folder.
    """

    def __init__(self, folder: Path) -> None:
        self._store = GraphStore(folder)
        convert(folder, self._store)
        self._audience: Audience = "internal"
        self._live = LiveGraph(self._store)
        self._public = LiveGraph(self._store, "public")

    @classmethod
    def open(cls, folder: Path) -> "KnowledgeGraph":
        """The graph in `folder`, empty when there is none."""
        return cls(folder)

    def shown_to(self, audience: Audience) -> "KnowledgeGraph":
        """The same graph as an audience may read it; closed with this one."""
        view = copy(self)
        view._audience = audience
        return view

    @contextmanager
    def _use(self) -> Iterator[LiveGraph]:
        """What may be read, up to date; the public reads the same memory as long as nothing in it is internal."""
        with self._live.use() as live:
            if self._audience == "internal" or live.is_public:
                yield live
                return
        with self._public.use() as live:
            yield live

    def close(self) -> None:
        """Lets go of the files."""
        self._store.close()

    def import_file(
        self,
        path: Path,
        mapping: Path | None = None,
        progress: Progress | None = None,
        source_id: str = "",
        audience: Audience | None = None,
    ) -> ImportReport:
        """Imports triples or records; what this file stated before is replaced, an unchanged file skipped.

        audience: who may read what it states, None for what its mapping says.
        Raises UnreadableSource, InvalidMapping.
        """
        progress = progress or silent
        source_id = source_id or path.name
        given = mapping.read_bytes() if mapping else b""
        asked = (audience or "").encode()  # nothing where nothing is asked, so that old fingerprints stay true
        fingerprint = hashlib.sha256(_VERSION.encode() + given + path.read_bytes() + asked).hexdigest()
        if self._store.fingerprint(source_id) == fingerprint:
            return ImportReport(unchanged=True, entities=0, facts=0)
        progress("reading", 0, 3)
        records, broken = read_records(path)
        progress("linking", 1, 3)
        inferred = ""
        if is_triples(records):
            entities, more = read_triples(records)
            used = load_mapping(mapping) if mapping else GraphMapping(name="head")
        else:
            used = load_mapping(mapping) if mapping else infer_mapping(records)
            shown = used.model_dump(exclude_unset=True)
            inferred = "" if mapping else yaml.safe_dump(shown, allow_unicode=True, sort_keys=False)
            entities, more = apply_mapping(records, used)
        head = SourceHead(
            source_id=source_id,
            fingerprint=fingerprint,
            targets=used.relations,
            labels=used.labels,
            wording=used.wording,
            disclaimer=used.disclaimer,
            audience=audience or used.audience,
        )
        progress("writing", 2, 3)
        self._store.write([Source(head=head, entities=entities)])
        progress("done", 3, 3)
        return ImportReport(
            unchanged=False,
            entities=len({entity.key for entity in entities}),
            facts=sum(entity.facts for entity in entities),
            broken=(*broken, *more),
            inferred_mapping=inferred,
        )

    def take_articles(self, sources: Sequence[Source]) -> int:
        """Takes in what was read from articles, in place of all that was read from articles before."""
        kept = {source.head.source_id for source in sources}
        gone = [source_id for source_id in self._store.source_ids(ARTICLES) if source_id not in kept]
        return self._store.write(sources, remove=gone)

    def article_ids(self) -> list[str]:
        """The articles that something was read from."""
        return [source_id.removeprefix(PREFIX) for source_id in self._store.source_ids(ARTICLES)]

    def is_article(self, source_id: str) -> bool:
        """Whether a fact's source is an article."""
        with self._use() as live:
            return f"{PREFIX}{source_id}" in live.heads

    def forget_articles(self, source_ids: Sequence[str]) -> None:
        """Takes out what was read from some articles."""
        if source_ids:
            self._store.write([], remove=[f"{PREFIX}{source_id}" for source_id in source_ids])

    def take(self, sources: Sequence[Source], remove: Sequence[str] = ()) -> int:
        """Takes in sources in place of what they stated before, and forgets others; returns how many entities changed."""
        return self._store.write(sources, remove=remove)

    def source_ids(self, kind: str) -> list[str]:
        """The sources of one kind."""
        return self._store.source_ids(kind)

    def records(self) -> list[tuple[str, EntityRecord]]:
        """All that is stated, with the source that states it."""
        with self._store.read() as (_, changes):
            return [(change.source_id, change.record) for change in changes if change.record is not None]

    def copy_to(self, folder: Path) -> "KnowledgeGraph":
        """The same graph in a folder of its own, to try something on."""
        self._store.copy_to(folder)
        return KnowledgeGraph.open(folder)

    def remove_source(self, source_id: str) -> bool:
        """Forgets what one file stated; False when it was never imported."""
        return self._store.remove(source_id)

    def link(self, text: str) -> tuple[EntityMention, ...]:
        """The entities named in a text."""
        with self._use() as live:
            return live.linker.link(text)

    def answer(self, question: str, mentions: Sequence[EntityMention] | None = None, language: str = "") -> GraphAnswer:
        """What the graph says to a question, with the wording of a language; the cues of both are tried."""
        with self._use() as live:
            answer = live.questions.answer(question, mentions, language)
            if not live.may_say(answer, question, live.linker.link(question) if mentions is None else mentions):
                return GraphAnswer(status=GraphStatus.NONE)
            sources = dict.fromkeys(fact.source_id for fact in answer.facts)
            notes = (live.heads[s].disclaimer.get(language, "") for s in sources if s in live.heads)
            return replace(answer, notes=tuple(dict.fromkeys(note for note in notes if note)))

    def near(self, question: str, audience: Audience) -> dict[str, float]:
        """Implements `knowledge.retrieval.neighbours.Neighbours`: names in the question, then those one hop from them."""
        with self.shown_to(audience)._use() as live:
            return names_near(live.memory, [mention.id for mention in live.linker.link(question)])

    def resolved(self, question: str, reply: str) -> str:
        """A question with its ambiguous name put as the reply to "which one?" chooses it; "" where it does not."""
        with self._use() as live:
            return live.questions.resolved(question, reply)

    def outline(self, question: str) -> QuestionOutline:
        """What a question holds of itself, without what was talked of before."""
        with self._use() as live:
            return live.questions.outline(question)

    def find(self, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The entities that a name stands for, and the names most like it where there are none."""
        with self._use() as live:
            nodes = live.linker.named(name)
            return nodes, () if nodes else live.linker.similar(name)

    def of_kind(self, mentions: Sequence[EntityMention], language: str) -> OfKind:
        """What kind of thing the mentions of one name are, as articles in a language may speak of it."""
        with self._use() as live:
            nodes = list(dict.fromkeys(one.id for one in mentions if one.id in live.memory.graph))
            if not nodes:
                return OfKind(kind="")
            return of_kind(live.facts, live.questions.wording(language), language, nodes)

    def telling(self, node: str) -> str:
        """The name of an entity, with its type where another bears the same."""
        with self._use() as live:
            return live.facts.telling(node)

    def around(self, node: str, hops: int = 1) -> Neighbourhood:
        """What lies around an entity."""
        with self._use() as live:
            return Surveyor(live.facts).around(node, hops)

    def wording(self, language: str) -> Wording:
        """How all that the graph holds is said in a language."""
        with self._use() as live:
            return live.questions.wording(language)

    def stats(self) -> GraphStats:
        """How much it holds."""
        with self._use() as live:
            return GraphStats(entities=live.memory.size, facts=live.memory.facts, sources=len(live.heads))

    def warm(self) -> None:
        """Reads the graph now, so that the first question need not wait."""
        self.stats()
