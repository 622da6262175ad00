"""Thresholds that a command is given: `--fail-under metric=value`, `--fail-over metric=value`."""

from collections.abc import Sequence
from typing import Annotated

import typer

from agent.cli.output import fail
from evals.metrics.registry import metric_of
from evals.suites.suite import Threshold

FailUnder = Annotated[list[str] | None, typer.Option(help="metric=value; status 1 when below.")]
FailOver = Annotated[
    list[str] | None, typer.Option(help="metric=value; status 1 when above: wrong=0.05, latency_ms.p95=800.")
]


def thresholds_of(least: Sequence[str], most: Sequence[str]) -> dict[str, Threshold]:
    """By metric; a floor under what should be low is refused, as it would pass what it is meant to stop."""
    floors, ceilings = dict(map(_threshold, least)), dict(map(_threshold, most))
    for name, value in floors.items():
        metric = metric_of(name)
        if metric and metric.better == "lower":
            raise fail(f"--fail-under {name}: less of it is better; use --fail-over {name}={value:g}")
    return {name: Threshold(min=floors.get(name), max=ceilings.get(name)) for name in {**floors, **ceilings}}


def _threshold(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError as error:
        raise fail(f"{text}: expected metric=value, e.g. right=0.8") from error
