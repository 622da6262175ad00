"""Says what a relation of one or several things is: the price of A, whether A is waterproof."""

from collections.abc import Sequence

from agent.generate.graph.speech import Speech, ends_open, is_plural, truth
from agent.generate.graph.verdicts import of_each, yes_or_no
from agent.types import GraphAnswer
from knowledge.graph.truth import is_nothing

_COMPARED = 4


def attribute(answer: GraphAnswer, speech: Speech) -> str:
    """The values of the relation that was asked for, or a verdict where it only holds or does not."""
    asked = [fact for fact in answer.facts if fact.relation == answer.relation]
    denied = answer.options == ("not",)
    if len(asked) == 1 and (holds := truth(asked[0].tail)) is not None:
        return yes_or_no(asked[0], speech, holds=holds, denied=denied, polar=answer.polar)
    if asked and all(truth(fact.tail) is not None for fact in asked):
        return of_each(asked, speech, denied=denied, polar=answer.polar)
    by_head: dict[str, list[str]] = {}
    for fact in asked:
        by_head.setdefault(speech.term(fact.head), []).append(speech.value(fact))
    relation = speech.label(answer.relation)
    if len(asked) == 1 and is_nothing(asked[0].tail):
        head = speech.term(asked[0].head)
        return f"{head}没有{relation}。" if speech.language == "zh" else f"{head} has no {relation}."
    without = [speech.term(name) for name in answer.subjects if speech.term(name) not in by_head]
    if without and asked and len(answer.subjects) <= _COMPARED:
        by_head |= {name: ["资料里没有" if speech.language == "zh" else "not on record"] for name in without}
    if speech.language == "zh":
        said = [f"{head}的{relation}是{_values(values, answer, speech)}" for head, values in by_head.items()]
        return "；".join(said) + "。"
    if len(by_head) == 1 and all(len(values) == 1 for values in by_head.values()):
        ((head, (value,)),) = by_head.items()
        verb = "are" if is_plural(relation) else "is"
        return f"{head} – {relation}: {value}." if ends_open(relation) else f"The {relation} of {head} {verb} {value}."
    of = "{1} – {0}" if ends_open(relation) else "{0} of {1}"
    told = "; ".join(f"{of.format(relation, h)}: {_values(values, answer, speech)}" for h, values in by_head.items())
    return f"{told[:1].upper()}{told[1:]}."


def _values(values: Sequence[str], answer: GraphAnswer, speech: Speech) -> str:
    """Values of one thing; of what is no longer listed it is said how much there is."""
    return speech.joined(values, total=answer.total if len(answer.subjects) == 1 else 0)
