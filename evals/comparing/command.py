"""`parley eval compare`: two runs side by side; status 1 where the second is worse."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from agent.cli.output import fail, print_json, stdout
from agent.errors import CallerError, reason_of
from agent.types import Language
from evals.commands.language import Lang
from evals.judge.options import JudgeModel

if TYPE_CHECKING:
    from evals.comparing.preference import Preference
    from evals.comparing.runs import Outcome

_VOTES, _TRIES = 1, 3  # each pair is asked about twice as it is, in both orders


def compare(
    before: Annotated[Path, typer.Argument(metavar="A", help="Folder of the run to compare with.")],
    after: Annotated[Path, typer.Argument(metavar="B", help="Folder of the new run.")],
    metric: Annotated[
        str | None, typer.Option(help="What decides beside safety (default: right, else resolved).")
    ] = None,
    markdown: Annotated[Path | None, typer.Option(help="Also write it for a pull request.")] = None,
    judge: Annotated[
        str,
        typer.Option(help="Base address (…/v1) of a chat model that also says which answer of each pair is better."),
    ] = "",
    judge_model: JudgeModel = "default",
    rubric: Annotated[
        str, typer.Option(help="By what: `helpful`, `groundedness`, or a YAML file of your own.")
    ] = "helpful",
    lang: Lang = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Differences of two runs on the same cases, with intervals; status 1 where rightness fell significantly, or safety at all."""
    from evals.comparing import tables
    from evals.comparing.comparison import compare as compared
    from evals.comparing.runs import read_run, without
    from evals.reporting.history import read_summary

    speech: Language = "zh" if lang == "zh" else "en"
    try:
        told = [read_summary(folder) or {} for folder in (before, after)]
        apart = tables.judged_apart(told[0], told[1])
        old, new = (without(read_run(folder), apart) for folder in (before, after))
        found = compared(old, new, metric)
        preferred = asyncio.run(_preferred(old, new, judge, judge_model, rubric)) if judge else None
    except CallerError as error:
        raise fail(str(error)) from error
    judges = tables.judges_in_words(told[0], told[1], speech)
    if preferred:
        judges.append(tables.trust_in_preference(told[1], preferred.by, preferred.rubric, speech))
    if markdown:
        try:
            markdown.write_text(tables.markdown(found, old, new, speech, preferred, judges), "utf-8")
        except OSError as error:
            raise fail(f"--markdown {markdown}: {reason_of(error)}") from error
    if as_json:
        print_json(
            tables.as_json(found) | {"judges": judges} | ({"preference": asdict(preferred)} if preferred else {})
        )
    else:
        for rows in (found.rows, found.slices):
            if rows:
                stdout.print(_table([tables.cells_of(row, speech) for row in rows], tables.headings(speech)))
        for case in found.changed:
            stdout.print(f"{case}: {old[case].question}\n  A {old[case].answer}\n  B {new[case].answer}", markup=False)
        for note in [*tables.notes(found, speech), *([preferred.words(speech)] if preferred else []), *judges]:
            stdout.print(note, markup=False)
    if found.regressions:
        raise fail("; ".join(found.regressions), status=1)


def _table(rows: Sequence[Sequence[str]], headings: Sequence[str]) -> Table:
    """The comparison within a terminal of 80 columns: nothing is cut off, what is long is folded."""
    table = Table(box=None, pad_edge=False, padding=(0, 1), collapse_padding=True)
    for at, heading in enumerate(headings):
        table.add_column(heading, no_wrap=at == 0, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


async def _preferred(
    before: "Mapping[str, Outcome]", after: "Mapping[str, Outcome]", address: str, model: str, rubric: str
) -> "Preference":
    # Imported here: the client costs a second that a comparison without a judge need not pay.
    from evals.comparing.preference import preferences
    from evals.judge.endpoint import open_judge
    from evals.judge.rubric import load_rubric

    by = load_rubric(Path(rubric) if Path(rubric).suffix else rubric)
    async with open_judge(address, model, votes=_VOTES, tries=_TRIES) as judge:
        return await preferences(before, after, by, judge)
