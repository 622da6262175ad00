"""Says what the graph answers, in a sentence of the customer's language, with the facts that prove it."""

from collections.abc import Callable, Mapping

from agent.generate.graph.attributes import attribute
from agent.generate.graph.comparisons import compare, table
from agent.generate.graph.connections import path
from agent.generate.graph.listings import count, listing, superlative
from agent.generate.graph.marks import because, citations_of, marked
from agent.generate.graph.speech import Speech
from agent.generate.graph.unanswered import ambiguous, missing, unknown, unsupported
from agent.generate.graph.verdicts import boolean, is_so
from agent.types import DecisionKind, Draft, GraphAnswer, Language
from knowledge.types import GraphForm, GraphStatus

SURE = 0.65
"""Score from which on the graph's reading of a question is taken."""

_COMPUTED = frozenset({"list", "count", "superlative", "compare", "intersection", "boolean", "is", "path", "table"})
_CHOICES = 6


def is_settled(answer: GraphAnswer) -> bool:
    """Whether the graph has computed the answer, or must ask back: words of its own would only make it less exact."""
    if answer.score < SURE:
        return False
    computed = answer.status is GraphStatus.ANSWERED and (answer.form in _COMPUTED or answer.why)
    return computed or answer.status is GraphStatus.AMBIGUOUS


def compose(answer: GraphAnswer, language: Language) -> Draft:
    """The Draft for a graph answer: an answer with its facts, a question back, or that it is not known."""
    speech = Speech(answer.wording, language)
    text = _SAY[answer.status](answer, speech)
    if answer.status is not GraphStatus.ANSWERED:
        kind = DecisionKind.CLARIFY if answer.status is GraphStatus.AMBIGUOUS else DecisionKind.DECLINE
        choices = tuple(speech.term(name) for name in answer.options[:_CHOICES]) if kind is DecisionKind.CLARIFY else ()
        return Draft(text=text, support=answer.score, decision=kind, choices=choices)
    citations = citations_of(answer, speech)
    text = because(answer, speech) if answer.why else text
    return Draft(
        text=marked(text, citations, answer, speech), citations=citations, facts=answer.facts, support=answer.score
    )


def _answered(answer: GraphAnswer, speech: Speech) -> str:
    return _FORMS.get(answer.form, attribute)(answer, speech)


_FORMS: Mapping[GraphForm, Callable[[GraphAnswer, Speech], str]] = {
    "boolean": boolean,
    "is": is_so,
    "path": path,
    "compare": compare,
    "table": table,
    "superlative": superlative,
    "count": count,
    "list": listing,
    "intersection": listing,
}
_SAY: Mapping[GraphStatus, Callable[[GraphAnswer, Speech], str]] = {
    GraphStatus.ANSWERED: _answered,
    GraphStatus.MISSING: missing,
    GraphStatus.UNSUPPORTED: unsupported,
    GraphStatus.UNKNOWN: unknown,
    GraphStatus.AMBIGUOUS: ambiguous,
    GraphStatus.NONE: lambda _answer, _speech: "",
}
