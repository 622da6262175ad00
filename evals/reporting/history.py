"""Earlier runs: the summaries that lie in folders beside one another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from agent.types import JsonValue

SUMMARY = "summary.json"
_DEPTH = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A run that ended. at: when, in ISO 8601; same: with the very cases of the run that is looked from.

    ends: of the 95 % interval of what was right; None where the run tells none.
    """

    folder: str
    at: str
    right: float
    same: bool
    ends: tuple[float, float] | None = None


def read_summary(folder: Path) -> Mapping[str, JsonValue] | None:
    """The summary that a run left; None where there is none."""
    try:
        found = orjson.loads((folder / SUMMARY).read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    return found if isinstance(found, dict) else None


def runs_below(root: Path, depth: int = _DEPTH) -> Iterator[tuple[Path, Mapping[str, JsonValue]]]:
    """Every run in a folder and those within it, to a depth; links are not followed."""
    if (found := read_summary(root)) is not None:
        yield root, found
    if depth:
        for folder in sorted(one for one in root.iterdir() if one.is_dir() and not one.is_symlink()):
            yield from runs_below(folder, depth - 1)


def earlier(out: Path, summary: Mapping[str, JsonValue]) -> list[Earlier]:
    """Runs of the same suite, this one last: in folders beside it, or beside the folder of several suites that it lies in.

    Without a suite's name, those with the same cases.
    """
    out = out.resolve()
    beside = [one for one in out.parent.iterdir() if one.is_dir() and one != out]
    above = [one / out.name for one in out.parent.parent.iterdir() if one != out.parent]
    found = [(one, read) for one in (*beside, *above) if (read := read_summary(one)) is not None]
    version = summary.get("version")
    like = [run_of(_named(one, read), read, version) for one, read in found if _alike(read, summary)]
    return [
        *sorted((run for run in like if run), key=lambda run: run.at),
        *filter(None, [run_of(_named(out, summary), summary, version)]),
    ]


def run_of(name: str, read: Mapping[str, JsonValue], version: JsonValue) -> Earlier | None:
    """A run by its summary; None where it does not tell what was right. version: of the run that is looked from."""
    right = read.get("right")
    if not isinstance(right, int | float):
        return None
    same, ends = read.get("version") == version, _ends(read.get("intervals"))
    return Earlier(folder=name, at=str(read.get("at", "")), right=float(right), same=same, ends=ends)


def _ends(intervals: JsonValue) -> tuple[float, float] | None:
    match intervals:
        case {"right": [int() | float() as low, int() | float() as high]}:
            return float(low), float(high)
    return None


def _alike(one: Mapping[str, JsonValue], other: Mapping[str, JsonValue]) -> bool:
    name = "suite" if other.get("suite") else "version"
    return one.get(name) == other.get(name)


def _named(folder: Path, read: Mapping[str, JsonValue]) -> str:
    return f"{folder.parent.name}/{folder.name}" if read.get("suite") == folder.name else folder.name
