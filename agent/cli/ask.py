"""`parley ask`: one turn, its answer on stdout."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from agent.cli.output import fail, print_json, stdout
from agent.settings import home_folder, load_settings
from agent.types import STAFF_CHANNEL, Audience, Citation, InboundMessage, Language, Reply, Role, Utterance

_ROLES: dict[str, Role] = {
    "user": "user",
    "customer": "user",
    "assistant": "assistant",
    "bot": "assistant",
    "agent": "agent",
}


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("ask")(ask)


def ask(
    question: Annotated[str, typer.Argument(help="What the customer asks; - reads it from stdin.")],
    history: Annotated[
        Path | None,
        typer.Option(
            help='Earlier messages: a JSON list (or lines) of {"role","content"}, with the "flow" of a reply that left one open.'
        ),
    ] = None,
    customer: Annotated[str | None, typer.Option(metavar="ID", help="Who asks, for tools that need to know.")] = None,
    audience: Annotated[
        Audience, typer.Option(help="internal: answer from what only the company's people may read, too.")
    ] = "public",
    as_json: Annotated[bool, typer.Option("--json", help="Print the Reply as one JSON object.")] = False,
) -> None:
    """Answer one question, with citations."""
    if question == "-":
        question = typer.get_text_stream("stdin").read()
    said = read_history(history) if history else ()
    reply = asyncio.run(_turn(question, said, customer, audience, stream=not as_json))
    if as_json:
        from agent.wire import reply_json

        print_json(reply_json(reply))
        return
    typer.echo()
    for citation in reply.citations:
        stdout.print(f"  [{citation.n}] {_title(citation, reply.language)}", style="dim", markup=False, soft_wrap=True)
        if citation.url:
            stdout.print(f"      {citation.url}", style="dim", markup=False, soft_wrap=True)


def _title(citation: Citation, language: Language) -> str:
    """The title of a source, with the page where it has pages."""
    if citation.page is None:
        return citation.title
    page = f"第{citation.page}页" if language == "zh" else f"page {citation.page}"
    return f"{citation.title} ({page})"


async def _turn(
    question: str, history: tuple[Utterance, ...], customer: str | None, audience: Audience, *, stream: bool
) -> Reply:
    from agent.build import open_agent
    from agent.conversations import clean_text
    from agent.speaking import print_turn

    settings = load_settings(home_folder())
    message = InboundMessage(
        conversation_id="",
        channel=STAFF_CHANNEL if audience == "internal" else "ask",
        channel_message_id="",
        text=clean_text(question, settings.server.max_message_chars),
        customer_id=customer,
    )
    async with open_agent(settings, audience=audience) as agent:
        write = typer.echo if stream else None
        return await print_turn(agent.run(message, history), (lambda text: write(text, nl=False)) if write else None)


def read_history(path: Path) -> tuple[Utterance, ...]:
    """Earlier messages from a JSON list, or one JSON object a line.

    Raises typer.Exit(2), having said what is wrong, when the file is not of that form.
    """
    try:
        raw = path.read_bytes()
        items = (
            orjson.loads(raw)
            if raw.lstrip()[:1] == b"["
            else [orjson.loads(line) for line in raw.splitlines() if line.strip()]
        )
        return tuple(map(_utterance, items))
    except OSError as error:
        raise fail(f"{path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise fail(f'{path}: expected a JSON list of {{"role": "user" or "assistant", "content": text}}') from error


def _utterance(item: dict[str, Any]) -> Utterance:
    """One message, with the flow of a Reply where it left one open."""
    flow = item.get("flow")
    if flow is not None and not isinstance(flow, dict):
        raise ValueError("flow")
    return Utterance(role=_ROLES[item["role"]], content=str(item["content"]), flow=flow)
