"""Which of all is the best by something: what one thing's article tells of it says nothing of the others."""

import re
from collections.abc import Collection, Mapping, Sequence

from agent.generate.extractive.candidates import Candidate
from knowledge.question.parts import QuestionPart
from knowledge.text.han import HAN
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
_HEAD = re.compile(r"\s*(?:[:：|]|\s[-–—]\s|——)\s*")


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


def _head(title: str, others: Collection[str]) -> str:
    """What a title begins with, where another tells the same of something else: "Fen Plan: prices", "Moor Plan: prices"."""
    head, *rest = _HEAD.split(title, maxsplit=1)
    return head if rest and any(_HEAD.split(other, maxsplit=1)[1:] == rest for other in others) else ""


def _is_of_the_kind(product: str, asked: str) -> bool:
    """Whether a product is called by the kind of thing that is asked for, "Gold Account", where accounts are, and not named."""
    if product.casefold() in asked.casefold():
        return False
    if HAN.search(product):
        return product[-1] in asked
    kind = words(product)[-1:]
    return bool(kind) and kind[0] in words(asked)
