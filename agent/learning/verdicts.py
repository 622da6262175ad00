"""What the evaluation found of a bundle, read from `7-evaluate/comparison.json` of the runs of learning."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from agent.home import Home
from agent.learning.evaluate.comparison import COMPARISON, Comparison, Verdict
from agent.learning.runs import StepName, runs_of
from agent.training.bundle import Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A verdict, where it stands, and why; None and "" when nobody has evaluated the candidate."""

    verdict: Verdict | None = None
    where: str = ""
    why: str = ""

    @property
    def in_words(self) -> str:
        """The verdict, as people and programs read it."""
        return self.verdict.value if self.verdict else "not evaluated"

    @property
    def is_told(self) -> bool:
        """Whether the evaluation could tell the candidate from what was in use."""
        return self.verdict in {Verdict.BETTER, Verdict.NO_WORSE, Verdict.WORSE}


def verdict_on(home: Home, card: Card) -> Found:
    """The newest verdict on a candidate, known by the fingerprint of its data."""
    for run in reversed(runs_of(home)):
        file = run.folder(StepName.EVALUATE) / COMPARISON
        comparison = _read(file)
        if comparison is None or comparison.candidate.get(card.task.value) != card.data_sha256:
            continue
        for one in comparison.tasks:
            if one.task == card.task.value:
                return Found(verdict=one.verdict, where=str(file), why="; ".join(one.losses))
    return Found()


def _read(file: Path) -> Comparison | None:
    """None where nothing was compared, or what stands there is of another version."""
    try:
        return Comparison.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return None
