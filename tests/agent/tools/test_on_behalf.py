"""Tools that read as whoever asks, against a real MCP server: opened for a turn, and no matter of the turn how they end."""

import logging
from datetime import date
from pathlib import Path

import pytest

from agent.errors import ToolFailed
from agent.ports import Account
from agent.tools.accounts import KnownAccounts
from agent.tools.declared import McpEntry
from agent.tools.on_behalf import OnBehalf
from agent.tools.operation import CallContext

pytest.importorskip("mcp")
from tests.support.mcp_reader import Reader, mcp_reader

CONTEXT = CallContext(language="en", today=date(2026, 11, 26), folder=Path())
OWNERS = {"token-ada": "ada", "token-bo": "bo"}


class Known:
    """Ada and Bo have connected their accounts, Cy's is no longer taken, Di has connected none."""

    async def account(self, conversation_id: str, customer_id: str) -> Account | None:
        if conversation_id != "private":
            return None
        return Account(token="" if customer_id == "di" else f"token-{customer_id}", connect="https://x.example/connect")


def of(reader: Reader) -> OnBehalf:
    entry = McpEntry(mcp=reader.url, tools={"search": False, "read_minds": False}, on_behalf=True)
    return OnBehalf([entry], KnownAccounts([KnownAccounts(), Known()]))


async def test_each_reads_what_is_theirs_and_who_has_connected_nothing_reads_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with mcp_reader(OWNERS.get) as reader:
        reader.messages = {"ada": "from Ada's", "bo": "from Bo's"}
        behalf = of(reader)
        async with behalf.opened("private", "ada") as ada, behalf.opened("private", "bo") as bo:
            for own, found in ((ada, "from Ada's"), (bo, "from Bo's"), (ada, "from Ada's")):
                assert set(own.operations) == {"search"}
                assert await own.operations["search"].call({"query": "x"}, CONTEXT) == {"result": found}
        for conversation, customer, connect in (
            ("private", "cy", ""),
            ("private", "di", "https://x.example/connect"),
            ("private", None, ""),
            ("others", "ada", ""),
        ):
            async with behalf.opened(conversation, customer) as own:
                assert (dict(own.operations), own.connect) == ({}, connect)
    assert "read_minds" in caplog.text
    assert not [token for token in (*OWNERS, "token-cy") if token in caplog.text]


async def test_what_a_turn_raises_comes_through_and_a_server_that_goes_ends_no_turn(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with mcp_reader(OWNERS.get) as reader:
        with pytest.raises(KeyError, match="of the turn"):
            async with of(reader).opened("private", "ada"):
                raise KeyError("of the turn")
        going = of(reader).opened("private", "ada")
        own = await going.__aenter__()
    with pytest.raises(ToolFailed) as failed:
        await own.operations["search"].call({"query": "x"}, CONTEXT)
    assert failed.value.reason == "not_connected"
    with caplog.at_level(logging.WARNING):
        await going.__aexit__(None, None, None)
        async with of(reader).opened("private", "ada") as none:
            assert not none.operations
    assert "can't be used for who asks" in caplog.text
