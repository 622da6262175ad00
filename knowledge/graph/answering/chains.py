"""Answers questions that lead over several entities: "the phone of the cheapest restaurant near the best hotel near X"."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.graph.answering.selecting import Selector
from knowledge.graph.answering.surroundings import Surroundings
from knowledge.graph.facts import GraphFacts
from knowledge.graph.reading import Reader
from knowledge.graph.reading.blanks import blank, blanked
from knowledge.graph.reading.lexicon import Lexicon
from knowledge.graph.reading.rest import UNEXPLAINED
from knowledge.types import EntityMention, Fact, GraphAnswer, GraphStatus

_MOST_STEPS = 4


@dataclass(frozen=True, slots=True)
class _Cue:
    """Relations that words ask for, and where the words stand."""

    start: int
    end: int
    relations: tuple[str, ...]


class Chains:
    """Follows a question from one entity, step by step."""

    def __init__(
        self, facts: GraphFacts, lexicon: Lexicon, reader: Reader, surroundings: Surroundings, selector: Selector
    ) -> None:
        self._facts = facts
        self._lexicon = lexicon
        self._reader = reader
        self._surroundings = surroundings
        self._selector = selector

    def from_one(self, question: str, mention: EntityMention) -> GraphAnswer | None:
        """The answer; None where the question leads over fewer than two steps."""
        steps = self._steps(question, mention)
        if steps:
            return self._around_and_around(mention, steps)
        return self._along(question, mention)

    def _steps(self, question: str, mention: EntityMention) -> list[str]:
        """The parts of a question with several "near", the part next to the entity first."""
        start, end = mention.span
        plain = blanked(question, mention.span)
        cues = [match.span() for match in self._lexicon.near.finditer(plain)]
        if not 2 <= len(cues) <= _MOST_STEPS:
            return []
        if all(cue[0] >= end for cue in cues):
            cuts = [0, *(cue[0] for cue in cues[1:]), len(plain)]
            return [plain[a:b] for a, b in pairwise(cuts)]
        if all(cue[1] <= start for cue in cues):
            cuts = [0, *(cue[1] for cue in cues[:-1]), len(plain)]
            return [plain[a:b] for a, b in pairwise(cuts)][::-1]
        return []

    def _around_and_around(self, mention: EntityMention, steps: Sequence[str]) -> GraphAnswer | None:
        paths: dict[str, tuple[Fact, ...]] = {mention.id: ()}
        subject = self._facts.name(mention.id)
        for number, step in enumerate(steps, start=1):
            reading = self._reader.read(step, ())
            if len(reading.rest.residue) >= UNEXPLAINED:
                return GraphAnswer(status=GraphStatus.UNSUPPORTED, subjects=(subject,), score=0.6)
            found: dict[str, tuple[Fact, ...]] = {}
            relation = ""
            for node, path in paths.items():
                relations = self._surroundings.near(node, reading)
                relation = relations[0] if relations else relation
                for tail in self._facts.tails(node, relations[0]) if relations else ():
                    found.setdefault(tail, (*path, self._facts.link(node, relations[0], tail)))
            if number == len(steps):
                subject = "、".join(map(self._facts.name, paths))
                return self._selector.among(list(found), reading, found.__getitem__, subject=subject, relation=relation)
            paths = self._selector.chosen(list(found), reading, found.__getitem__).proof
            if not paths:
                return GraphAnswer(status=GraphStatus.MISSING, form="list", subjects=(subject,), score=0.8)
        return None

    def _along(self, question: str, mention: EntityMention) -> GraphAnswer | None:
        """Along relations that the question names ("the headquarters of the brand of X"), those next to X first."""
        cues = self._cues(question, mention)
        if not 2 <= len(cues) <= _MOST_STEPS:
            return None
        paths: dict[str, tuple[Fact, ...]] = {mention.id: ()}
        subjects = (self._facts.name(mention.id),)
        for cue in cues[:-1]:
            paths = self._followed(paths, cue.relations)
            if not paths:
                return None
        names = tuple(map(self._facts.name, paths))
        for relation in cues[-1].relations:
            values = {node: facts for node in paths if (facts := self._facts.facts(node, relation))}
            if values:
                last = tuple(fact for facts in values.values() for fact in facts)
                led = tuple(dict.fromkeys(fact for node in values for fact in paths[node]))
                return GraphAnswer(
                    status=GraphStatus.ANSWERED,
                    form="attribute",
                    subjects=tuple(map(self._facts.name, values)),
                    relation=relation,
                    results=tuple(fact.tail for fact in last),
                    facts=(*led, *last),
                    total=len(last),
                    score=0.9,
                )
            if not self._facts.has(mention.id, relation) and any(relation in self._facts.own(node) for node in paths):
                return GraphAnswer(status=GraphStatus.MISSING, subjects=names or subjects, relation=relation, score=0.9)
        return None

    def _followed(self, paths: dict[str, tuple[Fact, ...]], relations: Sequence[str]) -> dict[str, tuple[Fact, ...]]:
        """Where the first of the relations that leads anywhere leads, else from where it comes."""
        for relation in relations:
            on = {
                tail: (*path, self._facts.link(node, relation, tail))
                for node, path in paths.items()
                for tail in self._facts.tails(node, relation)
            }
            back = on or {
                head: (*path, self._facts.link(head, relation, node))
                for node, path in paths.items()
                for head in self._facts.heads(node, relation)
            }
            if back:
                return back
        return {}

    def _cues(self, question: str, mention: EntityMention) -> list[_Cue]:
        """The relations that the question names, those that stand nearest to the entity first."""
        text = self._lexicon.near.sub(blank, blanked(question, mention.span))
        found: list[_Cue] = []
        for cue, relations in self._lexicon.relation_cues:
            while match := cue.search(text):
                if not match.group():
                    break
                found.append(_Cue(match.start(), match.end(), relations))
                text = text[: match.start()] + "\n" * (match.end() - match.start()) + text[match.end() :]
        return self._in_order(found, mention.span)

    def _in_order(self, cues: Sequence[_Cue], span: tuple[int, int]) -> list[_Cue]:
        """Each relation once, those that lead on before those that only have a value, the nearest to the entity first."""
        leading = frozenset[str]().union(*self._facts.links.values())

        def place(cue: _Cue) -> tuple[bool, int]:
            away = span[0] - cue.end if cue.end <= span[0] else cue.start - span[1]
            return leading.isdisjoint(cue.relations), away

        kept: list[_Cue] = []
        for cue in sorted(cues, key=place):
            if not any(set(cue.relations) & set(other.relations) for other in kept):
                kept.append(cue)
        return kept
