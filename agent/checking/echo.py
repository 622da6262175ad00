"""What a sentence says of the question's things without its evidence speaking of them.

Asked whether there is a pool, a model says "Yes, there is a pool": words of the question are easily said again, and prove
nothing. So what a sentence takes up from the question has to stand in its evidence; where it does not, it may be the
same in other words (the guarantee is the warranty), and the sentence is in doubt until somebody has read both. A number is
in doubt, too, where the evidence states it of something else than what was asked for. Chinese and English are compared by
the dictionary. Pure functions.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from agent.checking.numbers import is_unit, measures_in, without_measures
from knowledge.cutting.spans import Span, split_spans
from knowledge.embedders import glosses
from knowledge.text.folding import simplified
from knowledge.text.han import HAN
from knowledge.text.words import words

_REMEMBERED = 1_024
_LATIN = re.compile(r"[A-Za-z]")
_SAYS_NOTHING = frozenset("rmqcpuyxtwez")  # pronouns, numerals, measures, particles … of the tags of jieba


@lru_cache(maxsize=_REMEMBERED)
def doubt(claim: str, evidence: str, question: str, *, passing: frozenset[str] = frozenset()) -> tuple[str, str] | None:
    """What to read together before a sentence is said: its words, and the piece of evidence that is nearest by words.

    None where nothing is doubtful. passing: terms that carry no statement.
    """
    bare = without_measures(claim)
    things = _things(bare, passing)
    asked = _things(question, passing)
    answers = _answers().match(claim) is not None and not things
    echoed = asked if answers else (things & asked) | _within(asked, claim) | _within(things, question)
    known = frozenset(thing for thing in echoed if _speaks_of(evidence, thing))
    if echoed - known:
        return (question if answers else claim), _nearest(claim, evidence)
    elsewhere = _said_of_another(claim, evidence, known)
    return (claim, elsewhere) if elsewhere else None


def _things(text: str, passing: frozenset[str]) -> frozenset[str]:
    """The words of a text that tell what it is about: English terms, and Chinese words."""
    found = {form for term in words(text) if _tells(term, passing) and (form := _form(term)) not in _asked()}
    if HAN.search(text):
        found |= set(_chinese(simplified(text), passing))
    return frozenset(found)


def _within(things: Collection[str], text: str) -> frozenset[str]:
    """Chinese words that stand in a text, however that is cut into words."""
    read = simplified(text)
    return frozenset(thing for thing in things if not thing.isascii() and thing in read)


def _tells(term: str, passing: frozenset[str]) -> bool:
    return term.isascii() and len(term) > 1 and not term.isdigit() and term not in passing and not is_unit(term)


def _chinese(text: str, passing: frozenset[str]) -> Iterator[str]:
    import rjieba  # imported here: its dictionary takes a moment

    for word, tag in rjieba.tag(text):
        if not HAN.search(word) or word in _asked() or word in passing or tag[0] in _SAYS_NOTHING:
            continue
        if len(word) > 1 or tag.startswith("n"):
            yield word


def _speaks_of(evidence: str, thing: str) -> bool:
    """Whether evidence holds a word, or its like in the other language."""
    known, read = _terms(evidence), simplified(evidence)
    if thing in (known if thing.isascii() else read):
        return True
    if HAN.search(evidence) is None if thing.isascii() else _LATIN.search(evidence) is None:
        return False
    if not glosses.is_available():
        return True  # said in another language than it was read in: words can't be compared
    if thing.isascii():
        return thing in _in_english(evidence)
    return any(said and said <= known for said in map(_terms, glosses.shared().senses(thing)))


def _nearest(claim: str, evidence: str) -> str:
    """The piece of evidence that holds most of a sentence's words; the shorter of two."""
    said = _terms(claim) if HAN.search(claim) is None or HAN.search(evidence) else _in_english(claim)
    spans = _spans(evidence)[1:] or _spans(evidence)  # the first is the title
    return max(spans, key=lambda span: (len(said & _terms(span.text)), -len(span.text))).text if spans else evidence


def _said_of_another(claim: str, evidence: str, known: Collection[str]) -> str:
    """A piece of evidence with the sentence's number, where none that has it speaks of what was asked, and another does."""
    numbers = measures_in(claim).keys()
    if not known or not numbers or bool(HAN.search(claim)) is not bool(HAN.search(evidence)):
        return ""
    spans = _spans(evidence)
    titles = evidence.split("\n", 1)[0]
    if any(_speaks_of(titles, thing) for thing in known):
        return ""
    spoken = [any(_speaks_of(_context(span), thing) for thing in known) for span in spans]
    if not any(spoken):
        return ""
    for number in numbers:
        having = [place for place, span in enumerate(spans) if number in measures_in(span.text)]
        if having and not any(spoken[place] or spoken[max(0, place - 1)] for place in having):
            return spans[having[0]].text
    return ""


def _context(span: Span) -> str:
    return "\n".join((span.heading, span.lead, span.text))


@lru_cache(maxsize=256)
def _spans(evidence: str) -> tuple[Span, ...]:
    return tuple(split_spans(evidence))


@lru_cache(maxsize=4_096)
def _terms(text: str) -> frozenset[str]:
    return frozenset(map(_form, words(text)))


@lru_cache(maxsize=256)
def _in_english(text: str) -> frozenset[str]:
    return _terms(glosses.shared().english(text)) if glosses.is_available() else frozenset()


def _form(term: str) -> str:
    return _forms().get(term, term)


@cache
def _asked() -> frozenset[str]:
    told = _told()["asked"]
    return frozenset((*told.split(), *words(told)))


@cache
def _forms() -> Mapping[str, str]:
    pairs = (pair.split("=") for pair in _told()["forms"].split())
    return {words(form)[0]: words(base)[0] for form, base in pairs if words(form) and words(base)}


@cache
def _answers() -> re.Pattern[str]:
    return re.compile(_told()["answers"])


@cache
def _told() -> Mapping[str, Any]:
    told: dict[str, Any] = yaml.safe_load((files("agent.checking") / "agreement.yaml").read_text("utf-8"))
    return told
