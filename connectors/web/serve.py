"""`parley serve`: the HTTP server over a home."""

import asyncio
import logging
from typing import Annotated

import typer
from rich.console import Console

from agent.errors import OperatorError
from agent.home import Home
from agent.settings import Settings, home_folder, load_settings


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("serve")(serve)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; default: [server] host.")] = "",
    port: Annotated[int, typer.Option(help="Port; default: [server] port.")] = -1,
) -> None:
    """Serve the page, the API and the event streams until Ctrl-C."""
    settings = load_settings(home_folder())
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    asyncio.run(_serve(settings, host or settings.server.host, port if port >= 0 else settings.server.port))


async def _serve(settings: Settings, host: str, port: int) -> None:
    import uvicorn

    from agent.build import open_conversations
    from agent.homes import load_suggestions
    from connectors.web.app import create_app

    home = Home(settings.home)
    console = Console(stderr=True, highlight=False)
    console.print("Loading knowledge and models …")
    async with open_conversations(settings) as conversations:
        app = create_app(
            conversations,
            api_key=settings.server.api_key.get_secret_value() or home.secret(),
            suggestions=lambda language: load_suggestions(home, language),
            allowed_origins=tuple(settings.server.allowed_origins),
        )
        config = uvicorn.Config(app, host, port, log_level="warning", timeout_graceful_shutdown=3)
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve())
        while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.02)
        if task.done():
            raise OperatorError(f"port {port} of {host} is taken: choose another with --port")
        bound = server.servers[0].sockets[0].getsockname()[1]
        console.print(f"[bold green]Parley is ready:[/] http://{host}:{bound}  (Ctrl-C ends it)", soft_wrap=True)
        await task
