"""Selects, for one part of a question, the few spans that answer it, and describes how sure that is."""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from agent.generate.extractive.answer_types import AnswerType, wanted
from agent.generate.extractive.bands import with_what_holds
from agent.generate.extractive.belonging import (
    length,
    with_introductions,
    with_the_rule,
    with_what_belongs,
    with_what_they_lean_on,
    with_whole_lists,
)
from agent.generate.extractive.candidates import Candidate, Candidates
from agent.generate.extractive.cases import with_other_cases
from agent.generate.extractive.cautions import cautions, is_of_another, says_nothing_of_harm, without_other_groups
from agent.generate.extractive.closed_lists import only_elsewhere
from agent.generate.extractive.for_staff import customers_first
from agent.generate.extractive.implied import implied
from agent.generate.extractive.question_cues import asks_for_own_data
from agent.generate.extractive.records import with_what_singles_out
from agent.generate.extractive.repeating import that_tell
from agent.generate.extractive.states import of_its_state
from agent.generate.extractive.subject import USUAL, of_rows_compared, shares_meant
from agent.generate.extractive.what_is_lost import of_what_is_lost
from agent.generate.extractive.wholes import Article, Left, with_wholes
from knowledge.cutting.spans import Span
from knowledge.index.names import OTHER_NAME
from knowledge.question.comparison import name_pattern
from knowledge.question.parts import QuestionPart
from knowledge.types import PassageEvidence

Array = npt.NDArray[np.float32]

MAX_WORDS = 75
SURE = 0.8
"""Probability that a caution, or where else something is had, answers: what is meant is told by words alone."""
_MAX_SPANS = 5
_MAX_ARTICLES = 2
_NEVER = np.float32(100)
_FEW = 3  # words: of so short a question each one counts, of a longer one many only lead up to it
_KNOWN = 0.5
_MEANT = np.float32(2.0)  # logits: what all that a Chinese question is about counts, beside ranking and verifier
_NEAR = 0.03  # a further span is quoted when it is at least so probable against the best one

SUPPORT_FEATURES = (
    "verified",  # highest logit of the verifier for the best few spans; 0 without one
    "chosen",  # probability among the candidates of all spans quoted, together
    "best_similarity",  # highest cosine of any candidate
    "coverage_context",  # of the best span
    "type_missing",
    "name",  # whether the passage stands under a name in the question
    "rival_similarity",  # how much better a passage under another name fits the question without its names: by vectors
    "rival_words",  # and by words; above 0 the thing is known of others, but hardly of what is asked about
    "passage_words",  # BM25 of the passage for the question without names, over the best that any passage got
    "known_share",  # share of the question's words that stand in any passage at all
    "own_data",  # the question seems to ask for the customer's own data
    "denied",  # the verifier's logit as far as it is below 0
    "far",  # the similarity, and the share of words known, as far as they are low: what is about something else altogether
    "unheard_of",
    "ranked",  # the ranking's highest logit, before the verifier is heard
    "plain",  # of a short question, the share of its words that the best span and what stands above it hold
    "meant",  # of what a Chinese question is about, the share that a Chinese span quoted and what stands above it hold, less USUAL
)
_FAR, _UNHEARD_OF = 0.35, 0.5
_FOR_SOME = re.compile(
    r"\b(?:business|compan(?:y|ies)|corporate|students?|teens?|employers?)\b|企业|公司|学生|商家", re.IGNORECASE
)
_BY_SOME = re.compile(rf"{_FOR_SOME.pattern}|\b(?:we|our|us)\b|我们", re.IGNORECASE)
_FOR_COMPANIES = re.compile(
    r"\b(?:business(?:es)?|compan(?:y|ies)|corporate)\b|企业|公司|商业|商务|对公", re.IGNORECASE
)
_FOR_PERSONS = re.compile(
    r"\b(?:personal|individual|private|consumer|for (?:myself|me)|not (?:a |the |for )?(?:my )?(?:business|company))\b"
    r"|个人|私人|自己用|不是(?:企业|公司|对公)",
    re.IGNORECASE,
)
_ASIDE = np.float32(1.0)
_APART = np.float32(3.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """part:    of the question, that is answered.
    spans:   in reading order, passage by passage, the best passage first.
    features: as SUPPORT_FEATURES names them.
    void:     whether nothing can answer: all that would be quoted are names in the question; what fits best has a placeholder
              where the value should be, or no word of the question stands in any passage ("xxxx"); where words are all there
              is to go by, half at the most of a few.
    left:     what is too long to be quoted whole, though all of it is asked for.
    sure:     whether it warns of just what is asked about, or says where else that is: this is rather said than weighed.
    products: by the ids of passages, the product that each tells of, where the question does not name it.
    """

    part: QuestionPart
    spans: tuple[Candidate, ...]
    features: Array
    void: bool
    left: tuple[Left, ...] = ()
    sure: bool = False
    products: Mapping[str, str] = field(default_factory=dict)


def room_for(parts: int) -> int:
    """Words that may be quoted for each of so many parts of a question."""
    return MAX_WORDS if parts == 1 else MAX_WORDS * 8 // (5 * parts)


def select(
    part: QuestionPart,
    evidence: Sequence[PassageEvidence],
    found: Candidates,
    logits: Array,
    *,
    verified: float,
    ranked: float,
    known_share: float,
    max_words: int = MAX_WORDS,
    article: Article = lambda _: (),
) -> Selection:
    """The spans that answer this part best, by the ranking's logits [n].

    verified: the verifier's word on the best of them; ranked: the highest logit before it was heard; known_share: of the question's words, those that any passage holds.
    article: gives all passages of a document.
    """
    meant = shares_meant(part, found.spans)
    if found.has_vectors:
        logits = logits + _MEANT * meant
    logits = _for_all_first(part, found, _of_its_own(part, found, logits))
    logits = of_what_is_lost(part, found.spans, without_other_groups(part, found.spans, logits))
    logits = of_its_state(part, found.spans, of_rows_compared(part, found.spans, logits))
    probabilities = np.exp(logits - logits.max())
    probabilities /= probabilities.sum()
    order = np.argsort(-logits, kind="stable").tolist()
    steps = AnswerType.STEPS in wanted(part.text)
    foreign = _of_others(part, found, order[0])
    chosen = _chosen(found.spans, probabilities, order, max_words, steps=steps, foreign=foreign)
    supporting = with_whole_lists(found.spans, chosen, max_words * 3 // 2)
    features = _support_features(
        part, evidence, found, logits, (probabilities, supporting, meant), (verified, ranked, known_share)
    )
    # What supports an answer is all that is nearly as good; what is quoted of it comes from few articles.
    aside = {*found.beside, *_for_others(part, found, order[0])}
    quotable = [place for place in customers_first(part, found.spans, logits, order) if place not in aside]
    if max_words == MAX_WORDS:  # the only part
        quotable = _of_few_articles(found.spans, quotable)
    chosen = _chosen(found.spans, probabilities, quotable, max_words, steps=steps, foreign=foreign)
    chosen, left = _with_the_rest(part, found, chosen, probabilities, article, max_words * 3 // 2)
    quoted, sure = _with_cautions(part, found, order, chosen, verified)
    by_words = not found.has_vectors and len(part.terms) <= _FEW
    least = _KNOWN if by_words else 0.0
    void = (
        found.spans[order[0]].facets.unfilled
        or known_share <= least
        or not quoted
        or says_nothing_of_harm(part, quoted)
        or is_of_another(part, found.spans, order[0])
    )
    left = tuple(one for one in left if any(one.passage.id == span.passage.id for span in quoted))
    return Selection(part=part, spans=quoted, features=features, void=void, left=left, sure=sure)


def _with_cautions(
    part: QuestionPart, found: Candidates, order: Sequence[int], chosen: Sequence[int], verified: float
) -> tuple[tuple[Candidate, ...], bool]:
    """What is quoted, in reading order, after what must be heard first, and whether that is sure to be said."""
    first, sure = cautions(part, found.spans, order, order[0])
    if not first and (elsewhere := only_elsewhere(part, found.spans, order)):
        first, sure = elsewhere[:1], True
        chosen = [place for place in chosen if place in elsewhere]
    if not first and verified < 0 and (used := implied(part, found.spans, order)):
        first, sure, chosen = used, True, []
    places = _with_first(found.spans, first, chosen)
    told = that_tell(_in_reading_order(found.spans, places), part.text)
    heard = [found.spans[place] for place in first]
    return tuple(sorted(told, key=lambda one: one not in heard)), sure


def _with_first(spans: Sequence[Candidate], first: Sequence[int], chosen: Sequence[int]) -> list[int]:
    """What is said first, and of what else is chosen that of its article."""
    if not first:
        return list(chosen)
    source = spans[first[0]].passage.source_id
    return [*first, *(at for at in chosen if at not in first and spans[at].passage.source_id == source)]


def _of_its_own(part: QuestionPart, found: Candidates, logits: Array) -> Array:
    """The logits [n]; where things are set side by side, what stands under the other's name says nothing of this one."""
    others = found.column("name") < OTHER_NAME
    return np.where(others, logits - _NEVER, logits) if part.compared and not others.all() else logits


def _for_all_first(part: QuestionPart, found: Candidates, logits: Array) -> Array:
    """The logits [n]; what is entitled for some customers goes a little after what is for all, unless one of them asks.

    Where the question itself says "personal" or "business", what a folder or a title keeps for the others goes far behind.
    """
    if _FOR_PERSONS.search(part.text):
        return np.where(_is_for_companies(found), logits - _APART, logits)
    if _FOR_COMPANIES.search(part.bare):
        theirs = _is_for_companies(found)
        apart = np.where(_has_a_twin(found, theirs), _APART, _ASIDE)
        return np.where(theirs, logits, logits - apart) if theirs.any() else logits
    if _BY_SOME.search(part.text):
        return logits
    some = np.array([bool(_FOR_SOME.search(candidate.passage.title)) for candidate in found.spans])
    return np.where(_is_entitled_for_companies(part, found), logits - _APART, np.where(some, logits - _ASIDE, logits))


def _for_others(part: QuestionPart, found: Candidates, best: int) -> frozenset[int]:
    """Places of spans that are entitled for companies, where what answers best is for all, and no company asks."""
    theirs = _is_entitled_for_companies(part, found)
    return frozenset() if theirs[best] or _BY_SOME.search(part.text) else frozenset(np.flatnonzero(theirs).tolist())


def _is_entitled_for_companies(part: QuestionPart, found: Candidates) -> npt.NDArray[np.bool_]:
    """[n] whether a span's title says that it is for companies; where the question names a product, that of others alone."""
    titled = np.array([bool(_FOR_COMPANIES.search(candidate.passage.title)) for candidate in found.spans])
    return titled & (found.column("name") <= 0) if part.names else titled


def _is_for_companies(found: Candidates) -> npt.NDArray[np.bool_]:
    """[n] whether a span's folder or title says that it is for companies."""
    said = (f"{c.passage.source_id} {c.passage.title}".replace("_", " ") for c in found.spans)
    return np.array([bool(_FOR_COMPANIES.search(text)) for text in said])


def _has_a_twin(found: Candidates, among: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """[n] whether the title begins (up to its colon) as that of one of these spans."""
    heads = [re.split(r"[:：—–]", c.passage.title, maxsplit=1)[0].strip().lower() for c in found.spans]
    theirs = {head for head, is_theirs in zip(heads, among, strict=True) if is_theirs}
    return np.array([head in theirs for head in heads])


def _of_others(part: QuestionPart, found: Candidates, best: int) -> frozenset[int]:
    """Places of spans about other things than the one asked about, which the best span is about."""
    if not part.names or found.column("name")[best] < OTHER_NAME:
        return frozenset()
    asked = [re.compile(name_pattern(name), re.IGNORECASE) for name in part.names]
    return frozenset(
        place
        for place, candidate in enumerate(found.spans)
        if candidate.passage.id in found.foreign and not all(name.search(_said_of(candidate.span)) for name in asked)
    )


def _said_of(span: Span) -> str:
    """A span with what stands above it."""
    return f"{span.heading}\n{span.lead}\n{span.text}"


def _chosen(
    spans: Sequence[Candidate],
    probabilities: Array,
    order: Sequence[int],
    max_words: int,
    *,
    steps: bool,
    foreign: Container[int],
) -> list[int]:
    """Places of the best span, what belongs to it, and others nearly as good that are not foreign, within a few words."""
    best = order[0]
    chosen = with_what_belongs(spans, best, steps=steps)
    said = sum(length(spans[place]) for place in chosen)
    for place in order[1:]:
        if len(chosen) >= _MAX_SPANS or probabilities[place] < _NEAR * probabilities[best]:
            break
        if (
            place in chosen
            or place in foreign
            or spans[place].facets.unfilled
            or said + length(spans[place]) > max_words
            or _says_again(spans, chosen, place)
        ):
            continue
        chosen.append(place)
        said += length(spans[place])
    return chosen


def _with_the_rest(
    part: QuestionPart, found: Candidates, chosen: list[int], probabilities: Array, article: Article, most: int
) -> tuple[list[int], tuple[Left, ...]]:
    """The chosen places with what they lean on, the other cases of a distinction, and all of their lists and tables, while all
    are `most` words; and what is left out of those.

    Things set side by side are said in short: no lists.
    """
    chosen = with_the_rule(found.spans, chosen, part.text)
    chosen = with_what_singles_out(found.spans, chosen, found.singled_out)
    chosen = with_what_they_lean_on(found.spans, chosen, most)
    if part.compared:
        return chosen, ()
    chosen = with_whole_lists(found.spans, chosen, most)
    chosen = with_other_cases(found.spans, chosen, part.text, most)
    chosen = with_what_holds(found.spans, chosen, part.text, most)
    return with_wholes(found.spans, chosen, part.text, probabilities, found.beside, article, most)


def _of_few_articles(spans: Sequence[Candidate], order: Sequence[int]) -> list[int]:
    """The places, best first, of the best articles alone: what a third one adds to an answer is mostly beside the point."""
    articles = list(dict.fromkeys(spans[place].passage.source_id for place in order))[:_MAX_ARTICLES]
    return [place for place in order if spans[place].passage.source_id in articles]


def _says_again(spans: Sequence[Candidate], chosen: Sequence[int], place: int) -> bool:
    """Whether a span repeats one already chosen: most of its words, and no number of its own."""
    own = spans[place].facets
    return any(
        len(own.terms & other.terms) > 0.75 * min(len(own.terms), len(other.terms)) and own.numbers <= other.numbers
        for other in (spans[at].facets for at in chosen)
    )


def _in_reading_order(spans: Sequence[Candidate], chosen: Sequence[int]) -> tuple[Candidate, ...]:
    return tuple(with_introductions([spans[place] for place in chosen]))


def _support_features(
    part: QuestionPart,
    evidence: Sequence[PassageEvidence],
    found: Candidates,
    logits: Array,
    chosen: tuple[Array, Sequence[int], Array],
    signs: tuple[float, float, float],
) -> Array:
    probabilities, places, meant = chosen
    verified, ranked, known_share = signs
    best = int(np.argmax(logits))
    quoted = next(item for item in evidence if item.passage.id == found.spans[best].passage.id)
    under = {c.passage.id for c, name in zip(found.spans, found.column("name"), strict=True) if name >= OTHER_NAME}
    own = [item for item in evidence if item.passage.id in under] or [quoted]
    similarity = found.column("similarity").max()
    values = {
        "verified": verified,
        "chosen": probabilities[list(places)].sum(),
        "best_similarity": similarity,
        "denied": min(verified, 0.0),
        "far": min(similarity, _FAR),
        "unheard_of": min(known_share, _UNHEARD_OF),
        "rival_similarity": _over(own, "rival_span_bare", "span_bare") if part.names else 0.0,
        "rival_words": _over(own, "rival_body_bare", "body_bare") if part.names else 0.0,
        "passage_words": quoted.arm_scores.get("body_bare", 0.0),
        "known_share": known_share,
        "own_data": float(asks_for_own_data(part.text)),
        "ranked": ranked,
        "plain": found.column("coverage_context")[best] if len(part.terms) <= _FEW else 0.0,
        "meant": float((meant[list(places)] - USUAL).max()),
    }
    same = {name: found.column(name)[best] for name in SUPPORT_FEATURES if name not in values}
    return np.array([{**values, **same}[name] for name in SUPPORT_FEATURES], dtype=np.float32)


def _over(own: Sequence[PassageEvidence], rival: str, name: str) -> float:
    """How far the best passage under another name is above the best under the question's names, or under none."""
    best = max(item.arm_scores.get(name, 0.0) for item in own)
    return max(item.arm_scores.get(rival, 0.0) for item in own) - best
