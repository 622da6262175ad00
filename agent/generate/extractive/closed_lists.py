"""What is only had elsewhere: asked for a café at one branch, who reads at which branches there is one knows the answer."""

import re
from collections.abc import Iterable, Iterator, Sequence

from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.of_all import tells_of
from agent.generate.extractive.rows import cells
from agent.generate.extractive.subject import content_terms
from agent.generate.extractive.wholes import label
from knowledge.cutting.spans import SpanKind
from knowledge.question.parts import QuestionPart
from knowledge.text.han import HAN

_NAME = r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2}"
_LIST = re.compile(rf"{_NAME}(?:(?:, (?:and |or )?| and | or | & ){_NAME})+")
_BETWEEN = re.compile(r", (?:and |or )?| and | or | & ")
_WHERE = rf"(?:\b(?:at|in|near|only)\s+(?:the )?|[:：]\s*)(?:{_NAME}(?:, (?:and |or )?| and | or )){{0,8}}?"
_LEAST = 2  # characters of a Chinese name
_A_PAIR = 2  # cells


def only_elsewhere(part: QuestionPart, spans: Sequence[Candidate], order: Sequence[int]) -> list[int]:
    """Places of what says where else there is what is asked for, the best first, then of what else speaks of it.

    None where it is said of the place itself, or nothing says where. The places are names that some list or table sets side
    by side; all else of the question has to stand in each span.
    """
    asked = _asked(part.text, _lists(spans))
    if not asked:
        return []
    here, others, rest = asked
    if _is_own_row(spans[order[0]], here):
        return []
    telling = [at for at in order if _says(spans[at], rest)]
    if any(here in _with_heads(spans[at]) or tells_of(spans[at].span.text, part) for at in telling):
        return []
    elsewhere = [at for at in telling if _is_at(spans[at].span.text, others)][:1]
    return [*elsewhere, *(at for at in telling if at not in elsewhere)] if elsewhere else []


def _is_own_row(best: Candidate, here: str) -> bool:
    """Whether what answers best is the row of what is asked about, in a table that tells several things of each.

    What another row says in the question's words ("from the fourth month of pregnancy"), this one says in its own ("yes").
    """
    is_row = best.span.kind is SpanKind.ROW and label(best).casefold() == here.casefold()
    return is_row and len(cells(best.span.text)) > _A_PAIR


def _asked(text: str, lists: Iterable[frozenset[str]]) -> tuple[str, frozenset[str], frozenset[str]] | None:
    """The place that a question names, the others beside it, and what else it says; None where it names none, or several."""
    low, beside = text.casefold(), dict[str, frozenset[str]]()
    for names in lists:
        for name in names:
            if name.casefold() in low:
                beside[name] = beside.get(name, frozenset()) | names
    if len(beside) != 1:
        return None
    ((here, names),) = beside.items()
    at = low.index(here.casefold())
    rest = content_terms(f"{text[:at]} {text[at + len(here) :]}")
    return (here, names - {here}, rest) if rest else None


def _says(one: Candidate, rest: frozenset[str]) -> bool:
    """Whether a span holds all that is asked; of a record, with its title."""
    own = one.facets.context if one.passage.row is not None else one.facets.terms | one.facets.heading
    return rest <= own


def _with_heads(one: Candidate) -> str:
    return "\n".join((one.passage.title, *one.passage.section, one.span.heading, one.span.lead, one.span.text))


def _is_at(text: str, others: Iterable[str]) -> bool:
    """Whether a text says that it is at one of the other places."""
    return any(
        name in text if HAN.search(name) else re.search(rf"{_WHERE}{re.escape(name)}\b", text) for name in others
    )


def _lists(spans: Sequence[Candidate]) -> Iterator[frozenset[str]]:
    """Names that stand side by side: in a sentence, or in the first cells of a table."""
    tables: dict[tuple[str, str], set[str]] = {}
    for one in spans:
        if one.span.kind is SpanKind.ROW:
            tables.setdefault((one.passage.id, one.span.lead), set()).add(label(one))
        for found in _LIST.finditer(one.span.text):
            yield frozenset(_BETWEEN.split(found.group()))
    yield from (frozenset(name for name in names if len(name) >= _LEAST) for names in tables.values())
