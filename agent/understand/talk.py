"""What a conversation was about: the things named in it, by the customer or by an answer of the graph, and what was asked."""

import re
from collections.abc import Callable, Sequence

from agent.ports import EntityLinker
from agent.types import EntityMention, Utterance
from agent.understand.certain import certain_intent
from agent.understand.content_words import content_words
from knowledge.text.han import HAN

_REMEMBERED = 3  # of the customer's messages, those that a follow-up of a follow-up is read with
_TOLD = 2  # things that one answer may be about; more are a list
_LISTED = 12  # things of a list that more may be asked of
_HEAD = re.compile(r"^\*\*(.+)\*\*$", re.MULTILINE)
"""What stands above the quotations of one article, where a reply quotes several."""
_CHOOSES = re.compile(r"\bwhich\b|\bor\b|哪|谁", re.IGNORECASE)


class Talk:
    """The customer's messages before a question, counted from the last one: 0, 1, …

    read: makes a message stand alone, given the talk before it; documented: names of the documents in a text.
    """

    def __init__(
        self,
        history: Sequence[Utterance],
        linker: EntityLinker,
        documented: Callable[[str], list[str]],
        read: Callable[[str, "Talk"], str],
    ) -> None:
        self._history = history
        self._linker = linker
        self._documented = documented
        self._read = read
        self._places = [place for place, one in enumerate(history) if one.role == "user"][::-1]
        self._asked: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._places)

    def said(self, n: int) -> str:
        """A message as it was said."""
        return self._history[self._places[n]].content

    def asked(self, n: int) -> str:
        """A message with what it leaves out; one further back than is remembered, as it was said."""
        if n not in self._asked:
            first = self._places[:_REMEMBERED][-1]
            earlier = self._history[first : self._places[n]]
            talk = Talk(earlier, self._linker, self._documented, self._read)
            self._asked[n] = self._read(self.said(n), talk) if earlier else self.said(n)
        return self._asked[n]

    @property
    def last_asked(self) -> str:
        """The customer's last message that says anything, with what it leaves out in turn."""
        for n in self.remembered:
            if content_words(self.said(n), "", ()) or HAN.search(self.said(n)):
                return self.asked(n)
        return self.said(0)

    @property
    def remembered(self) -> range:
        """The messages that a follow-up may lean on in other ways than by a name."""
        return range(min(_REMEMBERED, len(self)))

    def named(self, n: int) -> list[str]:
        """The things that a message names, as it writes them: the graph's first, then the documents'."""
        text = self.said(n)
        return list(dict.fromkeys([*_written(text, self._linker.link(text)), *self._documented(text)]))

    def told(self, n: int) -> list[str]:
        """The things that the reply to a message told of: those of the graph's answer; where nobody knows whose answer it
        was, all that it names; of articles, which name much by the way, those that the graph does not hold, and of several
        articles what all of them are headed by: who was told of two accounts has asked of neither.
        """
        for reply in reversed(self._replies(n)):
            mentions = self._linker.link(reply.content)
            known = self._documented(reply.content)
            if reply.told is None:
                names = [*_written(reply.content, mentions), *known]
            elif reply.told:
                names = _written(reply.content, [one for one in mentions if one.name in reply.told])
                names = names if len(names) <= _TOLD else []
            else:
                heads = _HEAD.findall(reply.content)
                names = [name for name in known if not self._linker.link(name) and _is_in_all(name, heads)]
            if names:
                return list(dict.fromkeys(names))
        return []

    def answered(self, n: int) -> list[str]:
        """The same, of an answer that the graph surely gave."""
        return self.told(n) if any(reply.told for reply in self._replies(n)) else []

    def listed(self, n: int) -> list[str]:
        """The things, two at least, that the graph named in its answer to a message, as the reply writes them."""
        for reply in reversed(self._replies(n)):
            mentions = [one for one in self._linker.link(reply.content) if one.name in (reply.told or ())]
            once = {one.id: name for one, name in zip(mentions, _written(reply.content, mentions), strict=True)}
            if _TOLD <= len(once) <= _LISTED:
                return list(once.values())
        return []

    @property
    def listed_last(self) -> list[str]:
        """The things listed last, of which more may have been asked meanwhile; [] where the talk was of something else."""
        for n in self.remembered:
            if listed := self.listed(n):
                return listed
            if not self.answered(n):
                break
        return []

    def ends(self, n: int) -> bool:
        """Whether the talk turned to something else with a message: it stands alone and names nothing."""
        if n not in self.remembered or n + 1 >= len(self) or certain_intent(self.said(n), ()):
            return False
        return not self.named(n) and self.asked(n) == self.said(n)

    @property
    def topic(self) -> str:
        """The one thing talked of last, as it was written; "" for none."""
        for n in range(len(self)):
            if names := self.told(n) or self.named(n):
                return names[0]
            if self.ends(n):
                break
        return ""

    @property
    def pair(self) -> tuple[str, ...]:
        """The two things of one kind that were talked of last, earlier first; () where there are no two."""
        found: list[str] = []
        for n in self.remembered:
            names = self._things(self.named(n)) or self._things(self.answered(n))
            if len(names) == _TOLD and not found and self._types(names[:1]) == self._types(names[1:]):
                return tuple(names)
            for name in names[:1]:
                if self._id(name) not in map(self._id, found):
                    found.append(name)
            if len(found) == _TOLD:
                return tuple(reversed(found)) if self._types(found[:1]) == self._types(found[1:]) else ()
            if len(names) > 1 or self.ends(n) or (not names and self.told(n)):
                break
        return ()

    @property
    def compared(self) -> tuple[str, ...]:
        """The two things of one kind that the last message is about; () where it is about something else."""
        names = self._things(_written(self.asked(0), self._linker.link(self.asked(0))))
        return tuple(names) if len(names) == _TOLD and self._types(names[:1]) == self._types(names[1:]) else ()

    def chosen(self, n: int) -> str:
        """What a reply chose among things ("which is cheaper, A or B?"), "" for a message that asked for no choice."""
        told = self.answered(n)
        return told[0] if told and _CHOOSES.search(self.said(n)) else ""

    def _replies(self, n: int) -> Sequence[Utterance]:
        after = self._places[n - 1] if n else len(self._history)
        return self._history[self._places[n] + 1 : after]

    def _things(self, names: Sequence[str]) -> list[str]:
        """Those that the graph holds, each once."""
        return list({self._id(name): name for name in reversed(names) if self._linker.link(name)}.values())[::-1]

    def _id(self, name: str) -> str:
        return next((mention.id for mention in self._linker.link(name)), name)

    def _types(self, names: Sequence[str]) -> frozenset[str]:
        return types_of(self._linker, names)


def types_of(linker: EntityLinker, names: Sequence[str]) -> frozenset[str]:
    """Types of the graph's things among names."""
    return frozenset(mention.type for name in names for mention in linker.link(name))


def _written(text: str, mentions: Sequence[EntityMention]) -> list[str]:
    return [text[slice(*mention.span)] for mention in mentions]


def _is_in_all(name: str, heads: Sequence[str]) -> bool:
    return all(name.lower() in head.lower() for head in heads)
