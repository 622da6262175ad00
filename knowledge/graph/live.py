"""The graph in use: kept in memory in step with its store, whichever process writes there."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import RLock

from knowledge.graph.answering.questions import GraphQuestions
from knowledge.graph.entities import ARTICLES, PREFIX, SourceHead
from knowledge.graph.facts import GraphFacts
from knowledge.graph.linker import GraphLinker
from knowledge.graph.memory import GraphMemory
from knowledge.graph.name_table import NamedEntity, NameTable
from knowledge.graph.store import Change, GraphStore, State
from knowledge.graph.wording import together
from knowledge.types import Audience, EntityMention, GraphAnswer, GraphStatus


class LiveGraph:
    """Memory, names and the reader of questions; `use` brings them up to date first. Safe to share between threads.

    audience: what is not for it is never in memory, and so shapes no answer, name or count.
    """

    def __init__(self, store: GraphStore, audience: Audience = "internal") -> None:
        self._store = store
        self._audience = audience
        self._lock = RLock()
        self._revision = 0
        self._read: set[str] = set()
        self._names = NameTable()
        self.memory = GraphMemory()
        self.heads: dict[str, SourceHead] = {}
        self.is_public = True  # whether all that it holds is for everybody
        self.linker = GraphLinker(self._names)
        self.facts = GraphFacts(self.memory)
        self.questions = self._questions()

    @contextmanager
    def use(self) -> Iterator["LiveGraph"]:
        """Itself, up to date, for one thread at a time."""
        with self._lock:
            if self._store.revision != self._revision:
                self._catch_up()
            yield self

    def may_say(self, answer: GraphAnswer, question: str, mentions: Sequence[EntityMention]) -> bool:
        """Whether an answer may be given: articles say what is, and leave out much, so that what they do not say,
        or how many things they name, means nothing, and a word that is not understood may be a condition.
        """
        if not any(head.kind == ARTICLES for head in self.heads.values()):
            return True
        sources = {s for m in mentions if m.id in self.memory.graph for s in self.memory.entity(m.id).statements}
        if answer.status is not GraphStatus.ANSWERED:
            return any(self.heads[source].kind != ARTICLES for source in sources)
        read = any(f"{PREFIX}{fact.source_id}" in self.heads for fact in answer.facts)
        return not read or (
            answer.form in {"attribute", "compare", "path"} and not self.questions.outline(question).rest
        )

    def _catch_up(self) -> None:
        """Reads what was written since it last looked, and nothing else."""
        with self._store.read(self._revision) as (whole, changes), _no_garbage_collection():
            state = whole if self._audience == "internal" else _public(whole)
            for source in self._read - state.heads.keys():
                self._forget(source)
            for source in self._read & state.heads.keys():
                if state.born[source] > self._revision:
                    self._forget(source)
            self._take_in(state, changes)
            self._revision = state.revision
        self.heads = state.heads
        self.is_public = all(head.audience == "public" for head in self.heads.values())
        self._read = set(state.heads)
        self.facts = GraphFacts(self.memory)
        self.linker = GraphLinker(self._names)
        self.questions = self._questions()

    def _take_in(self, state: State, changes: Iterator[Change]) -> None:
        stated: dict[str, list[Change]] = {source: [] for source in state.heads}
        for change in changes:
            if change.source_id in stated:
                stated[change.source_id].append(change)
        for source, changed in stated.items():
            gone = [f"{c.type}/{c.name}" for c in changed if c.record is None]
            self._unlearn(self.memory.forget(source, [node for node in gone if self.memory.describes(source, node)]))
            records = [c.record for c in changed if c.record is not None]
            self._learn(self.memory.describe(source, records, state.heads[source].targets))

    def _forget(self, source: str) -> None:
        self._unlearn(self.memory.forget(source, self.memory.described_by(source)))
        self.memory.targets.pop(source, None)

    def _learn(self, nodes: Iterable[str]) -> None:
        """Takes in the names of nodes, which may have got new ones."""
        for node in nodes:
            entity = self.memory.entity(node)
            same = self.memory.known_as(entity.name)
            # Things of the same name and another type are told apart by it ("Mercury (planet)").
            for one in same if len(same) > 1 else (node,):
                telling = (f"{entity.name} ({self.memory.entity(one).type})",) if len(same) > 1 else ()
                other = self.memory.entity(one)
                self._names.remove(one)
                self._names.add(NamedEntity(one, other.name, other.type, (*other.aliases, *telling)))

    def _unlearn(self, nodes: Iterable[str]) -> None:
        for node in nodes:
            self._names.remove(node)

    def _questions(self) -> GraphQuestions:
        labels = {relation: cues for head in self.heads.values() for relation, cues in head.labels.items()}
        wording = together(head.wording for head in self.heads.values())
        return GraphQuestions(self.memory, self.facts, self.linker, labels, wording)


def _public(state: State) -> State:
    return replace(state, heads={source: head for source, head in state.heads.items() if head.audience == "public"})


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Millions of small things that all stay: looking for garbage among them again and again is most of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
