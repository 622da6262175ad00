"""Puts accepted proposals into the graph, takes them out again, and remembers what was rejected.

`HOME/learning/accepted/graph.jsonl` and `HOME/learning/rejected/graph.jsonl` are what counts; the graph's sources
`learned/…`, one for each run, are made to agree with the first.
"""

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from agent.home import Home
from agent.learning.graph.proposals import Kind, Proposal, State, read_proposals, write_proposals
from knowledge.graph import KnowledgeGraph
from knowledge.graph.entities import PREFIX, EntityRecord, Source, SourceHead, Value, merged
from knowledge.graph.values import values_of

LEARNED = "learned"
"""The kind of the sources of accepted proposals, and what their ids begin with."""


@dataclass(slots=True)
class Decisions:
    """What people decided about proposals, by id."""

    home: Home
    accepted: dict[str, Proposal] = field(default_factory=dict)
    rejected: dict[str, Proposal] = field(default_factory=dict)

    @classmethod
    def open(cls, home: Home) -> "Decisions":
        """Those of a home."""
        accepted = {p.id: p for p in read_proposals(_file(home, "accepted"))}
        return cls(home, accepted, {p.id: p for p in read_proposals(_file(home, "rejected"))})

    def accept(self, proposals: Iterable[Proposal], graph: KnowledgeGraph) -> int:
        """Takes proposals into the graph, conflicts too where a person names them; returns how many are new."""
        new = {p.id: p.model_copy(update={"state": State.ACCEPTED}) for p in proposals if p.id not in self.accepted}
        self.accepted.update(new)
        for id_ in new:
            self.rejected.pop(id_, None)
        self._keep(graph)
        return len(new)

    def reject(self, proposals: Iterable[Proposal], graph: KnowledgeGraph) -> int:
        """Remembers that these are not wanted; what was accepted among them leaves the graph. Returns how many."""
        new = {p.id: p.model_copy(update={"state": State.REJECTED}) for p in proposals if p.id not in self.rejected}
        self.rejected.update(new)
        for id_ in new:
            self.accepted.pop(id_, None)
        self._keep(graph)
        return len(new)

    def undo(self, ids: Sequence[str] | None, graph: KnowledgeGraph) -> int:
        """Takes back decisions of both kinds, as if they were never made; None: all that were accepted."""
        wanted = list(self.accepted) if ids is None else ids
        found = [id_ for id_ in wanted if self.accepted.pop(id_, None) or self.rejected.pop(id_, None)]
        self._keep(graph)
        return len(found)

    def undecided(self, proposals: Iterable[Proposal]) -> list[Proposal]:
        """Those about which nobody has decided yet."""
        return [p for p in proposals if p.id not in self.accepted and p.id not in self.rejected]

    def _keep(self, graph: KnowledgeGraph) -> None:
        # The files first: should this be cut off in between, the next decision brings the graph in step.
        write_proposals(_file(self.home, "accepted"), self.accepted.values())
        write_proposals(_file(self.home, "rejected"), self.rejected.values())
        put_into(graph, self.accepted.values())


def put_into(graph: KnowledgeGraph, accepted: Iterable[Proposal]) -> int:
    """Makes what the graph has learned agree with the accepted proposals; returns how many entities changed."""
    sources = list(sources_of(accepted))
    kept = {source.head.source_id for source in sources}
    return graph.take(sources, remove=[one for one in graph.source_ids(LEARNED) if one not in kept])


def sources_of(accepted: Iterable[Proposal]) -> Iterator[Source]:
    """A source for each run."""
    by_run: dict[str, list[Proposal]] = defaultdict(list)
    for proposal in accepted:
        by_run[proposal.run or "by-hand"].append(proposal)
    for run, proposals in sorted(by_run.items()):
        targets = {p.relation: p.tail_type for p in proposals if p.kind is Kind.LINK and p.tail_type}
        head = SourceHead(
            source_id=f"{LEARNED}/{run}", fingerprint="", kind=LEARNED, targets=targets, title=f"Learned, {run}"
        )
        yield Source(head=head, entities=list(merged(map(_record, proposals)).values()))


@contextmanager
def graph_with(graph: KnowledgeGraph, proposals: Sequence[Proposal]) -> Iterator[KnowledgeGraph]:
    """A copy of a graph with proposals accepted beside what was accepted before; gone at the end."""
    with tempfile.TemporaryDirectory(prefix="parley-graph-") as folder:
        copy = graph.copy_to(Path(folder))
        try:
            trial = [p.model_copy(update={"run": "trial"}) for p in proposals]
            copy.take(list(sources_of(trial)))
            yield copy
        finally:
            copy.close()


def _record(proposal: Proposal) -> EntityRecord:
    """What one proposal states."""
    # Words of a customer stay here: what the graph quotes is cited to others. Those of an article may be.
    quote = next((proof.quote for proof in proposal.evidence if proof.source.startswith(PREFIX)), "")
    values: dict[str, list[Value]] = {}
    links: dict[str, list[str]] = {}
    if proposal.kind is Kind.VALUE:
        values[proposal.relation] = values_of(proposal.tail, "")
    elif proposal.kind is Kind.LINK:
        links[proposal.relation] = [proposal.tail]
    return EntityRecord(
        name=proposal.head,
        type=proposal.head_type,
        aliases=[proposal.tail] if proposal.kind is Kind.ALIAS else [],
        values=values,
        links=links,
        quotes={(proposal.relation, proposal.tail): quote} if quote and (values or links) else {},
    )


def _file(home: Home, state: str) -> Path:
    return home.root / "learning" / state / "graph.jsonl"
