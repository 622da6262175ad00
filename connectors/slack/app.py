"""The bolt app: one for Socket Mode and HTTP. Everything is kept in the store before it is acknowledged, and done after."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from connectors.slack.blocks.home import ASK, CONNECT, PROMPT
from connectors.slack.blocks.slots import MODAL, OPEN, slots_of
from connectors.slack.choices import CHOICE
from connectors.slack.forms import Forms
from connectors.slack.inbox import Item
from connectors.slack.people.blocks import PRESSED
from connectors.slack.phrases import language_of, say
from connectors.slack.prompting import Prompting
from connectors.slack.reading import action_item, command_item, enterprise_of, event_item, message_item, team_of
from connectors.slack.showing import FEEDBACK, SHARE
from connectors.slack.surfaces import Surfaces
from connectors.slack.workspaces import Workspace, Workspaces

_LOG = logging.getLogger(__name__)

COMMAND = "/parley"
ANSWER_THIS, ADD_ARTICLE = "answer_this", "add_to_knowledge"
ARTICLE_FORM, QUESTION_FORM = "parley_article", "parley_question"
MESSAGE_EVENTS = ("message", "app_mention")
ENDINGS = ("app_uninstalled", "tokens_revoked")
OTHER_EVENTS = ("app_home_opened", "app_context_changed", "agent_session_stopped", "link_shared", *ENDINGS)

_WORKSPACE = "parley_workspace"

Take = Callable[[Item], Awaitable[None]]


def slack_app(workspaces: Workspaces, surfaces: Surfaces, forms: Forms, prompting: Prompting, take: Take) -> AsyncApp:
    """The app. take: keeps an item and has it handled; it raises where the store fails, and then Slack tells it again.

    Signatures are not checked here: in HTTP mode `connectors.slack.http` does it, before anything is read.
    """
    app = AsyncApp(
        name="parley",
        client=workspaces.client(None, []),
        authorize=_authorize(workspaces),
        before_authorize=_of_ours(workspaces),
        request_verification_enabled=False,
        attaching_conversation_kwargs_enabled=False,
        process_before_response=True,
        logger=_LOG,
    )
    _register_events(app, take)
    _register_interactions(app, take)
    _register_forms(app, workspaces, surfaces, forms, prompting, take)
    return app


def _authorize(workspaces: Workspaces) -> Callable[..., Awaitable[AuthorizeResult]]:
    async def authorize(
        enterprise_id: str | None, team_id: str | None, context: AsyncBoltContext
    ) -> AuthorizeResult | None:
        workspace: Workspace | None = context.get(_WORKSPACE)  # `of_ours` has looked
        if workspace is None:
            workspace = await workspaces.of(enterprise_id, team_id or enterprise_id or "")
        if workspace is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=workspace.token,
            bot_id=workspace.bot_id,
            bot_user_id=workspace.bot_user,
        )

    return authorize  # type: ignore[return-value]


def _of_ours(workspaces: Workspaces) -> Callable[..., Awaitable[BoltResponse | None]]:
    async def of_ours(req: AsyncBoltRequest, next: Callable[[], Awaitable[BoltResponse]]) -> BoltResponse | None:
        """Refuses what comes from a workspace that has not installed the app."""
        body = req.body
        if body.get("type") in {"url_verification", "ssl_check"} or body.get("ssl_check"):
            return await next()
        workspace = None if _ends(body) else await workspaces.of(enterprise_of(body), team_of(body))
        if workspace is not None:
            req.context[_WORKSPACE] = workspace
        if workspace is not None or _ends(body):
            return await next()
        _LOG.warning("refused: workspace %s has not installed this app", team_of(body)[:20])
        return BoltResponse(status=403, body="")

    return of_ours


def _ends(body: dict[str, Any]) -> bool:
    return (body.get("event") or {}).get("type") in ENDINGS


def _register_events(app: AsyncApp, take: Take) -> None:
    async def message(body: dict[str, Any]) -> None:
        item = message_item(body)
        if item is not None:
            await take(item)

    async def other(body: dict[str, Any]) -> None:
        await take(event_item(body, body["event"]["type"]))

    for name in MESSAGE_EVENTS:
        app.event(name)(message)
    for name in OTHER_EVENTS:
        app.event(name)(other)


def _register_interactions(app: AsyncApp, take: Take) -> None:
    async def command(body: dict[str, Any], ack: AsyncAck) -> None:
        text = str(body.get("text") or "").strip()
        language = language_of(text)
        if text in {"", "help"}:
            await ack(say("usage", language, command=COMMAND))
            return
        await take(command_item(body))
        await ack(say("looking", language))

    def pressed(kind: str) -> Callable[..., Awaitable[None]]:
        async def press(body: dict[str, Any], ack: AsyncAck) -> None:
            await take(action_item(body, kind))
            await ack()

        return press

    app.command(COMMAND)(command)

    async def followed(ack: AsyncAck) -> None:
        """A link of a button: Slack wants to hear that we know."""
        await ack()

    app.action(CONNECT)(followed)
    app.action(FEEDBACK)(pressed("feedback"))
    app.action(SHARE)(pressed("share"))
    app.action(re.compile(f"^{CHOICE}_"))(pressed("choice"))
    app.action(re.compile(f"^{PROMPT}_"))(pressed("prompt"))
    app.action(re.compile(f"^{PRESSED}_"))(pressed("people"))
    app.shortcut(ANSWER_THIS)(pressed("shortcut"))


def _register_forms(
    app: AsyncApp, workspaces: Workspaces, surfaces: Surfaces, forms: Forms, prompting: Prompting, take: Take
) -> None:
    """Forms are opened at once, beside the acknowledgement, as Slack lets a form be opened for three seconds only."""
    opening: set[asyncio.Task[None]] = set()

    def opens(show: Callable[[dict[str, Any], Workspace], Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def offer(body: dict[str, Any], ack: AsyncAck) -> None:
            workspace = await workspaces.of(enterprise_of(body), team_of(body))
            if workspace is not None:
                task = asyncio.ensure_future(show(body, workspace))
                opening.add(task)
                task.add_done_callback(opening.discard)
            await ack()

        return offer

    def sends(kind: str, read: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[..., Awaitable[None]]:
        async def sent(body: dict[str, Any], ack: AsyncAck) -> None:
            item = action_item({**body, "action_ts": body["view"]["id"]}, kind)
            await take(replace(item, data={**item.data, **read(body["view"])}))
            await ack()

        return sent

    app.shortcut(ADD_ARTICLE)(opens(lambda body, workspace: surfaces.offer(body, workspace, ARTICLE_FORM)))
    app.view(ARTICLE_FORM)(sends("article", lambda view: {"title": "", "text": "", **slots_of(view["state"])}))
    app.action(ASK)(opens(lambda body, workspace: prompting.offer(body, workspace, QUESTION_FORM)))
    app.view(QUESTION_FORM)(sends("prompt", lambda view: {"value": slots_of(view["state"]).get("question", "")}))
    app.action(OPEN)(opens(forms.opened))
    app.view(MODAL)(sends("form", _form))


def _form(view: dict[str, Any]) -> dict[str, Any]:
    return {"about": view.get("private_metadata", ""), "view": view["id"], "given": slots_of(view["state"])}
