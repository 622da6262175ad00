"""Says how two things compare: by one value, or by all of them in a table."""

from collections.abc import Sequence

from agent.generate.graph.speech import Speech, truth
from agent.types import Fact, GraphAnswer

_OF_AMOUNTS = frozenset(
    {*"高低多少大小长短", *"higher lower more less fewer bigger smaller larger longer shorter".split()}
)
"""Comparatives of a value ("the higher rating"); others are of the thing itself ("is closer")."""
_COMES = {"earlier": "came earlier", "later": "came later", "first": "came first", "last": "came last"}


def compare(answer: GraphAnswer, speech: Speech) -> str:
    """Which of two things has more of something, with both values."""
    winner, other = answer.subjects[0], answer.subjects[1]
    values = {fact.head: speech.value(fact) for fact in answer.facts}
    relation, low = speech.label(answer.measure), answer.options == ("low",)
    first, second = speech.term(winner), speech.term(other)
    said = answer.comparative if answer.comparative.isascii() is (speech.language == "en") else ""
    if speech.language == "zh":
        if not answer.results:
            return f"{first}和{second}的{relation}一样，都是{values[winner]}。"
        if said and said not in _OF_AMOUNTS:
            return f"{first}更{said}（{relation}{values[winner]}），{second}的{relation}是{values[other]}。"
        more = said or ("低" if low else "高")
        return f"{first}的{relation}更{more}（{values[winner]}），{second}的{relation}是{values[other]}。"
    if not answer.results:
        return f"{first} and {second} have the same {relation}: {values[winner]}."
    if said and said not in _OF_AMOUNTS:
        return f"{first} {_COMES.get(said, f'is {said}')} ({relation}: {values[winner]}); {second}: {values[other]}."
    more = said or ("lower" if low else "higher")
    return f"{first} has the {more} {relation} ({values[winner]}); {second}: {values[other]}."


def table(answer: GraphAnswer, speech: Speech) -> str:
    """Things side by side, a row for each relation; what is not on record is a dash."""
    values: dict[str, dict[str, list[str]]] = {}
    for fact in answer.facts:
        values.setdefault(fact.relation, {}).setdefault(fact.head, []).append(_cell(fact, speech))
    rows = [
        (speech.label(relation), *(speech.joined(by_head.get(name, [])) or "–" for name in answer.subjects))
        for relation, by_head in values.items()
    ]
    header = ("项目" if speech.language == "zh" else "Detail", *map(speech.term, answer.subjects))
    return "\n".join(_row(cells) for cells in (header, ["---"] * len(header), *rows))


def _cell(fact: Fact, speech: Speech) -> str:
    holds = truth(fact.tail)
    if holds is None or speech.language == "en":
        return speech.value(fact)
    return "是" if holds else "否"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
