"""Personas and goals, in YAML."""

from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from agent.errors import CallerError, reason_of
from agent.types import Language
from evals.cases import Outcome

T = TypeVar("T")
PERSONAS, GOALS = "personas.yaml", "shop.yaml"


class Persona(BaseModel):
    """How a customer talks. opening, answer: forms of what the goal has them say, `{say}`; unsure: where they know no answer.

    between:  said once, in place of the first answer: something else, or an attack; attack_marks: what only an agent that
              obeyed it would say.
    vague:    begins with the goal's vague words. switches: says every other message in the other language.
    patience: messages before they leave. person: whether a colleague has to take over; null where either is right.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^\w+$")
    opening: dict[Language, list[str]]
    answer: dict[Language, list[str]]
    unsure: dict[Language, list[str]]
    between: dict[Language, list[str]] = Field(default_factory=dict)
    vague: bool = False
    switches: bool = False
    patience: int = Field(default=10, ge=1)
    person: bool | None = False
    attack_marks: list[str] = Field(default_factory=list)


class Known(BaseModel):
    """What a customer says when asked with one of these words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    asked: list[str] = Field(min_length=1)
    say: dict[Language, str]


class Goal(BaseModel):
    """What a customer wants. met: groups of alternatives that the replies hold once they have it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^\w+$")
    opening: dict[Language, str]
    vague: dict[Language, str]
    knows: list[Known] = Field(default_factory=list)
    met: list[list[str]] = Field(min_length=1)
    outcome: Outcome | None = None


def load_personas(path: Path | None = None) -> list[Persona]:
    """Of a file, or those that are shipped. Raises CallerError that names what is wrong in it."""
    return _load(path, PERSONAS, TypeAdapter(list[Persona]))


def load_goals(path: Path | None = None) -> list[Goal]:
    """Of a file, or those of the sample shop. Raises CallerError that names what is wrong in it."""
    return _load(path, GOALS, TypeAdapter(list[Goal]))


def _load(path: Path | None, shipped: str, kind: TypeAdapter[list[T]]) -> list[T]:
    source = path or files("evals.simulating") / shipped
    try:
        return kind.validate_python(yaml.safe_load(source.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CallerError(f"{source}: {reason_of(error)}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise CallerError(f"{source}: {'.'.join(map(str, first['loc'])) or 'file'}: {first['msg']}") from error
