"""Proves an answer: the citations of its facts, their marks in the text, and the facts themselves in words."""

import re
from collections.abc import Sequence

from agent.generate.graph.speech import MOST_NAMED, Speech
from agent.types import Citation, Fact, GraphAnswer

_EACH = frozenset({"list", "count", "intersection"})
"""Forms that name several things, each with its own proof."""
_BELOW = "\n\n"
"""Between a table and its marks: behind its last row they would be a cell."""
_SAID = 8


def marked(text: str, citations: Sequence[Citation], answer: GraphAnswer, speech: Speech) -> str:
    """The text with its citation marks: behind each thing that has a proof of its own, the others at the end."""
    left = list(citations)
    if answer.form in _EACH and not answer.why and len(citations) > 1:
        named = _named(citations, answer, speech)
        # The longest names first: one that is a part of another is not marked within it.
        either = "|".join(map(re.escape, sorted(named, key=len, reverse=True)))
        found = list(re.finditer(rf"(?<![\w])(?:{either})(?![A-Za-z0-9])", text, re.ASCII)) if named else []
        once = [match for match in found if sum(other.group() == match.group() for other in found) == 1]
        for match in reversed(once):
            text = f"{text[: match.end()]} [{named[match.group()].n}]{text[match.end() :]}"
            left.remove(named[match.group()])
    marks = "".join(f"[{citation.n}]" for citation in left)
    return f"{text}{_BELOW if answer.form == 'table' and not answer.why else ' '}{marks}".strip()


def _named(citations: Sequence[Citation], answer: GraphAnswer, speech: Speech) -> dict[str, Citation]:
    """What is named in a list and has a proof: the things themselves or, of a list of values, the values."""
    by_title = {citation.title: citation for citation in citations}
    results = set(answer.results)
    values = {
        speech.value(fact): by_title[title]
        for fact in answer.facts
        if fact.tail in results and (title := speech.term(fact.head)) in by_title
    }
    if not values or results & {fact.head for fact in answer.facts}:
        return by_title
    # A thing that stands for several values is marked behind none of them.
    return values if len({citation.n for citation in values.values()}) == len(values) else {}


def citations_of(answer: GraphAnswer, speech: Speech) -> tuple[Citation, ...]:
    """One citation for each entity and source that facts are about; an article is quoted in its own words."""
    by_head: dict[tuple[str, str, str], list[Fact]] = {}
    for fact in answer.facts:
        by_head.setdefault((fact.head, fact.source_id, fact.quote), []).append(fact)
    return tuple(
        Citation(
            n=n,
            source_id=source_id,
            title=speech.term(head),
            url=None,
            quote=quote or speech.stated(facts),
        )
        for n, ((head, source_id, quote), facts) in enumerate(list(by_head.items())[:MOST_NAMED], start=1)
    )


def because(answer: GraphAnswer, speech: Speech) -> str:
    """The edges that an answer stands on, in words; first those of what was answered, which is talked of next."""
    by_head: dict[str, list[Fact]] = {}
    for fact in sorted(answer.facts, key=lambda fact: fact.head not in answer.results):
        by_head.setdefault(fact.head, []).append(fact)
    joint = "；" if speech.language == "zh" else "; "
    lines = [f"- {joint.join(map(speech.sentence, facts[:_SAID]))}" for facts in by_head.values()]
    more = len(lines) - MOST_NAMED
    if more > 0:
        lines = [*lines[:MOST_NAMED], f"- 另有{more}条" if speech.language == "zh" else f"- and {more} more"]
    lead = "依据是我资料中的以下记录：" if speech.language == "zh" else "Because my records say:"
    return "\n".join((lead, *lines))
