"""Proposes what articles state by their patterns, and what a model reads out of conversations, word for word."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from agent.learning.graph.known import Known, plain, written
from agent.learning.graph.proposals import Kind, Proof, Proposal, State, propose
from agent.learning.graph.speaking import MASK, Message
from knowledge.graph.articles import Read, Told
from knowledge.graph.entities import Key, Source
from knowledge.graph.name_table import fold
from knowledge.types import Passage

_ALIAS = "alias"
_PRIOR_HITS, _PRIOR_TRIALS = 4.0, 5.0
"""How far a statement is believed before any was compared with what the graph holds: four of five."""

_ASKED = 3
"""Entities of a conversation that a model is asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What somebody states of a name: a value of a relation, or another name."""

    name: str
    relation: str
    value: str
    proof: Proof


def of_sources(sources: Iterable[Source]) -> Iterator[Statement]:
    """What articles state, as `knowledge.graph.articles` read it."""
    for source in sources:
        for entity in source.entities:
            for relation, values in entity.values.items():
                for value in values:
                    quote = entity.quotes.get((relation, written(value)), "")
                    proof = Proof(source=source.head.source_id, quote=quote)
                    yield Statement(name=entity.name, relation=relation, value=written(value), proof=proof)
            for alias in entity.aliases:
                proof = Proof(source=source.head.source_id, quote=alias)
                yield Statement(name=entity.name, relation=_ALIAS, value=alias, proof=proof)


def of_talks(talks: Iterable[Sequence[Message]], read: Read) -> Iterator[Statement]:
    """What a model reads out of what the staff says, about the entities named most in each conversation."""
    for talk in talks:
        text = "\n".join(message.text for message in talk if message.staff)
        named = Counter(mention.name for message in talk for mention in message.mentions)
        for name, _ in named.most_common(_ASKED):
            source = talk[0].conversation
            passage = Passage(id=source, source_id=source, title=name, section=(), text=text, position=0)
            told: dict[str, Told] = {}
            read(passage, name, told)
            yield from _statements(told, source)


def _statements(told: dict[str, Told], source: str) -> Iterator[Statement]:
    for name, one in told.items():
        for relation, values in one.values.items():
            for value in map(written, values):
                quote = one.quotes.get((relation, value), value)
                if not MASK.search(value):
                    yield Statement(name=name, relation=relation, value=value, proof=Proof(source=source, quote=quote))
        for alias in one.aliases:
            yield Statement(name=name, relation=_ALIAS, value=alias, proof=Proof(source=source, quote=alias))


def propose_stated(known: Known, statements: Iterable[Statement]) -> Iterator[Proposal]:
    """Proposals about entities that the graph holds; how far they are believed is told by those that it holds as well.

    Of a relation that has one value, what several statements say differently is not proposed: which holds is not for a
    pattern to say.
    """
    about = [(key, one) for one in statements if (key := _entity(known, one.name)) is not None]
    trials = hits = 0
    for key, one in about:
        held = known.values.get((key, _relation(known, one.relation)))
        trials += held is not None
        hits += held is not None and known.holds(key, _relation(known, one.relation), one.value)
    score = (hits + _PRIOR_HITS) / (trials + _PRIOR_TRIALS)
    ordered = sorted(about, key=lambda pair: (pair[0], _relation(known, pair[1].relation)))
    for (key, relation), group in groupby(ordered, key=lambda p: (p[0], _relation(known, p[1].relation))):
        yield from _proposals(known, key, relation, [one for _, one in group], score)


def _proposals(
    known: Known, key: Key, relation: str, statements: Sequence[Statement], score: float
) -> Iterator[Proposal]:
    values: dict[str, list[Statement]] = {}
    for one in statements:
        values.setdefault(plain(one.value), []).append(one)
    held = known.values.get((key, relation), {})
    single = relation in known.single
    for value, said in values.items():
        proofs = [one.proof for one in said]
        if relation == _ALIAS:
            bearers = [other for other in known.bearers(value) if other != key]
            if key not in known.bearers(value):
                others = [name for _, name in bearers]
                yield propose(Kind.ALIAS, key, _ALIAS, said[0].value, score / (1 + len(others)), proofs, others=others)
        elif not known.holds(key, relation, value) and not (single and len(values) > 1):
            state = State.CONFLICT if held and single else State.OPEN
            others = list(held.values()) if state is State.CONFLICT else []
            yield propose(Kind.VALUE, key, relation, said[0].value, score, proofs, state=state, others=others)


def _entity(known: Known, name: str) -> Key | None:
    """The one entity that bears a name."""
    keys = known.bearers(fold(name))
    return keys[0] if len(keys) == 1 else None


def _relation(known: Known, relation: str) -> str:
    """The relation of the graph that is written alike ("monthly fee", monthly_fee), else as it is."""
    return known.spelled.get(" ".join(fold(relation).replace("_", " ").split()), relation)
