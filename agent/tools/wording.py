"""What customers read of an operation that a model wants to run, in both languages; `say` of tools.yaml."""

from pydantic import BaseModel, ConfigDict, Field

from agent.flows.definition import Texts


class Wording(BaseModel):
    """title: what it is; confirm: the question before it; done: after it. {places}: arguments, in `done` also what it gave.

    labels: of the arguments, by name.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Texts | None = None
    confirm: Texts | None = None
    done: Texts | None = None
    labels: dict[str, Texts] = Field(default_factory=dict)
