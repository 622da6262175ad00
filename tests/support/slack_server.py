"""A Slack on loopback: its Web API, WebSockets and deliveries, with people who write, press and stop.

What it cannot show: how Slack draws a message, its real rate limits, and what it does differently from its documentation.
"""

import asyncio
import base64
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from tests.support.slack_arguments import error_in, read_arguments
from tests.support.slack_delivery import Deliveries, Delivery, Kind
from tests.support.slack_methods import Methods, SlackError
from tests.support.slack_world import RESPONSE_URL_USES, Team, User, World

APP_TOKEN = "xapp-1-A1-fake"
CLIENT_ID, CLIENT_SECRET = "client-id", "client-secret"


@dataclass(frozen=True)
class Call:
    """A call of the app's. answer: what it got; None where the server failed."""

    method: str
    team: str
    arguments: dict[str, Any]
    answer: dict[str, Any] | None


@dataclass
class Trouble:
    """What happens to a call instead of an answer. done: it is carried out all the same, and the answer lost.

    slow_s: it is carried out, and the answer comes so much later.
    """

    status: int = 500
    retry_after: int = 0
    error: str = ""
    done: bool = False
    slow_s: float = 0.0


@dataclass
class FakeSlack:
    """The server and the people. calls: every call, in order; troubles: for the next calls of a method.

    mode: how an app is told in tests, `http` or `socket`.
    """

    mode: str = "http"
    world: World = field(default_factory=World)
    delivery: Deliveries = field(default_factory=Deliveries)
    calls: list[Call] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    troubles: dict[str, list[Trouble]] = field(default_factory=lambda: defaultdict(list))
    per_minute: dict[str, int] = field(default_factory=dict)
    _used: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    port: int = 0
    _events: int = 0
    _telling: set[asyncio.Task[Delivery]] = field(default_factory=set)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """SLACK_API_URL."""
        return f"{self.base}/api/"

    def called(self, method: str) -> list[dict[str, Any]]:
        """The arguments of all calls of a method that were answered well."""
        return [one.arguments for one in self.calls if one.method == method and (one.answer or {}).get("ok")]

    # What the server answers

    async def api(self, request: Request) -> Response:
        """One call of the Web API."""
        method = request.path_params["method"]
        team, arguments = await self._read(request)
        trouble = self.troubles[method].pop(0) if self.troubles[method] else None
        slow_s, trouble = (trouble.slow_s, None) if trouble and trouble.slow_s else (0.0, trouble)
        if wait := self._limited(method):
            trouble = Trouble(status=429, retry_after=wait)
        if trouble and not trouble.done:
            answer: dict[str, Any] | None = {"ok": False, "error": trouble.error} if trouble.error else None
        else:
            answer = self._answer(method, request, team, arguments)
        lost = trouble is not None and not trouble.error
        self.calls.append(
            Call(method, team.id if team else "", arguments, None if lost and not trouble.done else answer)
        )
        if answer and not answer["ok"]:
            self.refused.append((method, answer["error"]))
        if trouble and not trouble.error:
            headers = {"Retry-After": str(trouble.retry_after)} if trouble.status == 429 else {}
            error = "ratelimited" if trouble.status == 429 else "internal_error"
            return JSONResponse({"ok": False, "error": error}, trouble.status, headers)
        await asyncio.sleep(slow_s)
        return JSONResponse(answer)

    async def _read(self, request: Request) -> tuple[Team | None, dict[str, Any]]:
        arguments: dict[str, Any] = dict(request.query_params)
        if request.headers.get("content-type", "").startswith("application/json"):
            arguments |= json.loads(await request.body() or b"{}")
        else:
            arguments |= dict(await request.form())
        token = str(arguments.pop("token", "") or request.headers.get("authorization", "").removeprefix("Bearer "))
        return self.world.team_of(token), read_arguments(arguments)

    def _limited(self, method: str) -> int:
        """Seconds to wait where a method was called too often within a minute of the world's clock."""
        if method not in self.per_minute:
            return 0
        now, used = self.world.now, self._used[method]
        used[:] = [at for at in used if at > now - 60]
        if len(used) >= self.per_minute[method]:
            return max(1, int(used[0] + 60 - now))
        used.append(now)
        return 0

    def _answer(self, method: str, request: Request, team: Team | None, arguments: Mapping[str, Any]) -> dict[str, Any]:
        methods = Methods(self.world, lambda: f"ws://127.0.0.1:{self.port}/socket")
        try:
            if error := error_in(method, arguments):
                raise SlackError(error)
            if method == "apps.connections.open":
                return {"ok": True, **self._connection(request, methods)}
            if method == "oauth.v2.access":
                return {"ok": True, **self._exchange(request, methods, arguments)}
            if team is None:
                raise SlackError("invalid_auth")
            return {"ok": True, **methods.answer(method, team, arguments)}
        except SlackError as error:
            return {"ok": False, "error": str(error)}

    def _connection(self, request: Request, methods: Methods) -> dict[str, Any]:
        if APP_TOKEN not in {request.headers.get("authorization", "")[7:], request.query_params.get("token")}:
            raise SlackError("invalid_auth")
        return methods.open_connection()

    def _exchange(self, request: Request, methods: Methods, arguments: Mapping[str, Any]) -> dict[str, Any]:
        expected = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {expected}":
            raise SlackError("bad_client_secret")
        return methods.exchange(arguments)

    async def respond(self, request: Request) -> Response:
        """An answer to an interaction, by its response_url."""
        posts = self.world.responses.get(request.path_params["id"])
        if posts is None or len(posts) >= RESPONSE_URL_USES:
            return JSONResponse({"ok": False, "error": "used_url"}, 404)
        posts.append(json.loads(await request.body()))
        return Response("ok")

    async def download(self, request: Request) -> Response:
        """The bytes of a file, for who may read them."""
        team = self.world.team_of(request.headers.get("authorization", "").removeprefix("Bearer "))
        about, content = self.world.files.get(request.path_params["id"], ({}, b""))
        if team is None or about.get("team") != team.id:
            return Response("<html>sign in</html>", media_type="text/html")
        return Response(content, media_type=about["mimetype"])

    async def socket(self, socket: WebSocket) -> None:
        """Socket Mode."""
        await self.delivery.serve(socket)

    # What people do

    def event_body(self, event: dict[str, Any], team: str, *, id: str = "") -> dict[str, Any]:
        """An event with what Slack writes round it."""
        self._events += 1
        workspace = self.world.team(team)
        authorization = {"enterprise_id": workspace.enterprise, "team_id": team, "user_id": workspace.bot_user}
        return {
            "token": "unused",
            "team_id": team,
            "enterprise_id": workspace.enterprise,
            "api_app_id": "A1",
            "type": "event_callback",
            "event_id": id or f"Ev{self._events:08d}",
            "event_time": int(self.world.now),
            "event": event,
            "authorizations": [{**authorization, "is_bot": True, "is_enterprise_install": False}],
        }

    def tell(self, body: dict[str, Any], kind: Kind = "events_api") -> "asyncio.Task[Delivery]":
        """Delivers it in the background; the task's result says how that went."""
        task = asyncio.create_task(self.delivery.deliver(body, kind))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)
        return task

    async def happens(self, event: dict[str, Any], team: str = "T1") -> Delivery:
        """Delivers an event, and waits for the acknowledgement."""
        return await self.tell(self.event_body(event, team))

    def writes(
        self, user: User, text: str, *, channel: str = "", thread: str = "", files: tuple[str, ...] = ()
    ) -> tuple[str, list[dict[str, Any]]]:
        """Somebody writes: the message's time stamp, and the events that tell of it."""
        channel = channel or user.dm
        where = self.world.channels[channel]
        said: dict[str, Any] = {"user": user.id, "text": text, "team": user.team}
        if thread:
            said["thread_ts"] = thread
        if files:
            said |= {"subtype": "file_share", "files": [self.world.files[one][0] for one in files]}
        message = self.world.add(channel, said)
        about = {**message, "channel": channel, "event_ts": message["ts"]}
        events = []
        if where.app_is_member:
            kind = {"im": "im", "channel": "channel"}[where.kind]
            events.append(self.event_body({**about, "channel_type": kind}, user.team))
            if where.kind != "im" and f"<@{self.world.team(user.team).bot_user}>" in text:
                events.append(self.event_body({**about, "type": "app_mention"}, user.team))
        return message["ts"], events

    async def says(
        self, user: User, text: str, *, channel: str = "", thread: str = "", files: tuple[str, ...] = ()
    ) -> str:
        """Somebody writes, and the app has acknowledged it; the message's time stamp."""
        ts, events = self.writes(user, text, channel=channel, thread=thread, files=files)
        await asyncio.gather(*(self.tell(event) for event in events))
        return ts

    def mention(self, team: str = "T1") -> str:
        return f"<@{self.world.team(team).bot_user}>"

    async def edits(self, user: User, channel: str, ts: str, text: str) -> Delivery:
        """Somebody changes what they wrote."""
        message = self.world.find(channel, ts)
        assert message is not None
        before = dict(message)
        message |= {"text": text, "edited": {"user": user.id, "ts": self.world.ts()}}
        kind = self.world.channels[channel].kind
        event = {"type": "message", "subtype": "message_changed", "channel": channel, "channel_type": kind}
        about = {"message": dict(message), "previous_message": before, "hidden": True, "ts": self.world.ts()}
        return await self.happens({**event, **about}, user.team)

    async def deletes(self, user: User, channel: str, ts: str) -> Delivery:
        """Somebody takes back what they wrote."""
        message = self.world.find(channel, ts)
        assert message is not None
        self.world.messages[channel].remove(message)
        kind = self.world.channels[channel].kind
        event = {"type": "message", "subtype": "message_deleted", "channel": channel, "channel_type": kind}
        about = {"deleted_ts": ts, "previous_message": message, "hidden": True, "ts": self.world.ts()}
        return await self.happens({**event, **about}, user.team)

    async def stops(self, user: User, channel: str, thread: str) -> Delivery:
        """Somebody presses the stop button of an agent's session: Slack ends the streams of the thread itself."""
        stopped = []
        for (where, ts), stream in self.world.streams.items():
            message = self.world.find(where, ts)
            if where == channel and stream.open and message and message.get("thread_ts") == thread:
                stream.open = False
                message.pop("streaming_state", None)
                stopped.append(ts)
        event = {"type": "agent_session_stopped", "channel": channel, "thread_ts": thread, "user": user.id}
        return await self.happens({**event, "streaming_message_ts": stopped, "event_ts": self.world.ts()}, user.team)

    async def opens_app(self, user: User, tab: str = "messages", beside: str = "") -> Delivery:
        """Somebody opens the app's home, or its messages. beside: the channel that they look at meanwhile."""
        event = {"type": "app_home_opened", "user": user.id, "channel": user.dm, "tab": tab}
        return await self.happens({**event, "event_ts": self.world.ts(), **_context(beside)}, user.team)

    async def looks_at(self, user: User, channel: str) -> Delivery:
        """Somebody goes to a channel with the app's messages open beside it."""
        event = {"type": "app_context_changed", "user": user.id, "channel": user.dm, **_context(channel)}
        return await self.happens({**event, "event_ts": self.world.ts()}, user.team)

    def _interaction(self, user: User, type: str) -> dict[str, Any]:
        enterprise = self.world.team(user.team).enterprise
        return {
            "type": type,
            "user": {"id": user.id, "team_id": user.team, "username": user.name},
            "team": {"id": user.team, "domain": "example"},
            "enterprise": {"id": enterprise, "name": enterprise} if enterprise else None,
            "api_app_id": "A1",
            "token": "unused",
            "trigger_id": self.world.trigger(),
            "is_enterprise_install": False,
        }

    async def presses(
        self, user: User, channel: str, message: Mapping[str, Any], action: Mapping[str, Any]
    ) -> Delivery:
        """Somebody presses a button of a message. action: at least action_id and value."""
        acted = {"type": "button", "block_id": "b", "action_ts": self.world.ts(), **action}
        body = self._interaction(user, "block_actions") | {
            "container": {"type": "message", "message_ts": message.get("ts", ""), "channel_id": channel},
            "channel": {"id": channel, "name": "channel"},
            "message": dict(message),
            "response_url": self.world.response_url(self.base),
            "actions": [acted],
        }
        return await self.tell(body, "interactive")

    async def uses_shortcut(self, user: User, callback_id: str, channel: str, ts: str) -> Delivery:
        """Somebody uses a message shortcut."""
        body = self._interaction(user, "message_action") | {
            "callback_id": callback_id,
            "action_ts": self.world.ts(),
            "message_ts": ts,
            "channel": {"id": channel, "name": "channel"},
            "message": dict(self.world.find(channel, ts) or {}),
            "response_url": self.world.response_url(self.base),
        }
        return await self.tell(body, "interactive")

    async def submits(self, user: User, view: Mapping[str, Any], values: Mapping[str, str]) -> Delivery:
        """Somebody sends a modal. values: by block id."""
        state: dict[str, Any] = {}
        for block in view["blocks"]:
            if block["type"] == "input" and block["block_id"] in values:
                element = block["element"]
                entered = {"type": element["type"], "value": values[block["block_id"]]}
                state[block["block_id"]] = {element["action_id"]: entered}
        body = self._interaction(user, "view_submission") | {"view": {**view, "state": {"values": state}}}
        return await self.tell(body, "interactive")

    async def commands(
        self, user: User, command: str, text: str, channel: str
    ) -> tuple[Delivery, list[dict[str, Any]]]:
        """Somebody uses a slash command: the delivery, and what the app answers by the response_url."""
        url = self.world.response_url(self.base)
        body = {
            "command": command,
            "text": text,
            "user_id": user.id,
            "user_name": user.name,
            "team_id": user.team,
            "team_domain": "example",
            "channel_id": channel,
            "channel_name": "channel",
            "api_app_id": "A1",
            "trigger_id": self.world.trigger(),
            "response_url": url,
            "token": "unused",
            "is_enterprise_install": "false",
        }
        return await self.tell(body, "slash_commands"), self.world.responses[url.rpartition("/")[2]]

    def responses(self, delivery: Delivery) -> list[dict[str, Any]]:
        """What the app answered to an interaction by its response_url."""
        return self.world.responses[delivery.body["response_url"].rpartition("/")[2]]

    def uploads(self, user: User, name: str, content: bytes, mimetype: str) -> str:
        """Somebody sends a file; its id, to be written about."""
        file_id = f"F{self.world.number()}"
        url = f"{self.base}/files/{file_id}"
        about = {"id": file_id, "name": name, "mimetype": mimetype, "size": len(content), "team": user.team}
        self.world.files[file_id] = ({**about, "url_private": url, "url_private_download": url}, content)
        return file_id

    async def until(self, condition: Callable[[], object], seconds: float = 15.0) -> None:
        """Returns once it holds; fails where it does not soon."""
        async with asyncio.timeout(seconds):
            while not condition():
                await asyncio.sleep(0.005)


def _context(channel: str) -> dict[str, Any]:
    entities = [{"type": "slack#/types/channel_id", "value": channel, "team_id": "T1"}] if channel else []
    return {"context": {"entities": entities} if entities else {}}


@asynccontextmanager
async def fake_slack(mode: str = "http") -> AsyncIterator[FakeSlack]:
    """A Slack of its own on a free port, with the workspace T1."""
    slack = FakeSlack(mode)
    slack.world.team("T1")
    app = Starlette(
        routes=[
            Route("/api/{method}", slack.api, methods=["GET", "POST"]),
            Route("/response/{id}", slack.respond, methods=["POST"]),
            Route("/files/{id}", slack.download),
            WebSocketRoute("/socket", slack.socket),
        ]
    )
    config = uvicorn.Config(
        app, "127.0.0.1", 0, log_level="critical", timeout_graceful_shutdown=1, ws="websockets-sansio", lifespan="off"
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    slack.port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield slack
    finally:
        for task in tuple(slack._telling):
            task.cancel()
        await asyncio.gather(*slack._telling, return_exceptions=True)
        await slack.delivery.close()
        server.should_exit = True
        await running
