"""`parley eval simulate`: made-up customers talk to an agent, and are judged by whether they got what they came for."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.output import fail, print_json, progress, stderr, stdout
from agent.types import JsonValue
from evals.commands.language import Lang
from evals.commands.printing import print_figures
from evals.suites.suite import WORK

if TYPE_CHECKING:
    from agent.types import Language
    from evals.scoring.turns import Result
    from evals.simulating.customer import Customer
    from evals.simulating.persona import Goal, Persona
    from evals.targets.held import Held
    from knowledge.progress import Progress

_WARMTH = 0.7
_OWN = "Talk to the home at hand, whose tools really act, in place of a fresh sample shop."


def simulate(
    out: Annotated[Path, typer.Option(help="Folder for results, summary and report.")],
    goals: Annotated[
        Path | None, typer.Option(help="What customers want, in YAML; default: of the sample shop.")
    ] = None,
    personas: Annotated[Path | None, typer.Option(help="How they talk, in YAML; default: the seven shipped.")] = None,
    own: Annotated[bool, typer.Option("--own", help=_OWN)] = False,
    url: Annotated[
        str, typer.Option(help="Address of a running Parley server, to talk to instead; its tools really act.")
    ] = "",
    customer: Annotated[
        str,
        typer.Option(
            help="Base address (…/v1) of a chat model that finds the customers' words; key: PARLEY_CUSTOMER_KEY."
        ),
    ] = "",
    customer_model: Annotated[str, typer.Option(help="The model to ask for there.")] = "default",
    repeat: Annotated[int, typer.Option(min=1, help="Of each talk; pass^k says which succeed every time.")] = 1,
    work: Annotated[Path, typer.Option(help="Folder for the sample shop.")] = WORK,
    lang: Lang = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Let each persona try to reach each goal, in English and Chinese; transcripts stand in the report.

    Without --customer they say what their files hold; with it, a model finds words of its own.
    """
    from evals.reporting.files import write_report
    from evals.scoring.summary import summarise
    from evals.simulating.persona import load_goals, load_personas
    from evals.statistics.power import announcement
    from evals.targets.target import TargetFailed

    wanted, kinds = load_goals(goals), load_personas(personas)
    stderr.print(announcement(len(wanted) * len(kinds) * 2), soft_wrap=True, markup=False)
    where = Where(own=own, url=url, work=work.expanduser())
    try:
        results = asyncio.run(_talk(wanted, kinds, where, repeat, (customer, customer_model)))
    except TargetFailed as error:
        raise fail(str(error), status=1) from error
    summary: dict[str, JsonValue] = {
        **summarise(results),
        "suite": "simulated",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    write_report(out, results, summary, {}, {}, lang)
    if as_json:
        print_json(summary)
        return
    print_figures({name: value for name, value in summary.items() if name != "by_kind"})
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Whom the customers talk to: the home at hand, a running server, or with neither a fresh sample shop in `work`."""

    own: bool
    url: str
    work: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """begin: a conversation of its own for each; secret, public: what must not be told, and what may."""

    begin: "Callable[[], AbstractAsyncContextManager[Held]]"
    secret: tuple[str, ...]
    public: tuple[str, ...] = ()


@asynccontextmanager
async def _open_desk(where: Where, line: "Progress") -> AsyncIterator[_Desk]:
    from evals.running.opening import instructions_of, server_client

    if where.url:
        from evals.targets.served import served_conversation

        async with server_client(where.url) as client:
            yield _Desk(begin=partial(served_conversation, client), secret=instructions_of(None))
        return
    from agent.build import open_conversations
    from agent.homes import sample_home
    from agent.settings import home_folder, load_settings
    from evals.targets.desk import desk_conversation

    with ExitStack() as kept:
        if where.own:
            root = home_folder()
        else:
            # Anew each time: one of an older version can't be opened, and in one that was talked to refunds stand already.
            where.work.mkdir(parents=True, exist_ok=True)
            made = kept.enter_context(TemporaryDirectory(dir=where.work, prefix="sample-shop-"))
            root = (await asyncio.to_thread(sample_home, Path(made) / "home", line)).root
        settings = load_settings(root)
        async with open_conversations(settings) as conversations:
            yield _Desk(
                begin=partial(desk_conversation, conversations),
                secret=instructions_of(root / "prompts"),
                public=(settings.company.handoff_contact,),
            )


async def _talk(
    goals: "list[Goal]", personas: "list[Persona]", where: Where, repeat: int, model: tuple[str, str]
) -> "list[Result]":
    from evals.simulating.talk import result_of, talk

    waiting = [(goal, persona) for goal in goals for persona in personas for _ in range(repeat)]
    found: list[Result] = []
    with progress("Talking") as line:
        async with _open_customers(*model) as made, _open_desk(where, line) as desk:
            for goal, persona in waiting:
                for language in ("en", "zh"):
                    line(f"{goal.id}, {persona.name}", len(found), 2 * len(waiting))
                    async with desk.begin() as held:
                        talked = await talk(held, made(persona, goal, language))
                    found.append(result_of(talked, persona, goal, language, desk.secret, desk.public))
    return found
