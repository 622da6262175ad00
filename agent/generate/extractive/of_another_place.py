"""What is told of another place than the one that is asked about is no answer: of a visa for Japan, who asks of France."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from rapidfuzz.distance import OSA

from agent.generate.extractive.candidates import Candidate, SpanSource
from agent.generate.extractive.facets import facets_of
from agent.generate.extractive.subject import content_terms
from knowledge.question.parts import QuestionPart
from knowledge.text.dictionary import is_common
from knowledge.text.han import HAN
from knowledge.text.places import places_in, tells_of_many

_OF_ONESELF = re.compile(
    r"\b(?:(?:i|we)(?:['’](?:m|re)| am| are)?(?: (?:currently|now|both|all))?(?: (?:live|stay(?:ing)?|living|come|work|study|based|moved?|born|a|an))?"
    r" (?:in|from|near|to)|my|our)(?: the)? [\w'’-]+(?: [A-Z][\w'’-]+)?"
    r"|(?:我们?|本人)(?:家|人)?(?:现在|目前|一直)?(?:就?[是在]|住在?|来自)[^，。,？?！]*",
    re.IGNORECASE,
)
"""Where somebody lives or comes from is not what they ask about."""
_PREPOSITIONS = {"in": "in", "at": "in", "near": "in", "to": "to", "into": "to", "from": "from"}
_AFTER = re.compile(r"\b(in|at|near|to|into|from) (?:the )?([^\W\d_][\w'’-]{2,})", re.IGNORECASE)
_DATES = re.compile(
    r"(?:jan|febr)uary|march|april|may|june|july|august|(?:septem|octo|novem|decem)ber|(?:sun|mon|tues|wednes|thurs|fri|satur)days?"
    r"|christmas|easter|new year.*",
    re.IGNORECASE,
)
_SLIP = 2  # letters in which a misspelt name differs


def tells_of_another_place(part: QuestionPart, quoted: Sequence[Candidate], source: SpanSource) -> bool:
    """Whether the question names a place that no passage quoted names, and most of what is quoted of the best tells of others like it.

    quoted: the best passage first.
    """
    asked = _OF_ONESELF.sub(" ", part.text)
    texts = [one.span.text for one in quoted if quoted and one.passage.id == quoted[0].passage.id]
    if not texts or any(map(tells_of_many, texts)):
        return False
    return _of_another(asked, quoted, texts) or (not HAN.search(asked) and _of_another_town(asked, texts, source))


def _of_another(asked: str, quoted: Sequence[Candidate], texts: Sequence[str]) -> bool:
    """By the places that are known, and how large they are."""
    places = places_in(asked)
    if not places:
        return False
    whole = "\n".join(text for one in quoted for text in _said_in(one)).lower()
    if any(place in whole for place in places):
        return False
    meant = frozenset[str]().union(*places.values())
    return _most(any(meant & kinds for kinds in places_in(text).values()) for text in texts)


def _most(told: Iterable[bool]) -> bool:
    """Whether more than half is so: what is said beside an answer does not make it another's."""
    found = list(told)
    return 2 * sum(found) > len(found)


def _said_in(one: Candidate) -> Iterator[str]:
    """All that a passage says, and what stands above it."""
    yield from (one.passage.title, *one.passage.section, *(facets.span.text for facets in facets_of(one.passage)))


def _of_another_town(asked: str, texts: Sequence[str], source: SpanSource) -> bool:
    """By how they are written: behind "in" a word that no passage has, and behind "in" a name that was not asked for."""
    strange = {kind: word for kind, word in _behind(asked) if _is_strange(word, source)}
    if not strange:
        return False
    said = asked.casefold()
    return _most(any(_is_other(one, strange, said, source) for one in _behind(text)) for text in texts)


def _is_other(named: tuple[str, str], strange: Mapping[str, str], said: str, source: SpanSource) -> bool:
    """Whether what stands behind a preposition is a place's name, of another place than the strange one behind the like."""
    kind, word = named
    if kind not in strange or not word[0].isupper() or word.casefold() in said or not _is_a_place(word, source):
        return False
    return OSA.distance(word.casefold(), strange[kind].casefold()) > _SLIP


def _is_a_place(name: str, source: SpanSource) -> bool:
    """Whether a name may be that of a place: no date, and no product that articles are about."""
    return not _DATES.fullmatch(name) and not source.names_in(name)


def _behind(text: str) -> list[tuple[str, str]]:
    """What stands behind prepositions of place, each with those that mean the same."""
    return [(_PREPOSITIONS[before.lower()], word) for before, word in _AFTER.findall(text)]


def _is_strange(word: str, source: SpanSource) -> bool:
    """Whether a word may be a name, and no passage has it."""
    terms: Collection[str] = content_terms(word)
    named = word[0].isupper() or not is_common(word.lower())
    return bool(terms) and named and not _DATES.fullmatch(word) and not source.known_share(terms)
