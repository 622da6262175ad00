"""`parley eval simulate`: made-up customers talk to an agent, and are judged by whether they got what they came for."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.output import print_json, progress, stderr, stdout
from agent.types import JsonValue
from evals.printing import print_figure
from evals.suites.suite import WORK

if TYPE_CHECKING:
    from agent.types import Language
    from evals.runner import Result
    from evals.simulating.customer import Customer
    from evals.simulating.persona import Goal, Persona

_WARMTH = 0.7
_OWN = "Talk to the home at hand, whose tools really act, in place of a fresh sample shop."


def simulate(
    out: Annotated[Path, typer.Option(help="Folder for results, summary and report.")],
    goals: Annotated[
        Path | None, typer.Option(help="What customers want, in YAML; default: of the sample shop.")
    ] = None,
    personas: Annotated[Path | None, typer.Option(help="How they talk, in YAML; default: the seven shipped.")] = None,
    own: Annotated[bool, typer.Option("--own", help=_OWN)] = False,
    customer: Annotated[
        str,
        typer.Option(
            help="Base address (…/v1) of a chat model that finds the customers' words; key: PARLEY_CUSTOMER_KEY."
        ),
    ] = "",
    customer_model: Annotated[str, typer.Option(help="The model to ask for there.")] = "default",
    repeat: Annotated[int, typer.Option(min=1, help="Of each talk; pass^k says which succeed every time.")] = 1,
    work: Annotated[Path, typer.Option(help="Folder for the sample shop.")] = WORK,
    lang: Annotated[str, typer.Option(help="What the report opens in: en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Let each persona try to reach each goal, in English and Chinese; transcripts stand in the report.

    Without --customer they say what their files hold; with it, a model finds words of its own.
    """
    from evals.reporting.files import write_report
    from evals.simulating.persona import load_goals, load_personas
    from evals.statistics.power import announcement
    from evals.summary import summarise

    wanted, kinds = load_goals(goals), load_personas(personas)
    stderr.print(announcement(len(wanted) * len(kinds) * 2), soft_wrap=True, markup=False)
    results = asyncio.run(_talk(wanted, kinds, own, repeat, work.expanduser(), (customer, customer_model)))
    summary: dict[str, JsonValue] = {
        **summarise(results),
        "suite": "simulated",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    write_report(out, results, summary, {}, {}, lang)
    if as_json:
        print_json(summary)
        return
    for name, value in summary.items():
        if name not in {"intervals", "by_kind"}:
            print_figure(name, value)
    stdout.print(f"report: {out / 'report.html'}", soft_wrap=True)


@asynccontextmanager
async def _open_customers(address: str, model: str) -> "AsyncIterator[Callable[[Persona, Goal, Language], Customer]]":
    """Who makes a customer of a persona and a goal."""
    from evals.simulating.customer import ScriptedCustomer

    if not address:
        yield ScriptedCustomer
        return
    # Imported here: the client costs a second that scripted customers need not pay.
    from evals.chat import open_chat
    from evals.simulating.free import CUSTOMER_KEY, ModelCustomer

    async with open_chat(address, model, key=CUSTOMER_KEY, temperature=_WARMTH) as chat:
        yield partial(ModelCustomer, chat)


async def _talk(
    goals: "list[Goal]", personas: "list[Persona]", own: bool, repeat: int, work: Path, model: tuple[str, str]
) -> "list[Result]":
    from agent.build import open_conversations
    from agent.homes import sample_home
    from agent.settings import home_folder, load_settings
    from evals.running.job import instructions_of
    from evals.simulating.talk import result_of, talk

    with progress("Talking") as line:
        root = home_folder() if own else work / "sample-shop"
        if not own:
            await asyncio.to_thread(sample_home, root, line)
        secret = instructions_of(root / "prompts")
        found: list[Result] = []
        waiting = [(goal, persona) for goal in goals for persona in personas for _ in range(repeat)]
        settings = load_settings(root)
        public = (settings.company.handoff_contact,)
        async with _open_customers(*model) as made, open_conversations(settings) as conversations:
            for goal, persona in waiting:
                for language in ("en", "zh"):
                    line(f"{goal.id}, {persona.name}", len(found), 2 * len(waiting))
                    talked = await talk(conversations, made(persona, goal, language))
                    found.append(result_of(talked, persona, goal, language, secret, public))
    return found
