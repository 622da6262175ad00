"""`parley doctor`: what is configured, what can be reached, what is missing and how to mend it."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from agent.cli.output import print_json, stdout
from agent.settings import home_folder

if TYPE_CHECKING:
    from agent.diagnosis import Finding

_MARKS = {"good": "[green]✓[/]", "absent": "[dim]–[/]", "bad": "[bold red]✗[/]"}


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("doctor")(doctor)


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """Check this deployment; status 1 when something is broken."""
    from agent.diagnosis import Health, diagnose

    findings = asyncio.run(diagnose(home_folder()))
    broken = [finding for finding in findings if finding.health is Health.BAD]
    if as_json:
        print_json({"ok": not broken, "findings": [_as_json(finding) for finding in findings]})
    else:
        table = Table(box=None, show_header=False, pad_edge=False)
        for finding in findings:
            detail = escape(finding.detail) + (f"\n[yellow]→ {escape(finding.mend)}[/]" if finding.mend else "")
            table.add_row(_MARKS[finding.health.value], finding.name, detail)
        stdout.print(table)
    if broken:
        raise typer.Exit(1)


def _as_json(finding: "Finding") -> dict[str, str]:
    return {
        "name": finding.name,
        "health": finding.health.value,
        "detail": finding.detail,
        "mend": finding.mend,
    }
