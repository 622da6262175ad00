"""Rubrics: what a judge is to look at, in both languages; YAML files, the packaged ones or a team's own."""

from importlib.resources import files
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.errors import CallerError, reason_of
from agent.types import Language

SHIPPED = ("helpful", "groundedness", "answerability")

Of = Literal["reply", "claims", "evidence"]


class Rubric(BaseModel):
    """ask: what to judge, by language; grades: what each grade means, from lowest to highest, by language.

    of: every reply in words; the claims of those that were given and have evidence; or the evidence, whatever was replied.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    of: Of = "reply"
    lowest: int = 1
    ask: dict[Language, str]
    grades: dict[Language, list[str]] = Field(min_length=1)

    @property
    def highest(self) -> int:
        """The best grade."""
        return self.lowest + len(next(iter(self.grades.values()))) - 1

    def share(self, grade: float) -> float:
        """A grade as 0…1."""
        return (grade - self.lowest) / (self.highest - self.lowest)

    def grade(self, share: float) -> float:
        """What `share` was made of."""
        return self.lowest + share * (self.highest - self.lowest)


def load_rubric(name: str | Path) -> Rubric:
    """A packaged rubric by its name, or one of a file. Raises CallerError that says what is wrong with it."""
    path = Path(name)
    try:
        text = (
            path.read_text("utf-8")
            if path.suffix
            else (files("evals.judge") / "rubrics" / f"{name}.yaml").read_text("utf-8")
        )
        rubric = Rubric.model_validate(yaml.safe_load(text))
    except FileNotFoundError as error:
        raise CallerError(f"rubric {name}: no such file, and none of the shipped ones: {', '.join(SHIPPED)}") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise CallerError(f"rubric {name}: {reason_of(error)[:200]}") from error
    lengths = {len(grades) for grades in rubric.grades.values()}
    if rubric.grades.keys() != rubric.ask.keys() or len(lengths) != 1 or min(lengths) < 2:
        raise CallerError(f"rubric {name}: every language of `ask` needs the same number of grades, two or more")
    return rubric
