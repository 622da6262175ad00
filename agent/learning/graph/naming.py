"""Decides whether an unknown name is another name of something known, or names something new."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agent.learning.graph.candidates import Candidate, Names
from agent.learning.graph.known import Known, plain
from agent.learning.graph.likeness import Comparer, Likeness
from agent.learning.graph.proposals import Kind, Proof, Proposal, propose
from agent.learning.graph.speaking import Message, around, key_of
from knowledge.graph.entities import UNTYPED, Key
from knowledge.graph.name_table import fold

_LEAST_ALIAS = 0.4
_LEAST_ENTITY = 0.2
_UNLIKELY = 0.1
_NEAR = 3
"""Messages after one that uses a name in which what is meant by it may be named or described."""

_BASE = {"written": 0.9, "typo": 0.65, "part": 0.45, "initials": 0.3}
_TELLING = 6
"""Characters of a value from which on it tells an entity from others, where no other has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """An entity that a name may stand for. score: with what the conversations say of it; shown: they do say so."""

    key: Key
    likeness: Likeness
    score: float
    shown: bool


class Naming:
    """Aliases and new entities of a body of conversations."""

    def __init__(self, known: Known, talks: Sequence[Sequence[Message]]) -> None:
        self._known = known
        self._by_conversation = {talk[0].conversation: talk for talk in talks if talk}
        self._names = Names(talks, {name: keys[0][0] for name, keys in known.names.items()})
        every = {alias for aliases in known.aliases.values() for alias in aliases} | set(known.names)
        self._comparer = Comparer(every)
        self._words = {plain(one) for held in known.values.values() for one in held}
        self._words |= {fold(one) for one in (*known.types, *known.relations, *known.edges)}
        self._telling = _telling(known)

    def propose(self) -> Iterator[Proposal]:
        """Both kinds of proposals."""
        for name, one in self._names.candidates().items():
            if max(one.score, one.form) < _UNLIKELY or self._known.bearers(name) or plain(name) in self._words:
                continue
            matches = self._matches(one)
            if matches and matches[0].score >= _LEAST_ALIAS:
                alias = self._alias(one, matches)
                if alias.score >= _UNLIKELY:
                    yield alias
            score = _entity_score(one) * (1 - (matches[0].score if matches else 0.0))
            if score >= _LEAST_ENTITY:
                type_ = one.type or UNTYPED
                yield propose(Kind.ENTITY, (type_, one.name), "type", type_, score, _proofs(one))

    def _alias(self, one: Candidate, matches: Sequence[_Match]) -> Proposal:
        best = matches[0]
        close = best.likeness.degree - 0.1
        # A part of several names stands for none of them, whoever was meant this time.
        others = [
            m.key[1]
            for m in matches[1:]
            if (m.likeness.within and best.likeness.within) or (m.likeness.degree > close and not best.shown)
        ]
        score = best.score / (1 + len(others))
        return propose(Kind.ALIAS, best.key, "alias", one.name, score, _proofs(one), others=others[:5])

    def _matches(self, one: Candidate) -> list[_Match]:
        found: dict[Key, _Match] = {}
        for name, likeness in self._comparer.nearest(one.name):
            for key in self._known.bearers(name):
                shown = self._shown(one, key)
                base = _BASE[likeness.how] * likeness.degree / (0.97 if likeness.how == "written" else 0.95)
                agrees = 1.0 if not one.type or key[0] == one.type else 0.6
                score = min(0.99, (1 - (1 - base) * math.prod(1 - share for share in shown)) * agrees)
                if key not in found or score > found[key].score:
                    found[key] = _Match(key=key, likeness=likeness, score=score, shown=bool(shown))
        return sorted(found.values(), key=lambda match: -match.score)

    def _shown(self, one: Candidate, key: Key) -> list[float]:
        """How much each conversation speaks for an entity: its values are told, or staff names it, right afterwards."""
        found = []
        for conversation in {message.conversation for message, _ in one.places}:
            talk = self._by_conversation[conversation]
            at = next(n for n, m in enumerate(talk) if any(m is message for message, _ in one.places))
            later = [m for m in talk[at : at + _NEAR + 1] if m.staff]
            text = plain("".join(m.text for m in later))
            if any(value in text for value in self._telling.get(key, ())):
                found.append(0.8)
            elif any(key_of(mention) == key for m in later for mention in m.mentions):
                found.append(0.35)
        return found


def _telling(known: Known) -> Mapping[Key, list[str]]:
    """Of each entity the values that only it has."""
    holders: dict[str, set[Key]] = defaultdict(set)
    for (key, _), held in known.values.items():
        for value in held:
            if len(value) >= _TELLING:
                holders[value].add(key)
    found: dict[Key, list[str]] = defaultdict(list)
    for value, keys in holders.items():
        if len(keys) == 1:
            found[next(iter(keys))].append(value)
    return found


def _entity_score(one: Candidate) -> float:
    """The model's score, raised by every further conversation; what only looks like a name needs several."""
    if not one.score:
        return 1 - 0.75 ** (one.conversations - 1) if one.form else 0.0
    odds = one.score / (1 - min(one.score, 0.999)) * float(one.conversations**1.5)
    return min(0.98, odds / (1 + odds))


def _proofs(one: Candidate) -> list[Proof]:
    return [Proof(source=message.source, quote=around(message.text, *span)) for message, span in one.places[:5]]
