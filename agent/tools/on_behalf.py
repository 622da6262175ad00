"""Tools of MCP servers that read with the account of whoever asks: opened for a turn of theirs, and closed after it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from agent.errors import SettingsError
from agent.ports import Accounts
from agent.tools.declared import McpEntry
from agent.tools.mcp import open_mcp
from agent.tools.operation import Operation

_LOG = logging.getLogger(__name__)


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
        async with AsyncExitStack() as opened:
            operations: dict[str, Operation] = {}
            for entry in self._entries:
                try:
                    async with asyncio.timeout(entry.timeout_s):
                        found = await open_mcp(str(entry.mcp), entry, {}, opened, token=account.token)
                except (SettingsError, TimeoutError) as error:
                    # Its name alone: what it says may tell of the request.
                    _LOG.warning("the MCP server %s can't be used for who asks: %s", entry.mcp, type(error).__name__)
                    continue
                for name, one in found.items():
                    if isinstance(one, str):  # which tools somebody has may depend on what they granted
                        _LOG.warning("the MCP server %s offers whoever asks no tool %s", entry.mcp, name)
                    else:
                        operations[name] = one
            yield Own(operations=operations)
