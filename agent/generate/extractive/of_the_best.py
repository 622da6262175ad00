"""Which of all is the best by something: what one thing's article tells of it says nothing of the others."""

import re
from collections.abc import Collection, Mapping, Sequence

from agent.generate.extractive.candidates import Candidate, SpanSource
from agent.generate.extractive.facets import facets_of
from knowledge.question.parts import QuestionPart
from knowledge.text.han import HAN
from knowledge.text.titles import head_and_rest
from knowledge.text.words import words

_MOST = re.compile(
    r"\b(?<!at )(?:most|least|best|worst|(?:high|low|larg|bigg|small|long|short|cheap|fast|quick|slow|heavi|light|new|old|strong|great|safe|earli|lat|few)est)\b"
    r"(?! (?:way|time|practices?|at|recent|of (?:my|the|it))\b)|最(?:高|低|大|小|多|少|长|短|便宜|贵|好|快|慢|轻|重|新|划算|优惠|实惠|合算|省钱|强|早|晚)",
    re.IGNORECASE,
)
_SUPERLATIVE = r"(?:most|least|best|worst|\w+est)"
_OF_WHICH = re.compile(
    rf"\bwhich\b|\bwhat(?:['’]?s| is)? (?:the |your )?(?:\w+ ){{0,2}}?{_SUPERLATIVE}\b|^\W*(?:the )?{_SUPERLATIVE} "
    r"|\bwhat \w+ (?:\w+ ){0,2}?(?:is|has|have|gives?|pays?|earns?|costs?|offers?)\b|哪一?[^里儿些天\W]",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_MOST_TWINS = 8
_ALIKE = 0.6  # of the words of two sentences that tell the same of two things


def tells_of_few(
    part: QuestionPart, quoted: Sequence[Candidate], products: Mapping[str, str], titles: Collection[str]
) -> bool:
    """Whether a question asks which of a kind has most of something, and the passage that would answer tells of one of them.

    quoted: the best passage first; products: by the ids of passages, the product that each tells of, where the question does
    not name it; titles: of all that was found, where others may be told the same of.
    """
    if not quoted or not asks_for_the_best(part.text):
        return False
    best = quoted[0].passage
    if any(_MOST.search(one.span.text) for one in quoted if one.passage.id == best.id):
        return False
    one_of_several = products.get(best.id, "") or _head(best.title, {*titles} - {one.passage.title for one in quoted})
    return _is_of_the_kind(one_of_several, part.text)


def asks_for_the_best(text: str) -> bool:
    """Whether a question asks which of a kind has most of something."""
    return bool(_MOST.search(text) and _OF_WHICH.search(text))


def side_by_side(quoted: Sequence[Candidate], source: SpanSource) -> tuple[Candidate, ...]:
    """What each of the articles that tell the same of several things says in place of the first figure that is quoted of one; ()
    where one of them says nothing like it, or they are too many to be read.
    """
    best = next((one for one in quoted if one.passage.id == quoted[0].passage.id and one.facets.numbers), None)
    if best is None:
        return ()
    articles: dict[str, list[Candidate]] = {}
    for passage in source.entitled_alike(best.passage.title):
        own = articles.setdefault(passage.source_id, [])
        own.extend(Candidate(passage=passage, facets=facets) for facets in facets_of(passage))
    found = [_in_place_of(best, spans) for spans in articles.values()]
    if not 1 < len(found) <= _MOST_TWINS:
        return ()
    told = tuple(one for one in found if one)
    return told if len(told) == len(found) else ()


def _in_place_of(best: Candidate, spans: Sequence[Candidate]) -> Candidate | None:
    """The span that says the same of another thing: in the same words but for the numbers, else mostly so at the same place."""
    said = _NUMBER.sub("#", best.span.text)
    same = next((one for one in spans if _NUMBER.sub("#", one.span.text) == said), None)
    if same or best.index >= len(spans):
        return same
    other = spans[best.index]
    own, others = ({term for term in one.facets.terms if not term[0].isdigit()} for one in (best, other))
    return other if len(own & others) >= _ALIKE * max(1, min(len(own), len(others))) else None


def _head(title: str, others: Collection[str]) -> str:
    """What a title begins with, where another tells the same of something else: "Fen Plan: prices", "Moor Plan: prices"."""
    head, rest = head_and_rest(title)
    return head if rest and any(head_and_rest(other)[1] == rest for other in others) else ""


def _is_of_the_kind(product: str, asked: str) -> bool:
    """Whether a product is called by the kind of thing that is asked for, "Gold Account", where accounts are, and not named."""
    if product.casefold() in asked.casefold():
        return False
    if HAN.search(product):
        return product[-1] in asked
    kind = words(product)[-1:]
    return bool(kind) and kind[0] in words(asked)
