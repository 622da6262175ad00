"""`parley eval conversations`: existing transcripts, scored as they are."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from agent.cli.output import fail, print_json, print_skipped
from agent.types import JsonValue
from evals.commands.printing import print_figure

_CUT = ("containment", "repeated_answers", "sentiment_course")
"""Metrics that are cut into slices: by channel, language, length of the first message."""


@dataclass(slots=True)
class _Scored:
    """Scores, and the slices that they are in, of each conversation; a line for each."""

    scores: list[dict[str, float]] = field(default_factory=list)
    parts: dict[str, list[str]] = field(default_factory=lambda: {"channel": [], "lang": [], "length": []})
    lines: list[JsonValue] = field(default_factory=list)


def conversations(
    files: Annotated[list[Path], typer.Argument(help="jsonl, csv, or a Slack export (folder or zip).")],
    out: Annotated[Path | None, typer.Option(help="Folder for results.jsonl, summary.json and report.md.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Score conversations of any system, without asking anything: repeated answers, contradictions, containment, mood."""
    import orjson

    from evals.reporting.files import markdown

    scored = _score(files)
    if not scored.lines:
        raise fail(f"no conversation could be read in {', '.join(map(str, files))}", status=1)
    summary = _summary(scored)
    if out:
        out.mkdir(parents=True, exist_ok=True)
        (out / "results.jsonl").write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in scored.lines))
        (out / "summary.json").write_bytes(orjson.dumps(summary, option=orjson.OPT_INDENT_2))
        (out / "report.md").write_text(markdown(summary, {}), "utf-8")
    if as_json:
        print_json(summary)
        return
    for name, value in summary.items():
        if name not in {"intervals", "slices"}:
            print_figure(name, value)
    slices = summary["slices"]
    for one in slices if isinstance(slices, list) else ():
        assert isinstance(one, dict)
        print_figure(f"{one['metric']}, {one['by']} {one['name']} ({one['cases']})", one["value"])


def _summary(scored: _Scored) -> dict[str, JsonValue]:
    """Means with their 95 % intervals, and those of the slices."""
    from evals.statistics.bootstrap import mean_interval
    from evals.statistics.slices import sliced

    names = list(dict.fromkeys(name for one in scored.scores for name in one))
    values = {name: [one[name] for one in scored.scores if name in one] for name in names}
    intervals = {name: found for name in names if (found := mean_interval(values[name]))}
    slices: list[JsonValue] = []
    for name in (name for name in _CUT if name in values):
        at = [n for n, one in enumerate(scored.scores) if name in one]
        keys = {by: [of[n] for n in at] for by, of in scored.parts.items()}
        slices += [
            {"metric": name, "by": one.by, "name": one.name, "value": round(one.interval.value, 4),
             "interval": [one.interval.low, one.interval.high], "cases": one.interval.n}
            for one in sliced(values[name], keys)
        ]  # fmt: skip
    return {
        "conversations": len(scored.lines),
        **{name: round(one.value, 4) for name, one in intervals.items()},
        "intervals": {
            name: [round(one.low, 4), round(one.high, 4)]
            for name, one in intervals.items()
            if one.low is not None and one.high is not None
        },
        "slices": slices,
    }


def _score(files: list[Path]) -> _Scored:
    from agent.learning.imports import Broken, read_import
    from agent.understand.language import ScriptLanguages
    from evals.scoring.transcripts import conversation_scores
    from evals.statistics.slices import length_of

    scored, languages = _Scored(), ScriptLanguages()
    for file in files:
        for one in read_import(file, {}):
            if isinstance(one, Broken):
                print_skipped(f"{file} {one.where}", one.reason)
                continue
            scores = conversation_scores(one.turns)
            first = next((turn.text for turn in one.turns if turn.role == "user"), "")
            scored.scores.append(scores)
            scored.parts["channel"].append(one.channel)
            scored.parts["lang"].append(languages.detect(first, ()))
            scored.parts["length"].append(length_of(first) if first else "")
            said: dict[str, JsonValue] = {"question": first, "kind": "transcript"}
            scored.lines.append({"id": one.id, "channel": one.channel, "case": said, "scores": dict(scores)})
    return scored
