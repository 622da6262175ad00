"""Files that people send: read where their kind is allowed, and fetched with the workspace's token from Slack alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agent.settings.web import UploadSettings
from connectors.slack.phrases import say
from connectors.slack.threads import Threads
from tests.support.slack_connector import QUICK, Running, connected
from tests.support.slack_server import FakeSlack

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
TAKES = replace(QUICK, uploads=UploadSettings(types=["image/png"], max_bytes=2 * 1024 * 1024))


@dataclass
class Elsewhere:
    """A server that is not Slack's, and what it is told of secrets. url: of a file there."""

    url: str = ""
    authorizations: list[str] = field(default_factory=list)

    async def file(self, request: Request) -> Response:
        self.authorizations.append(request.headers.get("authorization", ""))
        return Response(PNG, media_type="image/png")


@asynccontextmanager
async def elsewhere() -> AsyncIterator[Elsewhere]:
    other = Elsewhere()
    app = Starlette(routes=[Route("/{path:path}", other.file)])
    server = uvicorn.Server(uvicorn.Config(app, "127.0.0.1", 0, log_level="critical", lifespan="off"))
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    other.url = (
        f"http://localhost:{server.servers[0].sockets[0].getsockname()[1]}/x.png"  # another name of this machine
    )
    try:
        yield other
    finally:
        server.should_exit = True
        await running


async def kept(running: Running, channel: str, thread: str) -> list[bytes]:
    """The bytes of the files in a conversation."""
    found = await Threads(running.conversations.engine).find("T1", channel, thread)
    assert found is not None
    events = await running.conversations.events.read(found.conversation_id)
    assert running.conversations.files
    named: list[Any] = [one for event in events for one in event.data.get("files") or ()]  # type: ignore[union-attr]
    paths = [(await running.conversations.files.find(found.conversation_id, one["id"]))[1] for one in named]
    return [path.read_bytes() for path in paths]


async def test_a_file_of_an_allowed_kind_is_read(slack: FakeSlack, store: str, tmp_path: Path) -> None:
    ada = slack.world.user("U1")
    picture = slack.uploads(ada, "kettle.png", PNG, "image/png")
    async with connected(slack, store, options=TAKES, files=tmp_path / "files") as running:
        thread = await slack.says(ada, "what is this?", files=(picture,))
        await slack.until(lambda: any(one.get("metadata") for one in slack.world.answers(ada.dm, thread)))
        assert await kept(running, ada.dm, thread) == [PNG]
    assert not slack.world.ephemerals


@pytest.mark.parametrize(
    ("name", "content", "kind", "why"),
    [
        ("a.gif", b"GIF89a" + bytes(9), "image/gif", "no_files"),
        ("a.png", b"MZ and a program", "image/png", "no_files"),  # not what it says it is
        ("a.png", PNG + bytes(2 * 1024 * 1024), "image/png", "file_too_large"),
    ],
    ids=["another kind", "not what it says", "too large"],
)
async def test_who_sends_another_file_is_told_why_it_is_not_read(
    slack: FakeSlack, store: str, tmp_path: Path, name: str, content: bytes, kind: str, why: str
) -> None:
    ada, wei = slack.world.user("U1"), slack.world.user("U2", locale="zh-CN")
    files = [slack.uploads(user, name, content, kind) for user in (ada, wei)]
    async with connected(slack, store, options=TAKES, files=tmp_path / "files") as running:
        thread = await slack.says(ada, "what is this?", files=(files[0],))
        await slack.until(lambda: slack.world.ephemerals)
        assert slack.world.ephemerals[-1]["text"] == say(why, "en", most=2)
        await slack.until(lambda: slack.world.answers(ada.dm, thread))  # what was asked is answered all the same
        assert await kept(running, ada.dm, thread) == []
        await slack.says(wei, "", files=(files[1],))
        await slack.until(lambda: len(slack.world.ephemerals) == 2)
        assert slack.world.ephemerals[-1]["text"] == say(why, "zh", most=2)
        assert not slack.world.answers(wei.dm, slack.world.messages[wei.dm][0]["ts"])


async def test_the_token_goes_to_slack_alone_and_is_the_workspaces_own(
    slack: FakeSlack, store: str, tmp_path: Path
) -> None:
    ada, eve = slack.world.user("U1"), slack.world.user("U9", team="T9")
    foreign = slack.uploads(eve, "plans.png", PNG, "image/png")
    async with elsewhere() as other, connected(slack, store, options=TAKES, files=tmp_path / "files") as running:
        for address in (
            other.url,
            f"{other.url}?files.slack.com",
            "http://files.slack.com/x.png",
            "https://[slack.com",
        ):
            mine = slack.uploads(ada, "kettle.png", PNG, "image/png")
            slack.world.files[mine][0]["url_private"] = address
            thread = await slack.says(ada, "what is this?", files=(mine,))
            await slack.until(lambda: slack.world.ephemerals)
            assert slack.world.ephemerals.pop()["text"] == say("no_files", "en")
            assert await kept(running, ada.dm, thread) == []
        thread = await slack.says(ada, "and this?", files=(foreign,))  # Slack does not give it to this workspace
        await slack.until(lambda: slack.world.ephemerals)
        assert await kept(running, ada.dm, thread) == []
    assert other.authorizations == []
