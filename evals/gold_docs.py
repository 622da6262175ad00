"""Documents that cases name as gold: those that a home does not hold can be found by nobody."""

from collections.abc import Collection, Iterable, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from evals.cases import Case

if TYPE_CHECKING:
    from knowledge.library import Library


def missing_gold(cases: Iterable[Case], library: "Library") -> frozenset[str]:
    """What cases name and the library does not hold."""
    named = {name for case in cases for name in case.gold_docs}
    return frozenset(named - {passage.source_id for passage in library.passages_of(sorted(named))})


def about_missing(missing: Collection[str], held: Sequence[str]) -> str:
    """The line about them. held: the documents there are, among which the one may be that was meant."""
    first, meant = next(((name, one) for name in sorted(missing) if (one := _meant(name, held))), (min(missing), ""))
    count = "1 of gold_docs names" if len(missing) == 1 else f"{len(missing)} gold_docs name"
    guess = f"; did you mean {meant}?" if meant else "."
    return f"{count} nothing in this home, e.g. {first}{guess} Nothing is measured by what is not there."


def without(case: Case, missing: Collection[str]) -> Case:
    """The case without gold documents that nobody can find."""
    if not any(name in missing for name in case.gold_docs):
        return case
    return case.model_copy(update={"gold_docs": [name for name in case.gold_docs if name not in missing]})


def _meant(name: str, held: Sequence[str]) -> str:
    """A document whose path ends, or whose file is called, as this one; "" where none is, or several are."""
    path = PurePosixPath(name)
    likes = (
        [one for one in held if one.endswith(f"/{name}")],
        [one for one in held if PurePosixPath(one).name == path.name],
        [one for one in held if PurePosixPath(one).stem == path.stem],
    )
    found = next(filter(None, likes), [])
    return found[0] if len(found) == 1 else ""
