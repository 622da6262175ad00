"""`parley flow`: shows the flows of a home, and checks them."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from agent.cli.output import fail, print_json, stdout
from agent.errors import ParleyError, SettingsError
from agent.home import Home
from agent.secrecy import without_secrets
from agent.settings import home_folder, secret_from, secrets_of

if TYPE_CHECKING:
    from agent.tools.operation import Operation

_RULE = "{{name: begins {name}, when: {{mentions: 'an expression for what customers write'}}, do: flow, flow: {name}}}"


def register(app: typer.Typer) -> None:
    """Adds the command."""
    group = typer.Typer(help="The step-by-step flows of this home.", no_args_is_help=True)
    group.command("check")(check)
    group.command("show")(show)
    app.add_typer(group, name="flow")


def check(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """Check all flows; exit status 1 when something is wrong."""
    from agent.flows.loading import load_flow
    from agent.tools.away import away

    home = Home(home_folder())
    operations = asyncio.run(_operations(home))
    warnings = [f"{name} fails until its server answers: {why}" for name, why in away(operations).items()]
    good: list[str] = []
    wrong: list[str] = []
    for file in sorted(home.flows.glob("*.yaml")):
        try:
            good.append(load_flow(file, operations).name)
        except SettingsError as error:
            wrong += str(error).splitlines()
    warnings += _never_begun(home, good)
    if as_json:
        print_json({"flows": good, "problems": wrong, "warnings": warnings})
    else:
        for name in good:
            stdout.print(f"{name}: good", markup=False)
        for line in wrong:
            stdout.print(line, markup=False, soft_wrap=True)
        for line in warnings:
            stdout.print(f"warning: {without_secrets(line, secrets_of(home.root))}", markup=False, soft_wrap=True)
        if not wrong:
            stdout.print(_all_fine(len(good), home), soft_wrap=True)
    if wrong:
        raise typer.Exit(1)


def _never_begun(home: Home, names: Sequence[str]) -> list[str]:
    """What to do about flows that no rule of the policy begins, as nothing else does."""
    from agent.policy_of_home import policy_of

    try:
        begun = policy_of(home).flows
    except ParleyError:
        return []  # a wrong policy ends the start, and `parley doctor` says what is wrong with it
    return [
        f"no rule of {home.policy_file} begins {name}; add, before the last one: {_RULE.format(name=name)}"
        for name in names
        if name not in begun
    ]


def _all_fine(flows: int, home: Home) -> str:
    if not flows:
        return f"There are no flows in {home.flows}."
    return "1 flow is fine" if flows == 1 else f"{flows} flows are fine"


def show(
    name: Annotated[str, typer.Argument(help="Name of the flow: its file without .yaml.")],
    form: Annotated[
        Literal["mermaid", "svg", "html"], typer.Option("--format", help="What to draw it as.")
    ] = "mermaid",
    language: Annotated[Literal["en", "zh"], typer.Option("--lang", help="Whose texts.")] = "en",
    out: Annotated[Path | None, typer.Option(help="File to write; default: stdout.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the drawing in one JSON object.")] = False,
) -> None:
    """Draw a flow."""
    from agent.flows.drawing import mermaid, page, svg
    from agent.flows.loading import load_flow

    home = Home(home_folder())
    file = home.flows / f"{name}.yaml"
    if not file.is_file():
        there = ", ".join(sorted(one.stem for one in home.flows.glob("*.yaml"))) or "none"
        raise fail(f"there is no flow {name!r}; there are: {there}")
    flow = load_flow(file, asyncio.run(_operations(home)))
    drawing = {"mermaid": mermaid, "svg": svg, "html": page}[form](flow, language)
    if out is not None:
        out.write_text(drawing, "utf-8")
    if as_json:
        print_json({"flow": name, "format": form, "drawing": drawing})
    elif out is None:
        typer.echo(drawing, nl=False)


async def _operations(home: Home) -> "dict[str, Operation]":
    from agent.tools.declared import open_operations

    async with open_operations(home.tools_file, secret_from) as operations:
        return operations
