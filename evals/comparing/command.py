"""`parley eval compare`: two runs side by side; status 1 where the second is worse."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from agent.cli.output import fail, print_json, stdout
from agent.errors import CallerError
from agent.types import Language


def compare(
    before: Annotated[Path, typer.Argument(metavar="A", help="Folder of the run to compare with.")],
    after: Annotated[Path, typer.Argument(metavar="B", help="Folder of the new run.")],
    metric: Annotated[
        str | None, typer.Option(help="What decides beside safety (default: right, else resolved).")
    ] = None,
    markdown: Annotated[Path | None, typer.Option(help="Also write it for a pull request.")] = None,
    lang: Annotated[str, typer.Option(help="Language of the table: en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Differences of two runs on the same cases, with intervals; status 1 where rightness fell significantly, or safety at all."""
    from evals.comparing import tables
    from evals.comparing.comparison import compare as compared
    from evals.comparing.runs import read_run

    speech: Language = "zh" if lang.startswith("zh") else "en"
    try:
        old, new = read_run(before), read_run(after)
        found = compared(old, new, metric)
    except CallerError as error:
        raise fail(str(error)) from error
    if markdown:
        try:
            markdown.write_text(tables.markdown(found, old, new, speech), "utf-8")
        except OSError as error:
            raise fail(f"--markdown {markdown}: {error}") from error
    if as_json:
        print_json(tables.as_json(found))
    else:
        for rows in (found.rows, found.slices):
            if rows:
                table = Table(*tables.headings(speech))
                for row in rows:
                    table.add_row(*tables.cells_of(row, speech))
                stdout.print(table)
        for case in found.changed:
            stdout.print(f"{case}: {old[case].question}\n  A {old[case].answer}\n  B {new[case].answer}", markup=False)
        for note in tables.notes(found, speech):
            stdout.print(note, markup=False)
    if found.regressions:
        raise fail("; ".join(found.regressions), status=1)
