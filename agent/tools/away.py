"""Operations of a server that does not answer: they fail, by name, until it does; nothing else waits for it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, MutableMapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TypeAlias

from agent.errors import SettingsError, ToolFailed
from agent.tools.operation import CallContext, Operation
from agent.tools.wording import Wording
from agent.types import JsonValue

_LOG = logging.getLogger(__name__)
_FIRST_S, _LONGEST_S = 5.0, 300.0  # between two tries; doubled from one to the next

Opened: TypeAlias = Mapping[str, Operation | str]
"""What a server offers by name; why not, where it does not."""


class ServerAway(SettingsError):
    """A server of tools.yaml can't be used now; it may be later."""


class AwayOperation:
    """Implements `agent.tools.operation.Operation` while its server is away. wrong: why, for the operator."""

    own = False
    repeatable = False
    words: Wording | None = None

    def __init__(self, name: str, *, changes: bool, wrong: str) -> None:
        self.name = name
        self.description = name
        self.changes = changes
        self.schema: Mapping[str, JsonValue] = {}
        self.wrong = wrong

    @property
    def arguments(self) -> Collection[str]:
        return ()

    def check(self, arguments: Mapping[str, JsonValue]) -> None:
        """Nobody knows what it takes."""

    async def call(self, arguments: Mapping[str, JsonValue], context: CallContext) -> Mapping[str, JsonValue]:
        """Raises ToolFailed("not_connected")."""
        _LOG.warning("%s can't be called: %s", self.name, self.wrong)
        raise ToolFailed("not_connected", f"{self.name} can't be reached.")


def away(operations: Mapping[str, Operation]) -> dict[str, str]:
    """The operations that can't be called now, and why."""
    return {name: one.wrong for name, one in operations.items() if isinstance(one, AwayOperation)}


@asynccontextmanager
async def opened_or_away(
    server: str,
    changes: Mapping[str, bool],
    open_it: Callable[[AsyncExitStack], Awaitable[Opened]],
    operations: MutableMapping[str, Operation],
) -> AsyncIterator[None]:
    """Puts a server's operations among the others; where it is away, ones that fail, until it is there.

    server: its name in tools.yaml; changes: what is wanted of it, and whether that changes something.
    """
    async with AsyncExitStack() as opened:
        if not await _try(server, changes, open_it, operations, opened):
            trying = asyncio.create_task(_until_there(server, changes, open_it, operations, opened))
            opened.push_async_callback(_ended, trying)
        yield


async def _ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _until_there(
    server: str,
    changes: Mapping[str, bool],
    open_it: Callable[[AsyncExitStack], Awaitable[Opened]],
    operations: MutableMapping[str, Operation],
    opened: AsyncExitStack,
) -> None:
    pause = _FIRST_S
    while True:
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_S)
        try:
            if await _try(server, changes, open_it, operations, opened):
                _LOG.warning("the server %s of tools.yaml is there now", server)
                return
        except SettingsError as error:  # it answers, but not with what tools.yaml names
            _LOG.warning("the server %s of tools.yaml can't be used, and is tried again: %s", server, error)


async def _try(
    server: str,
    changes: Mapping[str, bool],
    open_it: Callable[[AsyncExitStack], Awaitable[Opened]],
    operations: MutableMapping[str, Operation],
    opened: AsyncExitStack,
) -> bool:
    """Whether the server answered."""
    try:
        async with AsyncExitStack() as trying:
            found = await open_it(trying)
            opened.push_async_exit(trying.pop_all())
    except ServerAway as error:
        _LOG.warning("the server %s of tools.yaml can't be used, and is tried again: %s", server, error)
        wrong = str(error)
        operations.update({name: AwayOperation(name, changes=one, wrong=wrong) for name, one in changes.items()})
        return False
    for name, one in found.items():
        if isinstance(one, str):
            _LOG.warning("the server %s of tools.yaml: %s", server, one)
            operations[name] = AwayOperation(name, changes=changes[name], wrong=one)
        else:
            operations[name] = one
    return True
