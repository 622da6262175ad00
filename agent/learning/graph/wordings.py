"""Learns how facts are worded, by what is known already, and reads what is not (distant supervision, Mintz et al. 2009).

Where somebody of the staff says a value that the graph holds for the entity talked about, the tokens before it are a
wording of that relation. How often a wording gives the value that the graph holds, wherever it holds one, is how far it
is to be believed where the graph holds none.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from agent.learning.graph.known import Known, plain
from agent.learning.graph.speaking import Focus, Message, Token, focus, tokens
from agent.learning.graph.value_spans import separator, spans_at
from knowledge.graph.entities import Key
from knowledge.graph.name_table import fold

LONGEST = 4
"""Tokens of a wording."""

LEAST = 3
"""Occurrences of a wording with a known value before it is tried."""

_NAME = "◇"
_START = "^"
_SIGNS = frozenset("、,，和及;；(（")


class Wording(NamedTuple):
    """The tokens before a value of a relation, and how the value's end is told.

    end: "clause" or "sentence" that ends with it; "choice" of the relation's few values; else the token behind a run of
    digits and signs.
    """

    relation: str
    before: tuple[str, ...]
    end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A value read in a message. wording: as it was read; how: see `Focus`."""

    head: Key
    relation: str
    value: str
    wording: Wording
    how: str
    message: Message
    span: tuple[int, int]


@dataclass(slots=True)
class Wordings:
    """What was learned. trials, hits: by (wording, kind of focus), where the graph holds a value."""

    known: Known
    tried: dict[tuple[str, ...], list[Wording]] = field(default_factory=dict)
    trials: Counter[tuple[Wording, str]] = field(default_factory=Counter)
    hits: Counter[tuple[Wording, str]] = field(default_factory=Counter)

    @classmethod
    def learn(cls, known: Known, talks: Sequence[Sequence[Message]]) -> "Wordings":
        """From conversations whose entities are linked."""
        counts: Counter[Wording] = Counter()
        for messages in talks:
            for n, message in enumerate(messages):
                if message.staff:
                    counts.update(_supported(known, messages, n))
        learned = cls(known)
        for wording, count in counts.items():
            if count >= LEAST:
                learned.tried.setdefault(wording.before, []).append(wording)
        for reading in learned.read_all(talks, best=False):
            held = known.values.get((reading.head, reading.relation))
            if held:
                learned.trials[reading.wording, reading.how] += 1
                learned.hits[reading.wording, reading.how] += plain(reading.value) in held
        return learned

    def belief(self, wording: Wording, how: str) -> float:
        """Estimated probability that a value so read is right; what shorter wordings say fills in for what was not seen."""
        shorter = wording._replace(before=wording.before[1:])
        prior = self.belief(shorter, how) if shorter.before else 0.5
        return (self.hits[wording, how] + 2 * prior) / (self.trials[wording, how] + 2)

    def read_all(self, talks: Iterable[Sequence[Message]], *, best: bool = True) -> Iterator[Reading]:
        """All readings of the staff's messages; best: of overlapping ones the most believed alone."""
        for messages in talks:
            for n, message in enumerate(messages):
                if not message.staff:
                    continue
                readings = self._read(messages, n, longest=best)
                yield from self._apart(readings) if best else readings

    def _apart(self, readings: Iterable[Reading]) -> Iterator[Reading]:
        """The most believed readings of a message, none of which overlaps another of its relation."""
        taken: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for reading in sorted(readings, key=lambda r: (-self._belief_of(r), r.span[0] - r.span[1])):
            start, end = reading.span
            if all(end <= left or right <= start for left, right in taken[reading.relation]):
                taken[reading.relation].append(reading.span)
                yield reading

    def _belief_of(self, reading: Reading) -> float:
        return self.belief(reading.wording, reading.how)

    def _tried_at(self, row: Sequence[Token], place: int, *, longest: bool) -> Iterable[Wording]:
        """The wordings that end at a place; longest: of those of one relation and end the longest alone."""
        found = [wording for words in all_before(row, place) for wording in self.tried.get(words, ())]
        return {(w.relation, w.end): w for w in found}.values() if longest else found

    def _read(self, messages: Sequence[Message], n: int, *, longest: bool) -> Iterator[Reading]:
        message = messages[n]
        row = row_of(self.known, messages, n)
        for place in range(1, len(row)):
            for wording in self._tried_at(row, place, longest=longest):
                head = focus(messages, n, row[place].start, frozenset(self.known.relations[wording.relation]))
                if head is None:
                    continue
                for value in spans_at(self.known, message, row[place].start, wording.relation):
                    if value.end != wording.end:
                        continue
                    for start, end in value.spans:
                        yield Reading(
                            head=head.key,
                            relation=wording.relation,
                            value=message.text[start:end],
                            wording=wording._replace(
                                end=wording.end + separator(message.text, start, value.spans[0][0])
                            ),
                            how=head.how,
                            message=message,
                            span=(start, end),
                        )


def _supported(known: Known, messages: Sequence[Message], n: int) -> Iterator[Wording]:
    """The wordings by which one message states what the graph holds."""
    message = messages[n]
    row = row_of(known, messages, n)
    for head in _heads(messages, n):
        for relation in known.relations:
            held = known.values.get((head.key, relation))
            if not held:
                continue
            for place in range(1, len(row)):
                for value in spans_at(known, message, row[place].start, relation):
                    start, end = value.spans[0]
                    if plain(message.text[start:end]) in held:
                        for words in all_before(row, place):
                            yield Wording(relation, words, value.end)


def _heads(messages: Sequence[Message], n: int) -> list[Focus]:
    """All that may be talked about in a message: of each type that was named, the latest."""
    types = {m.type for message in messages[: n + 1] for m in message.mentions}
    found = (focus(messages, n, len(messages[n].text), frozenset({type_})) for type_ in sorted(types))
    return [one for one in found if one is not None]


def row_of(known: Known, messages: Sequence[Message], n: int) -> list[Token]:
    """The tokens of a message, every name of an entity as one, behind a sign for the beginning and what was asked for."""
    message = messages[n]
    asked = [r for r in known.relations if n and not messages[n - 1].staff and fold(r) in fold(messages[n - 1].text)]
    out = [Token(_START + (asked[0] if len(asked) == 1 else ""), 0, 0)]
    named = iter(message.mentions)
    mention = next(named, None)
    for token in tokens(fold(message.text)):
        while mention is not None and token.start >= mention.span[1]:
            mention = next(named, None)
        if mention is None or token.end <= mention.span[0]:
            out.append(token)
        elif out[-1].end <= mention.span[0]:
            out.append(Token(_NAME, *mention.span))
    return out


def all_before(row: Sequence[Token], place: int) -> Iterator[tuple[str, ...]]:
    """What may be a wording among the tokens before a place, the shortest first."""
    for length in range(1, min(LONGEST, place) + 1):
        words = tuple(token.text for token in row[place - length : place])
        # A list is read from its beginning, and signs alone say nothing.
        if words[-1] not in _SIGNS and any(word[0].isalnum() or word[0] == _START for word in words):
            yield words


def by_fact(readings: Iterable[Reading]) -> dict[tuple[Key, str], dict[str, list[Reading]]]:
    """Readings by what they are about, then by the value as it is compared."""
    found: dict[tuple[Key, str], dict[str, list[Reading]]] = defaultdict(lambda: defaultdict(list))
    for reading in readings:
        found[reading.head, reading.relation][plain(reading.value)].append(reading)
    return found
