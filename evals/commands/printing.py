"""Figures on the terminal."""

from collections.abc import Mapping

from agent.cli.output import stdout
from agent.types import JsonValue


def print_figure(name: str, value: JsonValue, indent: int = 0) -> None:
    """One line; what holds several figures is a heading over theirs."""
    several = isinstance(value, Mapping)
    stdout.print(f"{' ' * indent}{name:24}{'' if several else value}".rstrip(), markup=False)
    for inner, figure in value.items() if isinstance(value, Mapping) else ():
        print_figure(inner, figure, indent + 2)
