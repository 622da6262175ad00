"""`parley slack`: the connector alone, over a connection that it opens itself (Socket Mode)."""

import asyncio
import logging
import signal
from contextlib import suppress
from typing import Annotated

import typer
from rich.console import Console

from agent.errors import SettingsError
from agent.event_loop import run
from agent.memory import giving_back, settle_memory, share_one_heap
from agent.settings import Settings, home_folder, load_settings
from connectors.slack.manifest import manifest_for

_CHATTY = ("alembic", "httpx", "httpx2", "httpcore", "openai", "slack_sdk", "slack_bolt")
_MISSING = "{name} is not set: follow docs/slack.md, then set PARLEY_SLACK__{name}"


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("slack")(slack)


def slack(
    manifest: Annotated[bool, typer.Option(help="Print the app's manifest, to be pasted at Slack, and end.")] = False,
    url: Annotated[str, typer.Option(help="With --manifest: public address of parley serve, for HTTP mode.")] = "",
    domain: Annotated[
        list[str] | None, typer.Option(help="With --manifest: of articles whose links are shown.")
    ] = None,
    on_behalf: Annotated[
        bool, typer.Option(help="With --manifest: people may let Parley read in Slack as them.")
    ] = False,
    rotation: Annotated[
        bool, typer.Option(help="With --manifest: tokens that run out; for installing by OAuth.")
    ] = False,
) -> None:
    """Answer in Slack until Ctrl-C, over Socket Mode: no address of this machine need be reachable."""
    if manifest:
        typer.echo(manifest_for(url, domains=domain or (), rotation=rotation, on_behalf=on_behalf), nl=False)
        return
    share_one_heap()
    settings = load_settings(home_folder())
    needed = [("APP_TOKEN", settings.slack.app_token)]
    if not settings.slack.client_id:  # whoever installs the app brings a token otherwise
        needed.append(("BOT_TOKEN", settings.slack.bot_token))
    for name, secret in needed:
        if not secret.get_secret_value():
            raise SettingsError(_MISSING.format(name=name))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)
    console = Console(stderr=True, highlight=False)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what a service manager sends ends it as Ctrl-C does
    with suppress(KeyboardInterrupt):
        run(_run(settings, console))
    console.print("Parley has stopped; answers that were under way go on at the next start.")


async def _run(settings: Settings, console: Console) -> None:
    from agent.build import open_conversations
    from connectors.slack.mounting import open_slack
    from connectors.slack.sockets import listening

    console.print("Loading knowledge and models …")
    async with (
        open_conversations(settings) as conversations,
        open_slack(conversations, settings) as mounted,
        listening(mounted.app, settings.slack.app_token.get_secret_value()),
        giving_back(),
    ):
        settle_memory()
        console.print("[bold green]Parley is ready[/] in Slack  (Ctrl-C ends it)", soft_wrap=True)
        await asyncio.Event().wait()
