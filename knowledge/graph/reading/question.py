"""A question as it was meant: its contractions spelled out, its slips corrected, the entities that it names found."""

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.graph.linker import GraphLinker
from knowledge.graph.reading.reader import Reader
from knowledge.graph.reading.reading import Reading
from knowledge.graph.reading.spelling import Spelling
from knowledge.text.contractions import spelled_out
from knowledge.types import EntityMention


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The words of a question, the entities that they name, and how they are read."""

    text: str
    mentions: Sequence[EntityMention]
    reading: Reading

    @property
    def groups(self) -> list[list[EntityMention]]:
        """Mentions that stand for the same words together, in order of their place; what is named twice, once."""
        groups: dict[tuple[int, int], list[EntityMention]] = {}
        for mention in sorted(self.mentions, key=lambda m: m.span):
            groups.setdefault(mention.span, []).append(mention)
        once = {tuple(mention.id for mention in group): group for group in reversed(groups.values())}
        return list(reversed(once.values()))


class QuestionReader:
    """Reads questions, with the names, the cues and the spelling of one graph."""

    def __init__(self, linker: GraphLinker, reader: Reader, spelling: Spelling) -> None:
        self._linker = linker
        self._reader = reader
        self._spelling = spelling

    def read(self, asked: str, mentions: Sequence[EntityMention] | None = None) -> Question:
        """The question. mentions: what it names, where that is known; spans go for the text as it was asked."""
        full = spelled_out(asked)
        found = self._linker.link(full) if mentions is None or full != asked else mentions
        reading = self._reader.read(full, found)
        right = self._spelling.corrected(full, reading.rest.unread) if reading.rest.unread else full
        if right == full:
            return Question(text=full, mentions=found, reading=reading)
        found = self._linker.link(right)
        return Question(text=right, mentions=found, reading=self._reader.read(right, found))
