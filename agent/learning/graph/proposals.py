"""What is proposed for the graph: lines of proposals.jsonl."""

import hashlib
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from agent.learning.records import read_records, write_records
from knowledge.graph.name_table import fold

FILE = "proposals.jsonl"


class Kind(StrEnum):
    """What is new. ALIAS: another name; ENTITY: a thing of a type; VALUE: an attribute; LINK: an edge to an entity."""

    ALIAS = "alias"
    ENTITY = "entity"
    VALUE = "value"
    LINK = "link"


class State(StrEnum):
    """What became of a proposal. CONFLICT: the graph says otherwise, so that it is shown and not offered."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CONFLICT = "conflict"


class Proof(BaseModel):
    """Where it was said (`conversation#n`, or the id of an article), word for word."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    quote: str


class Proposal(BaseModel):
    """One proposal. head, head_type: the entity; relation, tail: what is new of it ("alias" and "type" for names).

    score: estimated probability that it is right. others: further entities that an alias would fit, or what the graph
    holds instead. run: by which its source is named once it is accepted.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    kind: Kind
    head: str
    head_type: str
    relation: str
    tail: str
    tail_type: str = ""
    score: float = Field(ge=0, le=1)
    evidence: tuple[Proof, ...] = ()
    state: State = State.OPEN
    others: tuple[str, ...] = ()
    run: str = ""

    @property
    def said(self) -> str:
        """For people, in a line."""
        return f"{self.head} · {self.relation} · {self.tail}"


def propose(
    kind: Kind,
    head: tuple[str, str],
    relation: str,
    tail: str,
    score: float,
    evidence: Iterable[Proof],
    *,
    tail_type: str = "",
    others: Sequence[str] = (),
    state: State = State.OPEN,
) -> Proposal:
    """A proposal with its id, which is the same whenever the same is proposed. head: type and name."""
    type_, name = head
    parts = (kind.value, type_, fold(name), relation, fold(tail))
    id_ = hashlib.sha256("\t".join(parts).encode("utf-8", "replace")).hexdigest()[:10]
    return Proposal(
        id=id_,
        kind=kind,
        head=name,
        head_type=type_,
        relation=relation,
        tail=tail,
        tail_type=tail_type,
        score=round(min(1.0, max(0.0, score)), 4),
        evidence=tuple(dict.fromkeys(evidence))[:5],
        others=tuple(others),
        state=state,
    )


def read_proposals(file: Path) -> list[Proposal]:
    """Those of a file; none where there is no file. Raises CallerError that names a broken line."""
    return list(read_records(file, Proposal)) if file.is_file() else []


def write_proposals(file: Path, proposals: Iterable[Proposal]) -> None:
    """The best first; the file appears whole."""
    file.parent.mkdir(parents=True, exist_ok=True)
    ordered: list[Proposal] = sorted(proposals, key=lambda p: (-p.score, p.id))
    write_records(file, ordered)
