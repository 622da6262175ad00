"""Choices and comparisons that leave out what they are between."""

import re

from agent.understand.content_words import content_pieces, content_words
from agent.understand.pointing import EN_IT, EN_OPENER, ZH_PRONOUN
from agent.understand.rewriting.both import is_of_two, of_both, without_both
from agent.understand.rewriting.names import KnownNames
from agent.understand.standing import Standing
from agent.understand.talk import Talk
from knowledge.text.han import HAN
from knowledge.text.openers import THEN_ZH

_COMPARES = re.compile(
    r"\b(?:compare[ds]?|comparison|versus|vs\.?|than|differ(?:s|ences?|ent)?|better|worse)(?!\w)|比|区别|差别|不同|差异",
    re.IGNORECASE,
)
_ZH_JOINS = re.compile(rf"{THEN_ZH}(?:它|这款|那款|这个|那个)(?=.{{0,6}}[配接充连用装适搭].{{2,}})")
_ZH_THAN = re.compile(rf"{THEN_ZH}(?=比)")
_EN_JOINS = re.compile(
    r"\bit\b(?= (?:also )?(?:works?|fits?|goes?|charges?|connects?|pairs?|supports?|compatible|with)\b)", re.IGNORECASE
)
_EN_CHOOSES = re.compile(
    r"^\W*(?:(?:which|what|show me|list|any|are there|is there|do you (?:have|sell)|have you got)\b[\s:]*)+",
    re.IGNORECASE,
)


class Comparisons:
    """Gives a choice or a comparison the things, or the kind of thing, that were talked of."""

    def __init__(self, names: KnownNames, standing: Standing | None) -> None:
        self._names = names
        self._standing = standing

    def between(self, question: str, talk: Talk) -> str:
        """A choice or a comparison that names nothing ("which is cheaper?", 差多少钱) with the two things talked of last; "" for
        all else.
        """
        said = EN_OPENER.sub("", question, count=1)
        if not is_of_two(said) or self._names.own(said) or not (pair := talk.pair):
            return ""
        if self._standing and not self._standing.compares(said, content_words(said, "", ())):
            return ""
        return of_both(pair, without_both(question))

    def chosen(self, question: str, talk: Talk) -> str:
        """A choice that names no kind ("which is the cheapest?") with the kind that was chosen from before; "" for all else."""
        if self._standing is None or not self._standing.chooses_of_unnamed(question) or self._names.link(question):
            return ""
        for said in map(talk.said, range(len(talk))):
            if kind := self._standing.ranked_kind(said):
                return f"{kind}{question}" if HAN.search(said) else f"{question} ({kind})"
            if self._standing.chooses_of_kind(said):
                if HAN.search(said):
                    return "".join(content_pieces(said)) + question
                return f"{question} ({_EN_CHOOSES.sub('', said).rstrip(' ?!.')})"
            if not self._standing.chooses_of_unnamed(said):
                break
        return ""

    def with_topic(self, question: str, talk: Talk) -> str:
        """A comparison of "it" with something named, or whether "it" goes with that, "it" being what was talked of last; any
        other question as it is.
        """
        if (own := self._names.own(question)) is None:
            return question
        said = question.replace(own[1], "　" * len(own[1]))  # 比亚迪 compares nothing
        compares = _COMPARES.search(said)
        joins = _ZH_JOINS.search(said) if HAN.search(question) else _EN_JOINS.search(said)
        if not compares and not joins:
            return question
        points = joins or (ZH_PRONOUN if HAN.search(question) else EN_IT).search(said)
        leads = _ZH_THAN.match(said)
        place = points or leads
        if place is None or len(self._names.link(question)) > 1:
            return question
        topic = talk.topic
        if not topic or topic in own or self._names.link(topic)[:1] == self._names.link(own[1])[:1]:
            return question
        return f"{question[: place.start()]}{topic}{question[place.end() :]}"
