"""Proposes edges between known entities from what the staff says: "X is near Y", 周边餐馆有 A、B."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agent.learning.graph.known import Known, plain
from agent.learning.graph.proposals import Kind, Proof, Proposal, propose
from agent.learning.graph.speaking import Message, around, focus, key_of
from agent.learning.graph.values import LEAST, MOST
from agent.learning.graph.wordings import LEAST as LEAST_SUPPORT
from agent.learning.graph.wordings import all_before, row_of
from knowledge.graph.entities import Key
from knowledge.types import EntityMention

_BETWEEN = re.compile(r"\s*(?:[、,，;；/]|和|与|及|以及|还有|and|or|或)*\s*", re.IGNORECASE)

_PRIOR, _WEIGHT = 0.5, 2.0


class _Wording(NamedTuple):
    """The tokens before a list of entities of a type, for a relation; how: see `speaking.Focus`."""

    relation: str
    words: tuple[str, ...]
    type: str
    how: str


class _Edge(NamedTuple):
    head: Key
    tail: Key
    wordings: tuple[_Wording, ...]
    message: Message
    span: tuple[int, int]


def propose_links(known: Known, talks: Sequence[Sequence[Message]]) -> Iterator[Proposal]:
    """Edges that the graph lacks. How far a wording is to be believed is told by the edges that it holds."""
    edges = [edge for messages in talks for n in range(len(messages)) for edge in _edges(known, messages, n)]
    trials: Counter[_Wording] = Counter()
    hits: Counter[_Wording] = Counter()
    for edge in edges:
        for wording in edge.wordings:
            held = known.links.get((edge.head, wording.relation))
            if held:
                trials[wording] += 1
                hits[wording] += plain(edge.tail[1]) in held
    found: dict[tuple[Key, str, Key], dict[str, tuple[float, Proof]]] = defaultdict(dict)
    for edge in edges:
        for relation, belief in _believed(edge, trials, hits).items():
            if plain(edge.tail[1]) in known.links.get((edge.head, relation), {}):
                continue
            proof = Proof(source=edge.message.source, quote=around(edge.message.text, *edge.span))
            said = found[edge.head, relation, edge.tail]
            conversation = edge.message.conversation
            said[conversation] = max(said.get(conversation, (0.0, proof)), (belief, proof), key=lambda pair: pair[0])
    for (head, relation, tail), said in found.items():
        score = min(MOST, 1 - math.prod(1 - belief for belief, _ in said.values()))
        if score >= LEAST:
            proofs = [proof for _, proof in said.values()]
            yield propose(Kind.LINK, head, relation, tail[1], score, proofs, tail_type=tail[0])


def _believed(edge: _Edge, trials: Counter[_Wording], hits: Counter[_Wording]) -> dict[str, float]:
    """How far each relation is to be believed: what longer wordings say counts as far as they were seen (backing off)."""
    beliefs: dict[str, float] = {}
    for wording in sorted(edge.wordings, key=lambda w: len(w.words)):
        if trials[wording] >= LEAST_SUPPORT:
            shorter = beliefs.get(wording.relation, _PRIOR)
            beliefs[wording.relation] = (hits[wording] + _WEIGHT * shorter) / (trials[wording] + _WEIGHT)
    return beliefs


def _edges(known: Known, messages: Sequence[Message], n: int) -> Iterator[_Edge]:
    """The entities that a message of the staff lists, each with who is talked about and the wordings before the list."""
    message = messages[n]
    if not message.staff:
        return
    row = row_of(known, messages, n)
    places = {token.start: place for place, token in enumerate(row) if place}
    for group in _groups(message):
        first = group[0].span[0]
        wordings = list(all_before(row, places[first])) if first in places else []
        relations = [r for r in known.edges if known.targets.get(r, "") in {group[0].type, ""}]
        for relation in relations:
            head = focus(messages, n, first, frozenset(known.edges[relation]))
            if head is None:
                continue
            told = tuple(_Wording(relation, words, group[0].type, head.how) for words in wordings)
            for mention in group:
                if told and key_of(mention) != head.key:
                    yield _Edge(head.key, key_of(mention), told, message, mention.span)


def _groups(message: Message) -> Iterator[list[EntityMention]]:
    """Runs of entities of one type with nothing but signs and "and" between them."""
    group: list[EntityMention] = []
    for mention in message.mentions:
        if group and (
            mention.type != group[-1].type
            or not _BETWEEN.fullmatch(message.text[group[-1].span[1] : mention.span[0]])
            or mention.span[0] < group[-1].span[1]
        ):
            yield group
            group = []
        group.append(mention)
    if group:
        yield group
