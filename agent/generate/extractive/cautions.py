"""What must be heard first: to stop and see a doctor, where harm is told of; what holds for the pregnant, where one asks."""

import re
from collections.abc import Collection, Sequence
from itertools import chain, islice

import numpy as np
import numpy.typing as npt

from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.facets import terms_of
from agent.generate.extractive.subject import content_terms
from agent.generate.extractive.wholes import label, siblings
from knowledge.cutting.spans import SpanKind
from knowledge.question.harm import DANGER, HARM, OF_DANGER, REMEDY, harm_in, has_remedy
from knowledge.question.parts import QuestionPart
from knowledge.text.han import HAN
from knowledge.text.words import words

Array = npt.NDArray[np.float32]

_WARNING = re.compile(
    rf"{REMEDY.pattern}|\b(?:doctor|physician|vet|medical)\b|\b(?:should|must|may|do|does|can|need)(?: not|n['’]t)\b|\bcannot\b|\bnever\b|\bonly\b"
    r"|\bnot (?:recommended|suitable|safe|allowed|permitted|advised|for)\b|\bunless\b|\bexcept\b|\bmust\b|\bstay away\b|\bkeep (?:off|out|away)\b|\bavoid\b"
    r"|医嘱|医生|兽医|医师|处方|不能|不可|不要|不宜|不建议|不推荐|不得|不适合|禁[用止忌]|慎用|避免|只能|仅限|须",
    re.IGNORECASE,
)
_GROUPS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bpregnan\w+|\bexpecting (?:a|my|our)\b|怀孕|孕[妇期早中晚]|孕\d|备孕|有孕",
        r"\bbreast-?feed\w*|\bnursing (?:mother|mum|mom|woman|women|a)\b|\blactating\b|哺乳|喂奶期|母乳喂养",
        r"\bprematur\w+|\bpreterm\b|\blow birth ?weight\b|早产|低体重儿",
        r"\bbab(?:y|ies)\b|\binfants?\b|\bnewborns?\b|\btoddlers?\b|\bchild(?:ren)?\b|\bkids?\b|宝宝|婴[儿幼]|新生儿|小孩|孩子|儿童|幼儿",
        r"\belderly\b|\bover (?:60|65|70)s?\b|\bseniors?\b|老人|老年",
        r"\bdiabet\w+|糖尿",
        r"\basthma\w*|哮喘",
        r"\bheart (?:condition|disease|problem|attack|failure)s?\b|\bcardiac\b|\bpacemakers?\b|心脏",
        r"\bblood pressure\b|\bhypertens\w+|高血压|血压",
        r"\bkidneys?\b|\brenal\b|肾",
        r"\bliver\b|肝",
        r"\bepilep\w+|癫痫",
        r"\b(?:open )?wounds?\b|\bcuts? (?:on|in)\b|\bbroken skin\b|伤口|破损|破皮|渗液",
        r"\beczema\b|\bpsoriasis\b|湿疹|银屑病",
        r"\ballerg(?:y|ic) to\b|\ballergies\b|\bsensitive skin\b|对.{1,8}过敏|过敏体质|敏感肌",
        r"\b(?:after|had|recent) (?:an? |my |the )?(?:\w+ )?(?:operation|surgery)\b|\bpost-?op\w*|手术|术后",
    )
]
"""Who needs to be careful, each group in both languages."""
_PREMATURE, _BABIES, _OLD = 2, 3, 4
_FAR = np.float32(6.0)
_MOST = 2
_LEAST = 2  # characters that a Chinese question shares with what warns of its subject


def groups_of(text: str) -> frozenset[int]:
    """Numbers of the groups of people, by their health or age, that a text names."""
    return frozenset(number for number, pattern in enumerate(_GROUPS) if pattern.search(text))


def without_other_groups(part: QuestionPart, spans: Sequence[Candidate], logits: Array) -> Array:
    """The logits [n]; what is said of other groups than the one asked for goes far behind: the pregnant, where a baby is meant."""
    asked = groups_of(part.text)
    if not asked:
        return logits
    meant = asked | ({_BABIES} if _PREMATURE in asked else frozenset())
    named = [groups_of(one.span.text) for one in spans]
    others = np.array([bool(groups) and not groups & meant for groups in named])
    return np.where(others, logits - _FAR, logits) if not others.all() else logits


def cautions(part: QuestionPart, spans: Sequence[Candidate], order: Sequence[int], best: int) -> tuple[list[int], bool]:
    """Places of what is to be said first, and whether it is sure to be meant; none where nothing is.

    best: the place of what answers best; what warns a group stands in the same article, what to do about harm in any.
    """
    if remedy := _remedy(part, spans, order):
        return remedy, True
    if spans[best].span.kind is SpanKind.ROW and groups_of(spans[best].span.lead) & groups_of(part.text):
        return [], False  # a column of the table is about them
    warning = _warnings(part, spans, order, best)
    return warning, any(_is_meant(part, spans[place]) for place in warning)


def says_nothing_of_harm(part: QuestionPart, spans: Sequence[Candidate]) -> bool:
    """Whether the question tells of harm, or of danger, and the spans (the best first), with what stands above them, do not: how to use
    it, or what it is worth, is no answer then.
    """
    if HARM.search(part.text):
        return not any(HARM.search(text) or REMEDY.search(text) for text in map(_with_its_head, spans))
    best = [one for one in spans if one.passage.id == spans[0].passage.id]
    return bool(DANGER.search(part.text)) and not any(OF_DANGER.search(_with_its_head(one)) for one in best)


def _with_its_head(one: Candidate) -> str:
    return f"{one.passage.title} {one.span.heading} {one.span.lead} {one.span.text}"


def _remedy(part: QuestionPart, spans: Sequence[Candidate], order: Sequence[int]) -> list[int]:
    """The place of what says to stop or to see a doctor: where the like harm is told of, else where words are shared."""
    harm = harm_in(part.text)
    if not harm:
        return []
    told = harm | {word for word in part.terms if not HAN.search(word)}
    asked = groups_of(part.text)
    healing = [at for at in order if REMEDY.search(spans[at].span.text)]
    of_this = (at for at in healing if has_remedy(spans[at].passage.text, part.text))
    of_all = (at for at in healing if groups_of(spans[at].span.text) <= asked and told & terms_of(spans[at].passage))
    warning = (at for at in order if harm & spans[at].facets.terms and _WARNING.search(spans[at].span.text))
    return list(islice(chain(of_this, of_all, warning), 1))


def is_of_another(part: QuestionPart, spans: Sequence[Candidate], best: int) -> bool:
    """Whether patients ask of a thing that the table about them, which would be quoted, does not have: other rows say nothing of it."""
    row, patients = spans[best], _patients(part.text)
    if row.span.kind is not SpanKind.ROW or not patients & groups_of(row.span.lead):
        return False
    above = frozenset(words(" ".join((row.passage.title, *row.passage.section, row.span.heading, row.span.lead))))
    thing = content_terms(_without(patients, part.text)) - above
    return bool(thing) and all(thing.isdisjoint(words(label(spans[at]))) for at in siblings(spans, best))


def _warnings(part: QuestionPart, spans: Sequence[Candidate], order: Sequence[int], best: int) -> list[int]:
    """Places of what the article of the best span warns the groups of, that the question names."""
    asked, source = groups_of(part.text), spans[best].passage.source_id
    found = (
        place for place in order if asked and spans[place].passage.source_id == source and _warns(part, spans[place])
    )
    return list(islice(found, _MOST))


def _warns(part: QuestionPart, one: Candidate) -> bool:
    """Whether a span warns those who ask: patients of all, the young and the old of what is asked about."""
    asked, named = groups_of(part.text), groups_of(one.span.text)
    if not named & asked or not _WARNING.search(one.span.text):
        return False
    if named & _patients(part.text):
        return True
    return named <= {_BABIES, _OLD} and _shares(_without(asked, part.text), one.facets.context)


def _is_meant(part: QuestionPart, warning: Candidate) -> bool:
    """Whether what warns patients, not all that are young or old, is about what the question asks, apart from them."""
    patients = _patients(part.text)
    if HARM.search(part.text) or not patients & groups_of(warning.span.text):
        return False
    return _shares(_without(patients, part.text), warning.facets.context)


def _patients(text: str) -> frozenset[int]:
    return groups_of(text) - {_BABIES, _OLD}


def _without(groups: Collection[int], text: str) -> str:
    """The text without the words for some groups."""
    for number in groups:
        text = _GROUPS[number].sub(" ", text)
    return text


def _shares(text: str, terms: frozenset[str]) -> bool:
    """Whether a text is about something that stands among index terms."""
    if HAN.search(text):
        return len(set(HAN.findall(text)) & terms) >= _LEAST
    return not content_terms(text).isdisjoint(terms)
