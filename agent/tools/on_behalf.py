"""Tools of MCP servers that read with the account of whoever asks: opened for a turn of theirs, and closed after it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from agent.ports import Accounts
from agent.tools.declared import McpEntry
from agent.tools.mcp import open_mcp
from agent.tools.operation import Operation

_LOG = logging.getLogger(__name__)
_CLOSES_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What a customer's own account offers in this turn. connect: where they may connect one, "" where there is nothing to."""

    operations: Mapping[str, Operation] = field(default_factory=dict)
    connect: str = ""


class OnBehalf:
    """The servers. A connection carries one person's token and serves one turn, so that it can serve nobody else."""

    def __init__(self, entries: Sequence[McpEntry], accounts: Accounts) -> None:
        self._entries = entries
        self._accounts = accounts

    @asynccontextmanager
    async def opened(self, conversation_id: str, customer_id: str | None) -> AsyncIterator[Own]:
        """The tools for this turn. A server that does not answer, or refuses the token, is left out and logged."""
        account = await self._accounts.account(conversation_id, customer_id) if customer_id else None
        if account is None or not account.token:
            yield Own(connect=account.connect if account else "")
            return
        kept = [_Kept(entry, account.token) for entry in self._entries]
        try:
            operations = [one for server in kept for one in await server.operations]
            yield Own(operations={one.name: one for one in operations})
        finally:
            await asyncio.gather(*(server.close() for server in kept))


class _Kept:
    """A connection in a task of its own: the client cancels the task that opened it when its server goes, and that must not
    be the turn's.
    """

    def __init__(self, entry: McpEntry, token: str) -> None:
        self._entry = entry
        self._over = asyncio.Event()
        self.operations: asyncio.Future[Sequence[Operation]] = asyncio.get_running_loop().create_future()
        self._keeping = asyncio.create_task(self._keep(token))

    async def close(self) -> None:
        """Lets go of it, without waiting long for a server that does not answer."""
        self._over.set()
        if self.operations.cancelled():  # the turn was stopped while it waited
            self._keeping.cancel()
        await asyncio.wait({self._keeping}, timeout=_CLOSES_S)
        self._keeping.cancel()
        await asyncio.gather(self._keeping, return_exceptions=True)

    async def _keep(self, token: str) -> None:
        try:
            async with AsyncExitStack() as opened:
                async with asyncio.timeout(self._entry.timeout_s):
                    found = await open_mcp(self._entry, opened, token=token)
                if not self.operations.done():
                    self.operations.set_result(found)
                await self._over.wait()
        except Exception as error:  # noqa: BLE001 - the client lets through whatever its transports raise
            # Its name alone: what it says may tell of the request.
            _LOG.warning("the MCP server %s can't be used for who asks: %s", self._entry.mcp, type(error).__name__)
        finally:
            if not self.operations.done():
                self.operations.set_result(())
