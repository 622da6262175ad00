"""Spans that belong together: a sentence and the exception after it, the steps of one list."""

import re
from collections.abc import Sequence

from agent.generate.extractive.answer_types import AnswerType, wanted
from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.facets import facets_of
from knowledge.cutting.spans import SpanKind
from knowledge.text.han import HAN
from knowledge.text.words import words

_BEFORE_THIS = r"(?:after|before|during|within|until|once|if|for|in|at|with|by|under|beyond|since|because of|based on)"
_LEANING = re.compile(
    rf"\W*(?:(?:{_BEFORE_THIS}\s+)?(?:this|these|that|those|such)\b(?!\s+is\s+(?:why|how)\b)|otherwise\b|however\b)"
    r"|\W*(?:但|否则|然而|届时|(?:超过|逾|过了|在|自|从|若|如果?|一旦|对于?|除|按照?|于|根据)?(?:此(?!外)|该|这|上述|前述))",
    re.IGNORECASE,
)
"""It says nothing without the sentence before it, be that an item of its own: "After this period, …", "超过该期限…"."""
_POINTING = re.compile(rf"\W*(?:{_BEFORE_THIS}\s+)?(?:it|they|them|also)\b|\W*(?:它们?|其)", re.IGNORECASE)
"""It may point to the sentence before it where both stand in one line; another item has its own "it"."""
_LIMITING = re.compile(
    r"\W*(?:unless|except|however|otherwise|but|only if|this does not|that does not|exceptions?)\b"
    r"|\W*(?:除非|但是?|不过|否则|例外|以下情况除外)",
    re.IGNORECASE,
)
_DENYING = re.compile(r"\b(?:no|not|never|without|cannot|\w+n['’]t)\b|没有|无[需须]?|不(?!仅|但|同)", re.IGNORECASE)
_SELF = re.compile(r"我们|本(?:店|公司|商城)|[您你的均都也]")
_ANNOUNCING = re.compile(
    r"\*\*[^*]{1,120}\*\*[.:。：]?|(?:yes|no|sure|correct|of course|certainly|unfortunately,? (?:no|not)|not yet)[.!,]?"
    r"|(?:是的?|可以的?|能|有的?|会|支持|当然(?:可以)?|不可以|不能|不行|没有|不会|不支持|暂不支持)[。！!.]?",
    re.IGNORECASE,
)
_ANNOUNCED = 45  # words of that rest
_MAX_STEPS = 20


def with_what_belongs(spans: Sequence[Candidate], place: int, *, steps: bool) -> list[int]:
    """Places of the spans to be quoted with this one, it among them.

    steps: whether the question asks how to do something, so that one step of a list calls for all of them.
    """
    if steps and len(listed := _list_around(spans, place)) > 1:
        return listed
    return [place, *_leaned_on(spans, place), *(_announced_by(spans, place) or _limited_by(spans, place))]


def with_whole_lists(spans: Sequence[Candidate], chosen: Sequence[int], most: int) -> list[int]:
    """The chosen places and, where several items of a numbered list are among them, all its others, while all are `most` words.

    Conditions 1 and 3 of four read as if there were no others.
    """
    found = list(chosen)
    for place in chosen:
        listed = _list_around(spans, place)
        added = [at for at in listed if at not in found]
        several = len({spans[at].span.place.ordinal for at in listed if at in chosen}) > 1
        if several and sum(map(length, (spans[at] for at in [*found, *added]))) <= most:
            found += added
    return found


def length(candidate: Candidate) -> int:
    """Of a span in words, or what would be as many in Chinese."""
    return max(len(candidate.span.text.split()), len(candidate.span.text) // 6)


def with_what_they_lean_on(spans: Sequence[Candidate], chosen: Sequence[int], most: int) -> list[int]:
    """The chosen places and the sentences that they lean on, while all are `most` words."""
    found = list(chosen)
    for place in chosen:
        for before in _leaned_on(spans, place):
            if before not in found and sum(length(spans[at]) for at in [*found, before]) <= most:
                found.append(before)
    return found


def with_the_rule(spans: Sequence[Candidate], chosen: Sequence[int], asked: str) -> list[int]:
    """The chosen places and, where the first denies for something that was not asked about what was, the sentence before it.

    "The flexible plan has no minimum term" is no answer to "Is there a minimum term?" without the rule that it departs from.
    """
    first = chosen[0]
    denial = _DENYING.search(spans[first].span.text)
    if not denial or AnswerType.YES_NO not in wanted(asked) or not first or first - 1 in chosen:
        return list(chosen)
    is_other = _names_another(spans[first].span.text[: denial.start()], asked) and in_one_line(
        spans[first - 1], spans[first]
    )
    return [*chosen, first - 1] if is_other else list(chosen)


def _names_another(subject: str, asked: str) -> bool:
    """Whether a subject has words that the question has not; of Chinese, at least two characters."""
    if HAN.search(subject):
        return len([sign for sign in HAN.findall(_SELF.sub("", subject)) if sign not in asked]) > 1
    return not frozenset(words(subject)) <= frozenset(words(asked))


def _leaned_on(spans: Sequence[Candidate], place: int) -> list[int]:
    """The sentence before one that begins with "This", "After that", "However": without it, its sense is lost."""
    before = place - 1
    if not place or not _follows(spans[before], spans[place]):
        return []
    one = spans[place]
    same_line = in_one_line(spans[before], one)
    leans = _LEANING.match(one.span.text) or (same_line and (_POINTING.match(one.span.text) or _goes_on(one)))
    return [before] if leans else []


def _goes_on(one: Candidate) -> bool:
    """Whether it tells what to do in the case that its list item begins with: "… Send proof within a month."."""
    return one.span.kind is SpanKind.ITEM and not one.span.place.listing and AnswerType.STEPS in one.facets.held


def _limited_by(spans: Sequence[Candidate], place: int) -> list[int]:
    """The sentence after it that begins with "Unless", "However": without it, what is said is not true."""
    after = place + 1
    if after == len(spans) or not _LIMITING.match(spans[after].span.text):
        return []
    return [after] if _follows(spans[place], spans[after]) else []


def _announced_by(spans: Sequence[Candidate], place: int) -> list[int]:
    """What follows in the line of one that only announces it: "**The e-mail did not arrive.**", "Yes."."""
    if not announces(spans[place]):
        return []
    found: list[int] = []
    said = 0
    for after in range(place + 1, len(spans)):
        if not in_one_line(spans[after - 1], spans[after]):
            break
        said += length(spans[after])
        if found and said > _ANNOUNCED:
            break
        found.append(after)
    return found


def announces(candidate: Candidate) -> bool:
    """Whether a span only says what the rest of its line is about, or yes or no to what stands above it."""
    return bool(_ANNOUNCING.fullmatch(candidate.span.text.strip()))


def in_one_line(first: Candidate, second: Candidate) -> bool:
    """Whether the second span follows the first in the same line."""
    return _follows(first, second) and "\n" not in first.passage.text[first.span.start : second.span.start]


def _follows(first: Candidate, second: Candidate) -> bool:
    return first.passage.id == second.passage.id and second.index == first.index + 1


def with_introductions(spans: Sequence[Candidate]) -> list[Candidate]:
    """Spans in reading order, and in numbered lists what is no answer alone: "3. Tell us:", "4. Is it still lost?"."""
    listed: dict[tuple[str, int], list[Candidate]] = {}
    for one in spans:
        if one.span.place.listing:
            listed.setdefault((one.passage.id, one.span.place.listing), []).append(one)
    added = [lead for own in listed.values() if len(own) > 1 for lead in _introductions(own)]
    passages = list(dict.fromkeys(one.passage.id for one in spans))
    return sorted([*spans, *added], key=lambda one: (passages.index(one.passage.id), one.index))


def _introductions(quoted: Sequence[Candidate]) -> list[Candidate]:
    """Of one list: all where it is quoted whole, else what stands before something that is quoted of the same item."""
    passage, listing = quoted[0].passage, quoted[0].span.place.listing
    all_of_it = [facets for facets in facets_of(passage) if facets.span.place.listing == listing]
    is_whole = sum(facets.quotable for facets in all_of_it) == len(quoted)
    return [
        Candidate(passage=passage, facets=facets)
        for facets in all_of_it
        if not facets.quotable
        and (
            is_whole
            or any(one.span.place.ordinal == facets.span.place.ordinal and one.index > facets.index for one in quoted)
        )
    ]


def _list_around(spans: Sequence[Candidate], place: int) -> list[int]:
    """All items of the numbered list that a span stands in, each with all that stands under it; none outside a list."""
    passage, listing = spans[place].passage.id, spans[place].span.place.listing
    if not listing:
        return []
    found = [at for at, one in enumerate(spans) if (one.passage.id, one.span.place.listing) == (passage, listing)]
    return found if len({spans[at].span.place.ordinal for at in found}) <= _MAX_STEPS else []
