"""Answers questions that name several entities: how they compare, what joins them, what each of them has."""

from collections.abc import Sequence

from knowledge.graph.answering.comparing import Comparer
from knowledge.graph.answering.connections import Connections
from knowledge.graph.answering.selecting import Selector
from knowledge.graph.reading import Reading
from knowledge.graph.reading.question import Question
from knowledge.types import EntityMention, GraphAnswer, GraphStatus


class Several:
    """Sends a question to what answers its form."""

    def __init__(self, comparer: Comparer, connections: Connections, selector: Selector) -> None:
        self._comparer = comparer
        self._connections = connections
        self._selector = selector

    def answer(self, question: Question, groups: Sequence[Sequence[EntityMention]]) -> GraphAnswer | None:
        """The answer; None where the question is about the first of the entities. groups: two at least."""
        reading = question.reading
        first, second = groups[0][0].id, groups[1][0].id
        table = self._comparer.side_by_side([group[0].id for group in groups], reading)
        if found := table or self._comparer.apart(first, second, reading):
            return found
        if self._connections.asked(question.text) and first != second:
            return self._connections.between(first, second)
        if self._chosen_from(reading, groups):
            return self._among(question, groups)
        if (joined := self._comparer.joined(first, second, reading)) is not None:
            return joined
        compared = self._comparer.of_two(first, second, reading, alone=len(groups) == 2)
        return compared or self._comparer.each([[mention.id for mention in group] for group in groups], reading)

    def _chosen_from(self, reading: Reading, groups: Sequence[Sequence[EntityMention]]) -> bool:
        """Whether things are named to choose among them, or to say of each what it is."""
        conditions = reading.conditions
        if reading.near or (reading.comparative and not conditions.superlative):
            return False
        one_kind = len({mention.type for group in groups for mention in group}) == 1
        return bool(conditions.flags or (conditions.superlative and one_kind))

    def _among(self, question: Question, groups: Sequence[Sequence[EntityMention]]) -> GraphAnswer:
        """Of each whether it is what is asked, or which of them are."""
        reading = question.reading
        nodes = list(dict.fromkeys(group[0].id for group in groups))
        if reading.rest.unread or reading.rest.asks_else or reading.conditions.bounds:
            names = tuple(group[0].name for group in groups)
            return GraphAnswer(status=GraphStatus.UNSUPPORTED, subjects=names, score=0.6)
        if reading.phrasing.polar and (verdicts := self._selector.verdicts(nodes, reading)) is not None:
            return verdicts
        return self._selector.among(nodes, reading, lambda _: (), subject=groups[0][0].name, relation="")
