"""`parley eval conversations`: existing transcripts, scored as they are."""

from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Annotated

import typer

from agent.cli.output import fail, print_json, print_skipped
from agent.types import JsonValue
from evals.printing import print_figure


@dataclass(slots=True)
class _Scored:
    """Values by metric, and a line for each conversation."""

    values: dict[str, list[float]] = field(default_factory=dict)
    lines: list[JsonValue] = field(default_factory=list)


def conversations(
    files: Annotated[list[Path], typer.Argument(help="jsonl, csv, or a Slack export (folder or zip).")],
    out: Annotated[Path | None, typer.Option(help="Folder for conversations.jsonl and summary.json.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Score conversations of any system, without asking anything: repeated answers, contradictions, containment, mood."""
    import orjson

    scored = _score(files)
    if not scored.lines:
        raise fail(f"no conversation could be read in {', '.join(map(str, files))}", status=1)
    summary: dict[str, JsonValue] = {
        "conversations": len(scored.lines),
        **{name: round(fmean(values), 4) for name, values in scored.values.items()},
    }
    if out:
        out.mkdir(parents=True, exist_ok=True)
        (out / "conversations.jsonl").write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in scored.lines))
        (out / "summary.json").write_bytes(orjson.dumps(summary, option=orjson.OPT_INDENT_2))
    if as_json:
        print_json(summary)
        return
    for name, value in summary.items():
        print_figure(name, value)


def _score(files: list[Path]) -> _Scored:
    from agent.learning.imports import Broken, read_import
    from evals.scoring_conversations import conversation_scores

    scored = _Scored()
    for file in files:
        for one in read_import(file, {}):
            if isinstance(one, Broken):
                print_skipped(f"{file} {one.where}", one.reason)
                continue
            scores = conversation_scores(one.turns)
            scored.lines.append({"id": one.id, "channel": one.channel, "scores": scores})
            for name, value in scores.items():
                scored.values.setdefault(name, []).append(value)
    return scored
