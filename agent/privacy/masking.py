"""Private data replaced by placeholders: the one way in which the rest of the code masks text."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import chain

from agent.privacy.kinds import PLACEHOLDER, Found, Kind
from agent.privacy.numbers import find_numbers
from agent.privacy.people import find_people
from agent.privacy.reaching import find_reaching
from knowledge.text.folding import narrowed

ALL = frozenset(Kind)
_ORDER = {kind: number for number, kind in enumerate(Kind)}
_PASSES = 5  # what stood beside something private may be seen to be private once that is a placeholder


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with placeholders, and what they stand for; the places are those of the text as it was given."""

    text: str
    found: tuple[Found, ...]


def mask(text: str, kinds: Collection[Kind] = ALL) -> Masked:
    """The text with all private data of these kinds replaced by `[kind]`; masking what is masked changes nothing.

    Full-width digits and letters count as their narrow selves. Money, dates, versions, sizes and doses are left.
    """
    found: list[Found] = []
    now, origins = text, list(range(len(text) + 1))
    for _ in range(_PASSES):
        fresh = _disjoint(now, kinds)
        if not fresh:
            break
        found += [Found(one.kind, origins[one.start], origins[one.end]) for one in fresh]
        now, origins = _replaced(now, origins, fresh)
    return Masked(now, tuple(sorted(found, key=lambda one: (one.start, one.end))))


def _disjoint(text: str, kinds: Collection[Kind]) -> list[Found]:
    """What is found now, in order; of what overlaps, the kind that comes first, then the longer."""
    shown = narrowed(text)
    if len(shown) != len(text):
        shown = text
    taken: list[tuple[int, int]] = [match.span() for match in PLACEHOLDER.finditer(shown)]
    kept: list[Found] = []
    for one in sorted(
        {one for one in chain(find_numbers(shown), find_reaching(shown), find_people(shown)) if one.kind in kinds},
        key=lambda one: (_ORDER[one.kind], one.start - one.end, one.start),
    ):
        if one.start < one.end and not any(one.start < end and start < one.end for start, end in taken):
            taken.append((one.start, one.end))
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def _replaced(text: str, origins: list[int], found: Iterable[Found]) -> tuple[str, list[int]]:
    """The text with placeholders; origins: for each place between its characters, the place in the first text."""
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for one in found:
        pieces += [text[at : one.start], one.kind.placeholder]
        places += [*origins[at : one.start], *([origins[one.start]] * len(one.kind.placeholder))]
        at = one.end
    return "".join([*pieces, text[at:]]), [*places, *origins[at:]]
