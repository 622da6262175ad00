"""What a customer has lost, and what articles say of loss: who lost the receipt is not told that lost phones are not covered."""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.subject import content_terms
from knowledge.question.parts import QuestionPart
from knowledge.text.han import HAN
from knowledge.text.words import words

Array = npt.NDArray[np.float32]

_OWN = r"(?:(?:my|our|the|an?|any|his|her)\s+)?"
_ENDS = r"(?:can|could|do|does|did|is|are|was|were|will|would|may|should|and|but|so|how|what|where|when|who|which|to|for|in|on|at|from|of|it|i|we|any\w*|yesterday|today)"
_LOST = re.compile(
    rf"\b(?:lost|los[ei](?:ng)?|misplaced|mislaid|thr[eo]wn? (?:away|out)|binned|can(?:no|['’]?)t find|(?:don|doesn|didn)['’]?t have|haven['’]?t got|without|have no|no longer have)"
    rf"\s+{_OWN}(?P<thing>(?!{_ENDS}\b|\w+ing\b)[\w-]+(?:\s+(?!{_ENDS}\b)[\w-]+)?)"
    rf"|\bmy (?P<gone>[\w-]+(?: [\w-]+)?) (?:is|was|got|has been|went) (?:lost|gone|missing|thrown)\b"
    r"|(?:我们?的?|[把将，。,\s]|如果|^|要是|请问|不小心)(?P<ding>[\u4e00-\u9fff]{2,5}?)(?:不小心|都|给|已经|被我?)?(?:弄?丢了?|遗失|找不[到着]|不见|没了|扔了?|没有了)"
    r"|(?:没有|没带|忘带了?|弄丢了?|丢了)(?P<mei>[\u4e00-\u9fff]{2,5}?)(?:了|[，,]|[能可还怎])",
    re.IGNORECASE,
)
_LOSS = re.compile(
    r"\b(?:lost|loss|stolen|theft|missing)\b|丢|遗失|被[盗偷]|失窃",
    re.IGNORECASE,
)
_LOST_ONE = re.compile(
    r"\b(?:lost|stolen|missing)(?: (?:or|and) (?:lost|stolen|damaged|missing))? (?!or\b|and\b|in\b|by\b|on\b)(?P<after>[\w-]+(?: [\w-]+)?)"
    r"|(?P<before>[\w-]+) (?:is|are|was|has been|gets) (?:lost|stolen|missing)"
    r"|(?P<qian>[\u4e00-\u9fff]{1,6})(?:丢失?|遗失|被[盗偷])|(?:丢失|遗失|被[盗偷])的?(?P<hou>[\u4e00-\u9fff]{1,6})",
    re.IGNORECASE,
)
_NEED = (
    r"(?:need\w*|requir\w+|bring|show|present|enclose|include|keep|without|with|provide|have|no)\s+(?:[\w-]+\s+){0,2}?"
)
_NEEDED = r"(?:\s+(?:is|are)(?:\s+not|n['’]t)?\s+(?:needed|necessary|required|optional|welcome))"
_NEED_ZH = r"(?:[需须]要?|凭|出示|附上?|提供|带上?|携带|保留|没有)[^，。；]{0,6}?"
_NEAR, _FAR = np.float32(3.0), np.float32(6.0)


def of_what_is_lost(part: QuestionPart, spans: Sequence[Candidate], logits: Array) -> Array:
    """The logits [n]; where a customer has lost something else than what is asked about, what says whether that is needed comes
    before, and what tells of the loss of other things goes far behind.
    """
    thing = _lost(part.text)
    if not thing:
        return logits
    needed = np.array([_is_needed(thing, one) for one in spans])
    of_others = np.array([_is_of_others(thing, one, known=bool(needed.any())) for one in spans])
    return np.asarray(logits + _NEAR * needed - _FAR * of_others, dtype=np.float32)


def _lost(asked: str) -> str:
    """What a question says that is lost, beside something that it asks; "" where it asks nothing else."""
    found = _LOST.search(asked)
    thing = next(filter(None, found.groups()), "") if found else ""
    rest = content_terms(f"{asked[: found.start()]} {asked[found.end() :]}") if found else frozenset[str]()
    return thing if rest and content_terms(thing) else ""


def _is_needed(thing: str, one: Candidate) -> bool:
    """Whether a span says that one needs a thing, or does not, where it is not what the article is about."""
    terms = content_terms(thing)
    if not terms <= one.facets.terms or not terms.isdisjoint(words(" ".join((one.passage.title, one.span.heading)))):
        return False
    said = re.escape(thing)
    pattern = f"{_NEED_ZH}{said}" if HAN.search(thing) else rf"\b{_NEED}{said}|{said}{_NEEDED}"
    return bool(re.search(pattern, one.span.text, re.IGNORECASE))


def _is_of_others(thing: str, one: Candidate, *, known: bool) -> bool:
    """Whether a span tells of the loss of something else. known: whether it is told elsewhere if the thing is needed."""
    text = one.span.text
    if not _LOSS.search(text):
        return False
    named = [name for found in _LOST_ONE.finditer(text) if (name := next(filter(None, found.groups()), ""))]
    terms = content_terms(thing)
    if any(terms & frozenset(words(name)) for name in named):
        return False
    return known or (bool(named) and terms <= one.facets.terms)
