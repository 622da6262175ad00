"""Figures on the terminal."""

from collections.abc import Mapping

from agent.cli.output import stdout
from agent.types import JsonValue

_UNPRINTED = frozenset({"risk_curve", "intervals", "slices", "judge", "model_judge", "contaminated_cases"})


def print_figures(summary: Mapping[str, JsonValue]) -> None:
    """A line each, with its 95 % interval; what is only for programs and reports is left out."""
    found = summary.get("intervals")
    intervals = found if isinstance(found, Mapping) else {}
    for name, value in summary.items():
        if name in _UNPRINTED or value == "":
            continue
        print_figure(name, value, intervals.get(name))
        for inner, figure in value.items() if isinstance(value, Mapping) else ():
            if isinstance(figure, Mapping):  # a kind of cases
                print_figure(f"{inner} ({figure['cases']})", figure["right"], figure["interval"], indent=2)
            else:
                print_figure(inner, figure, intervals.get(f"{name}.{inner}"), indent=2)


def print_figure(name: str, value: JsonValue, interval: JsonValue = None, indent: int = 0) -> None:
    """One line; what holds several figures is a heading."""
    several = isinstance(value, Mapping)
    between = f"  [{interval[0]}, {interval[1]}]" if isinstance(interval, list) and len(interval) == 2 else ""
    stdout.print(f"{' ' * indent}{name:24}{'' if several else f' {value}{between}'}".rstrip(), markup=False)
