"""Splits a set of cases by content: what is tuned on never moves into what is reported, whatever is added to the set."""

from collections.abc import Iterator, Sequence
from typing import Literal
from zlib import crc32

from evals.cases import Case
from evals.metrics.text import plain

Split = Literal["dev", "test"]


def split_of(case: Case, test_share: float) -> Split:
    """The part that a case is in, by a hash of how its conversation begins: all its turns, and copies of it, are together."""
    begins = next((said.content for said in case.history if said.role == "user"), case.question)
    return "test" if crc32(plain(begins).encode()) < test_share * 2**32 else "dev"


def taken(cases: Sequence[Case], split: Split | None, test_share: float) -> list[Case]:
    """Those of a part; all of them where none is asked for."""
    return [case for case in cases if split is None or split_of(case, test_share) == split]


def left_out(cases: Sequence[Case], split: Split | None, test_share: float) -> Iterator[Case]:
    """Those of the other part, of which no near-copy may be among those that are taken."""
    return (case for case in cases if split is not None and split_of(case, test_share) != split)
