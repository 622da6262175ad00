"""How likely a name begins behind some tokens, and ends before some, learned from where the known names stand.

What stands around a name counts, never its own tokens: a name that the graph does not hold would else be learned as none.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from agent.learning.graph.speaking import Message, Token, tokens
from knowledge.graph.name_table import fold

NAME = "◇"
_LEFT, _RIGHT = "^", "$"
_LONGEST = 3
_WEIGHT = 2.0
"""How many occurrences of a longer context weigh as much as what shorter ones say."""


class Row(NamedTuple):
    """The tokens of a message, each known name as one; types: of the names, "" of other tokens."""

    tokens: list[Token]
    types: list[str]


@dataclass(slots=True)
class Boundaries:
    """Counts of contexts: seen at all, and beside a name of each type ("" for any)."""

    before: Counter[tuple[str, ...]] = field(default_factory=Counter)
    after: Counter[tuple[str, ...]] = field(default_factory=Counter)
    begun: Counter[tuple[str, tuple[str, ...]]] = field(default_factory=Counter)
    ended: Counter[tuple[str, tuple[str, ...]]] = field(default_factory=Counter)

    @classmethod
    def learn(cls, messages: Sequence[Message]) -> "Boundaries":
        """From messages whose entities are linked."""
        found = cls()
        for message in messages:
            row = row_of(message)
            for n, type_ in enumerate(row.types):
                for context in left(row, n):
                    found.before[context] += 1
                    if type_:
                        found.begun["", context] += 1
                        found.begun[type_, context] += 1
                for context in right(row, n + 1):
                    found.after[context] += 1
                    if type_:
                        found.ended["", context] += 1
                        found.ended[type_, context] += 1
        return found

    def begins(self, row: Row, n: int, type_: str = "") -> float:
        """Probability that a name begins at the n-th token."""
        return _backed_off(self.begun, self.before, type_, left(row, n))

    def ends(self, row: Row, n: int, type_: str = "") -> float:
        """Probability that a name ends before the n-th token."""
        return _backed_off(self.ended, self.after, type_, right(row, n))


def row_of(message: Message) -> Row:
    """The tokens of a message, known names joined."""
    found, types = [], []
    mentions = list(message.mentions)
    for token in tokens(fold(message.text)):
        while mentions and token.start >= mentions[0].span[1]:
            mentions.pop(0)
        if not mentions or token.end <= mentions[0].span[0]:
            found.append(token)
            types.append("")
        elif not found or found[-1].start != mentions[0].span[0] or not types[-1]:
            found.append(Token(NAME, *mentions[0].span))
            types.append(mentions[0].type)
    return Row(found, types)


def left(row: Row, n: int) -> Iterator[tuple[str, ...]]:
    """The contexts before a token, the shortest first."""
    words = [_LEFT, *(token.text for token in row.tokens[max(0, n - _LONGEST) : n])]
    words = words if n <= _LONGEST else words[1:]
    for length in range(1, min(_LONGEST, len(words)) + 1):
        yield tuple(words[-length:])


def right(row: Row, n: int) -> Iterator[tuple[str, ...]]:
    """The contexts from a token on, the shortest first."""
    words = [token.text for token in row.tokens[n : n + _LONGEST]]
    words = words if len(words) == _LONGEST else [*words, _RIGHT]
    for length in range(1, min(_LONGEST, len(words)) + 1):
        yield tuple(words[:length])


def _backed_off(
    beside: Counter[tuple[str, tuple[str, ...]]],
    seen: Counter[tuple[str, ...]],
    type_: str,
    contexts: Iterator[tuple[str, ...]],
) -> float:
    """The share of a context that stands beside a name, smoothed by those of shorter ones."""
    share = 0.0
    for context in contexts:
        share = (beside[type_, context] + _WEIGHT * share) / (seen[context] + _WEIGHT)
    return share
