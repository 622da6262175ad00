"""How far a judge agrees with people: `parley eval agreement FILE`.

A JSON object a line: `{"id", "human": grade, "judge": grade}`; `human` may be a list of several people's grades, whose mean
then counts and whose agreement with each other is printed, too: no judge can be asked to agree more than they do.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path
from statistics import fmean
from typing import Annotated

import numpy as np
import typer
from pydantic import BaseModel, Field

from agent.cli.output import fail, print_json, stdout
from agent.errors import CallerError
from evals.lines import read_lines
from evals.metrics.correlation import cohen_kappa, spearman

_RESAMPLES = 1000


class Rated(BaseModel):
    """One answer with what people and the judge gave it."""

    id: str = ""
    human: float | Annotated[list[float], Field(min_length=1)]
    judge: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """n: answers; kappa: Cohen's; weighted_kappa: with squared distances; spearman, with its 95 % bootstrap interval.

    people: mean of Spearman's correlation between any two people; None where one person only, or no variety, is there.
    """

    n: int
    kappa: float | None
    weighted_kappa: float | None
    spearman: float | None
    low: float | None
    high: float | None
    people: float | None


def load_rated(path: Path) -> list[Rated]:
    """All lines of a file. Raises CallerError that names the first one that cannot be read."""
    found = list(read_lines(path, Rated, "; expected human and judge"))
    if not found:
        raise CallerError(f'{path}: nothing rated; a line is {{"id": "…", "human": 4, "judge": 5}}')
    return found


def agreement(rated: Sequence[Rated], *, seed: int = 0) -> Agreement:
    """Of a judge with people. The kappas take the mean of several people rounded to a grade."""
    people = [one.human if isinstance(one.human, list) else [one.human] for one in rated]
    human, judge = [fmean(grades) for grades in people], [one.judge for one in rated]
    rounded, given = [float(round(grade)) for grade in human], [float(round(grade)) for grade in judge]
    draw, drawn = np.random.default_rng(seed), []
    for _ in range(_RESAMPLES):
        rows = draw.integers(len(rated), size=len(rated)).tolist()
        if (found := spearman([human[n] for n in rows], [judge[n] for n in rows])) is not None:
            drawn.append(found)
    low, high = np.quantile(drawn, [0.025, 0.975]).tolist() if drawn else (None, None)
    return Agreement(
        n=len(rated),
        kappa=cohen_kappa(rounded, given),
        weighted_kappa=cohen_kappa(rounded, given, "quadratic"),
        spearman=spearman(human, judge),
        low=low,
        high=high,
        people=_among(people),
    )


def _among(people: Sequence[Sequence[float]]) -> float | None:
    most = min(map(len, people))
    pairs = [
        found
        for one, other in combinations(range(most), 2)
        if (found := spearman([p[one] for p in people], [p[other] for p in people])) is not None
    ]
    return fmean(pairs) if pairs else None


def command(
    file: Annotated[Path, typer.Argument(help="Answers with the grades of people and of the judge, an object a line.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """How far a judge agrees with people: kappa, weighted kappa, Spearman."""
    try:
        found = agreement(load_rated(file))
    except CallerError as error:
        raise fail(str(error)) from error
    if as_json:
        print_json(asdict(found))
        return
    for name, value in asdict(found).items():
        stdout.print(f"{name:16}{'–' if value is None else f'{value:.3f}' if name != 'n' else value}", markup=False)
