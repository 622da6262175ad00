"""`parley serve`: the HTTP server over a home."""

import asyncio
import logging
import signal
import socket
from contextlib import AsyncExitStack, suppress
from functools import partial
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from agent.event_loop import run
from agent.home import Home
from agent.memory import giving_back, settle_memory, share_one_heap
from agent.settings import CompanySettings, Settings, home_folder, ignored_variables, load_settings
from agent.types import Language
from connectors.web.listening import bound
from connectors.web.workers import Ready, Workers

_STDERR = Console(stderr=True, highlight=False)
_CHATTY = ("alembic", "httpx", "httpx2", "httpcore", "openai")  # report each step or request as news


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("serve")(serve)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; else that of parley.toml, 127.0.0.1.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port, 0 for any; else that of parley.toml, 8700.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="Processes that share the address; else that of parley.toml, 1.")
    ] = None,
) -> None:
    """Serve the page, the API and the event streams until Ctrl-C.

    With several workers SIGHUP renews them one after the other, so that none is missing meanwhile.
    """
    settings = load_settings(home_folder())
    host, port = host or settings.server.host, settings.server.port if port is None else port
    for line in ignored_variables(settings.home):
        _STDERR.print(f"[yellow]Environment:[/] {escape(line)}", soft_wrap=True)
    status = 0
    with bound(host, port) as address:
        _STDERR.print("Loading knowledge and models …")
        shown = f"[{host}]" if ":" in host else host
        place = f"http://{shown}:{address.getsockname()[1]}"
        if (count := workers or settings.server.workers) == 1:
            _work(address, lambda: _ready(settings, f"{place}  (Ctrl-C ends it)"))
        else:
            keeper = Workers(count, partial(_work, address), lambda what: _STDERR.print(what, soft_wrap=True))
            status = keeper.run(lambda: _ready(settings, f"{place}  ({count} processes, Ctrl-C ends them)"))
    if status:
        raise typer.Exit(status)
    _STDERR.print("Parley has stopped; answers that were under way go on at the next start.")


def _ready(settings: Settings, said: str) -> None:
    from agent.bundles import aged_bundles

    for reminder in aged_bundles(Home(settings.home)):
        _STDERR.print(f"[yellow]Older than Parley:[/] {escape(str(reminder))}", soft_wrap=True)
    _STDERR.print(f"[bold green]Parley is ready:[/] {said}", soft_wrap=True)


def _work(address: socket.socket, ready: Ready) -> None:
    """All that one process does."""
    share_one_heap()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in _CHATTY:
        logging.getLogger(chatty).setLevel(logging.WARNING)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what a service manager sends ends it as Ctrl-C does
    with suppress(KeyboardInterrupt):
        run(_serve(load_settings(home_folder()), address, ready))


async def _serve(settings: Settings, address: socket.socket, ready: Ready) -> None:
    import uvicorn

    from agent.build import open_conversations
    from agent.homes import load_suggestions
    from connectors.slack.serving import serves_slack, slack_mounted
    from connectors.web.app import create_app
    from connectors.web.identity import Identities
    from connectors.web.widget import Speaker

    home = Home(settings.home)
    identities = Identities.of(settings.widget.sites, home.root)
    async with AsyncExitStack() as opened:
        conversations = await opened.enter_async_context(open_conversations(settings))
        app = create_app(
            conversations,
            api_key=settings.server.api_key.get_secret_value() or home.secret(),
            speaker=Speaker(
                company=lambda language: _company(settings.company, language),
                suggestions=lambda language: load_suggestions(home, language),
                people=bool(settings.people),
            ),
            server=settings.server,
            widget=settings.widget,
            identities=identities,
        )
        if serves_slack(settings):
            await opened.enter_async_context(slack_mounted(app, conversations, settings))

        class Server(uvicorn.Server):
            """Ends the event streams first: their readers wait for ever, and would be waited for."""

            async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
                conversations.events.end()
                await super().shutdown(sockets)

        server = Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=3, proxy_headers=False))
        task = asyncio.create_task(server.serve(sockets=[address]))
        while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.02)
        if server.started:
            settle_memory()
            await asyncio.to_thread(ready)
        async with giving_back():
            await task


def _company(company: CompanySettings, language: Language) -> str:
    """The name over the page: that of the other language where it has none in this; ours where the settings give none."""
    wanted = ("name_zh", "name") if language == "zh" else ("name", "name_zh")
    return next((str(getattr(company, key)) for key in wanted if key in company.model_fields_set), "Parley")
