"""Answers that people graded, by which a judge's agreement with them is measured."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from agent.errors import CallerError
from evals.judge.rubric import Rubric
from evals.lines import read_lines


class RatedAnswer(BaseModel):
    """An answer that people graded by a rubric. human: the grade of one, or of each of several people."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = ""
    question: str
    answer: str
    evidence: list[str] = Field(default_factory=list)
    lang: Literal["en", "zh"] = "en"
    rubric: str = ""
    human: float | list[float]


def load_rated_answers(path: Path, rubrics: Sequence[Rubric]) -> list[RatedAnswer]:
    """All of a file; those that name no rubric are graded by the first. Raises CallerError."""
    names = [rubric.name for rubric in rubrics]
    found = [
        one if one.rubric else one.model_copy(update={"rubric": names[0]})
        for one in read_lines(path, RatedAnswer, "; expected question, answer, human")
    ]
    if stray := next((one.rubric for one in found if one.rubric not in names), None):
        raise CallerError(f"{path}: rated by the rubric {stray}, which the judge has not: {', '.join(names)}")
    return found
