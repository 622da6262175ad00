"""`parley chat`: a conversation in the terminal, streamed, with its citations."""

import asyncio
import threading
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.prompt import Prompt

from agent.errors import CallerError
from agent.home import Home
from agent.settings import home_folder, load_settings
from agent.types import STAFF_CHANNEL, Audience, Event, EventType, InboundMessage

if TYPE_CHECKING:
    from agent.conversations import Conversations

_LAST = {EventType.REPLY_COMPLETED, EventType.TURN_FAILED, EventType.TURN_STOPPED}


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("chat")(chat)


def chat(
    customer: Annotated[str | None, typer.Option(metavar="ID", help="Who is talking, for tools that need it.")] = None,
    audience: Annotated[
        Audience, typer.Option(help="internal: from what only the company's people may read, too.")
    ] = "public",
) -> None:
    """Talk with the agent here; an empty line, Ctrl-D or Ctrl-C ends it."""
    try:
        asyncio.run(_chat(customer, STAFF_CHANNEL if audience == "internal" else "terminal"))
    except KeyboardInterrupt:
        typer.echo()


async def _chat(customer: str | None, channel: str) -> None:
    from agent.build import open_conversations
    from agent.homes import load_suggestions

    console = Console(highlight=False)
    settings = load_settings(home_folder())
    async with open_conversations(settings) as conversations:
        conversation_id, _ = await conversations.create(channel, customer)
        for question in load_suggestions(Home(settings.home)):
            console.print(f"  {question}", style="dim", markup=False)
        seen = 0
        while text := await _next_line():
            try:
                seen = await _say(conversations, console, conversation_id, text, seen, customer, channel)
            except CallerError as error:
                console.print(str(error), style="yellow", markup=False)


class _Line(Prompt):
    prompt_suffix = " "


async def _next_line() -> str:
    """What is typed next, "" at the end; a thread that the loop does not wait for reads it, so that Ctrl-C need no Enter."""
    loop = asyncio.get_running_loop()
    typed: asyncio.Future[str] = loop.create_future()

    def hand_over(line: str) -> None:
        if not typed.done():
            typed.set_result(line)

    def read() -> None:
        try:
            line = _Line.ask("[bold cyan]>[/]", default="", show_default=False).strip()
        except (EOFError, UnicodeDecodeError):
            line = ""
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(hand_over, line)

    threading.Thread(target=read, daemon=True).start()
    return await typed


async def _say(
    conversations: "Conversations",
    console: Console,
    conversation_id: str,
    text: str,
    seen: int,
    customer: str | None,
    channel: str,
) -> int:
    """Sends one message, prints the turn it starts, and returns the number of the last event seen."""
    message = InboundMessage(
        conversation_id=conversation_id,
        channel=channel,
        channel_message_id=uuid.uuid4().hex,
        text=text,
        customer_id=customer,
    )
    received = await conversations.receive(message)
    async for event in conversations.events.follow(conversation_id, max(seen, received.n)):
        seen = event.n
        _print(console, event)
        if event.type in _LAST:
            break
    return seen


def _print(console: Console, event: Event) -> None:
    data = event.data
    if event.type is EventType.REPLY_DELTA:
        console.print(" —\n" if data.get("reset") else str(data.get("text", "")), end="", markup=False, soft_wrap=True)
    elif event.type is EventType.TURN_FAILED:
        console.print(str(data.get("text", "")), style="yellow", markup=False)
    elif event.type is EventType.REPLY_COMPLETED:
        console.print()
        citations = data.get("citations")
        for citation in citations if isinstance(citations, list) else []:
            console.print(f"  [{citation['n']}] {citation['title']}", style="dim", markup=False, soft_wrap=True)
        choices = data.get("choices")
        for choice in choices if isinstance(choices, list) else []:
            console.print(f"  · {choice}", style="dim", markup=False, soft_wrap=True)
