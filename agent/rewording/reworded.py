"""A question in other words, and what the answer to it must be."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """What is quoted of one article: with the headings above it, and all that the article says."""

    said: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reworded:
    """question: in other words.

    holds: what the answer has to hold, of: what each article has to speak of where it is quoted; lacks: what none may speak of there;
    whole: what an article has to be quoted with wherever it says it. None for anything. least: support below which it is not given.
    """

    question: str
    holds: re.Pattern[str] | None = None
    of: re.Pattern[str] | None = None
    lacks: re.Pattern[str] | None = None
    whole: re.Pattern[str] | None = None
    least: float = 0.0

    def may_be_answered_from(self, texts: Collection[str]) -> bool:
        """Whether what an answer has to hold and to speak of stands in some of these texts."""
        return all(any(wanted.search(text) for text in texts) for wanted in (self.holds, self.of) if wanted)

    def is_answered_by(self, quoted: Mapping[str, Quoted]) -> bool:
        """Whether what is quoted, by articles, may be the answer."""
        each = quoted.values()
        if self.holds and not any(self.holds.search(one.said) for one in each):
            return False
        if self.of and not all(self.of.search(one.said) for one in each):
            return False
        if self.lacks and any(self.lacks.search(one.said) for one in each):
            return False
        whole = self.whole
        return whole is None or all({*whole.findall(one.article)} <= {*whole.findall(one.said)} for one in each)
