"""What a comparison found, as it stands in comparison.json."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

COMPARISON = "comparison.json"
"""What it is called in the folder of the step."""


class Verdict(StrEnum):
    """What may be said of the new one. FIRST: nothing was in use before it."""

    BETTER = "better"
    NO_WORSE = "no worse"
    WORSE = "worse"
    TOO_LITTLE = "too little data to tell"
    FIRST = "nothing in use to compare with"


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Figure(_Record):
    """One figure of both. low, high: 95 % interval of after − before; None where these examples can't tell.

    p: of the exact test where there is one. gain, loss: significant ones.
    """

    name: str
    before: float | None
    after: float | None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    gain: bool = False
    loss: bool = False


class Slice(_Record):
    """The right answers among examples of one language or label. q: p of the exact test, corrected for all slices."""

    kind: str
    name: str
    examples: int
    before: float
    after: float
    gained: int
    lost: int
    p: float
    q: float
    loss: bool


class Flip(_Record):
    """An example that one of the two gets right and the other does not."""

    text: str
    truth: str
    before: str
    after: str
    gained: bool


class Confusion(_Record):
    """How often examples of a label are taken for another."""

    truth: str
    told: str
    before: int
    after: int


class Bin(_Record):
    """Examples of about one confidence: how many, how confident, how many of them right."""

    examples: int
    confidence: float
    right: float


class TaskComparison(_Record):
    """One task. smallest: the smallest difference of the first figure that could have been seen (power 80 %).

    needed: examples with which a loss of the margin would be seen. losses: in words; empty where there is none.
    """

    task: str
    examples: int
    verdict: Verdict
    losses: tuple[str, ...] = ()
    smallest: float | None = None
    needed: int | None = None
    figures: tuple[Figure, ...] = ()
    slices: tuple[Slice, ...] = ()
    flips: tuple[Flip, ...] = ()
    confusions: tuple[Confusion, ...] = ()
    calibration_before: tuple[Bin, ...] = ()
    calibration_after: tuple[Bin, ...] = ()
    notes: tuple[str, ...] = ()


class Comparison(_Record):
    """All tasks. margin: the loss that still counts as none; in_use, candidate: fingerprints of the training data."""

    made: datetime
    margin: float
    tasks: tuple[TaskComparison, ...]
    in_use: dict[str, str] = {}
    candidate: dict[str, str] = {}

    def blockers(self, task: str) -> tuple[str, ...]:
        """Why what was trained for a task should not be put into use; empty where it may be."""
        found = next((one for one in self.tasks if one.task == task), None)
        if found is None:
            return (f"{task} was not compared",)
        if found.verdict is Verdict.WORSE:
            return found.losses
        if found.verdict is Verdict.TOO_LITTLE:
            more = f"; about {found.needed:,} would do" if found.needed else ""
            return (f"{found.examples} frozen examples of {task} are too few to tell{more}",)
        return ()
