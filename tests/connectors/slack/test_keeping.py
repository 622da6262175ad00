"""What Slack tells is kept once, however many tell of it at the same moment."""

import asyncio

import pytest
from sqlalchemy.exc import StatementError

from agent.store.database import close_engine, open_engine
from connectors.slack.inbox import Inbox, Item


async def test_told_by_many_at_once_each_is_kept_by_one(store: str) -> None:
    engine = await open_engine(store)
    inboxes = [Inbox(engine), Inbox(engine)]
    items = [Item(id=f"Ev{n}", kind="asked", team="T1", place="p", sort_key=f"{n:03}") for n in range(150)]
    kept = await asyncio.gather(*(inbox.keep(item) for item in (*items, *items) for inbox in inboxes))
    assert sum(kept) == 150
    assert [item.id for item in await inboxes[0].pending("p")] == [item.id for item in items]
    for inbox in inboxes:
        await inbox.close()
    await close_engine(engine)


async def test_where_the_store_fails_it_is_not_acknowledged(store: str) -> None:
    engine = await open_engine(store)
    inbox = Inbox(engine)
    item = Item(id="Ev1", kind="asked", team="T1", place="p", sort_key="")
    with pytest.raises(StatementError):
        await inbox.keep(Item(id="Ev2", kind="asked", team="T1", place="p", sort_key="", data={"x": object()}))  # type: ignore[dict-item]
    assert await inbox.keep(item)
    assert not await inbox.keep(item)
    await inbox.close()
    await close_engine(engine)
