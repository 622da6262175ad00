"""How a command is told which chat model judges; declared once for all commands."""

from typing import Annotated

import typer

JudgeModel = Annotated[str, typer.Option(help="The model to ask for there.")]
