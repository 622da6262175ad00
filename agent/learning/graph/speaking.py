"""Conversations as the finders of step 4 see them: messages with the entities that they name, and who is talked about."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from agent.learning.records import LoggedConversation
from knowledge.graph import KnowledgeGraph
from knowledge.graph.entities import Key
from knowledge.types import EntityMention

_SURE = 0.9
"""Mentions below are guesses (a typo, a part of a name), and what they stand for is what is to be found out."""

_TOKEN = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?|\d+(?:[.,:]\d+)*|\S")
MASK = re.compile(r"[\[<{【][A-Za-z_]{3,20}(?:[ _-]?\d+)?[\]>}】]")
"""What stands where personal data were."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number, or one Chinese character or sign, with where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message. source: `conversation#n`; staff: whether bot or agent said it; mentions: sure ones, in order."""

    source: str
    conversation: str
    staff: bool
    text: str
    mentions: tuple[EntityMention, ...]

    def covered(self, start: int, end: int) -> bool:
        """Whether a sure mention overlaps a part."""
        return any(m.span[0] < end and start < m.span[1] for m in self.mentions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """Who may be talked about. how: "same" named before in this message, "last" the last one named before it, "one of"
    where the last message that names any names several.
    """

    key: Key
    how: str


def listen(conversations: Iterable[LoggedConversation], graph: KnowledgeGraph) -> Iterator[list[Message]]:
    """The messages of each conversation with the entities that they name."""
    for conversation in conversations:
        yield [
            Message(
                source=f"{conversation.id}#{turn.n}",
                conversation=conversation.id,
                staff=turn.role != "user",
                text=turn.text,
                mentions=tuple(m for m in graph.link(turn.text) if m.score >= _SURE),
            )
            for turn in conversation.turns
        ]


def tokens(text: str) -> list[Token]:
    """The tokens of a text, in order."""
    return [Token(match.group(), *match.span()) for match in _TOKEN.finditer(text)]


def key_of(mention: EntityMention) -> Key:
    """Type and name."""
    return mention.type, mention.name


def focus(messages: Sequence[Message], n: int, at: int, types: frozenset[str]) -> Focus | None:
    """Who is talked about at a place in the n-th message, of some types."""
    here = [m for m in messages[n].mentions if m.type in types and m.span[1] <= at]
    if here:
        return Focus(key=key_of(here[-1]), how="same")
    for message in reversed(messages[:n]):
        named = list(dict.fromkeys(key_of(m) for m in message.mentions if m.type in types))
        if named:
            return Focus(key=named[-1] if len(named) == 1 else named[0], how="last" if len(named) == 1 else "one of")
    return None


def around(text: str, start: int, end: int, width: int = 60) -> str:
    """The part of a text around a place, for people."""
    left, right = max(0, start - width), min(len(text), end + width)
    quote = " ".join(text[left:right].split())
    return ("…" if left else "") + quote + ("…" if right < len(text) else "")
