"""Slack's payloads become items: what matters of them, in whose place they are handled, and the claim on each."""

import re
from collections.abc import Mapping
from typing import Any

from agent.learning.imports.slack_text import plain_slack
from agent.types import JsonValue
from connectors.slack.inbox import Item

Payload = Mapping[str, Any]

_CALLED = re.compile(r"\s*<@([A-Z0-9]+)(?:\|[^>]*)?>")
_SPOKEN = frozenset({None, "file_share", "thread_broadcast"})
"""Subtypes of messages that people write; others are Slack's own, or other apps'."""


def place_of(team: str, channel: str, thread: str) -> str:
    """Where the order of what happens matters."""
    return f"{team} {channel} {thread}"


def message_item(body: Payload) -> Item | None:
    """A `message` or `app_mention` event; None for what nobody who lives has written, and what was not said to the app."""
    event = body["event"]
    subtype = event.get("subtype")
    if subtype in {"message_changed", "message_deleted"}:
        return _changed(body)
    if subtype not in _SPOKEN or _by_app(event) or not event.get("user"):
        return None
    direct, called = event.get("channel_type") == "im", event["type"] == "app_mention"
    if not (direct or called or event.get("thread_ts")):
        return None  # said in a channel, to the others there
    return _item(body, "asked", event, _said(event) | {"direct": direct, "called": called})


def _changed(body: Payload) -> Item | None:
    event = body["event"]
    before = event.get("previous_message") or {}
    after = event.get("message") or {}
    said = after or before
    if _by_app(said) or not said.get("user") or (after and after.get("text") == before.get("text")):
        return None  # a link was unfurled, or the like
    ts = str(event.get("deleted_ts") or said["ts"])
    data = _said({**said, "channel": event["channel"], "ts": ts})
    data["direct"] = event.get("channel_type") == "im"
    if event["subtype"] == "message_deleted":
        return _item(body, "deleted", {**event, "thread_ts": said.get("thread_ts") or ts}, data)
    data["edited"] = str((after.get("edited") or {}).get("ts") or event["ts"])
    return _item(body, "edited", {**event, "thread_ts": said.get("thread_ts") or ts}, data)


def _by_app(message: Payload) -> bool:
    return bool(message.get("bot_id") or message.get("bot_profile") or message.get("app_id"))


def _said(message: Payload) -> dict[str, JsonValue]:
    files = [
        {name: one.get(name) for name in ("id", "name", "mimetype", "size", "url_private")}
        for one in message.get("files") or []
    ]
    return {
        "channel": str(message["channel"]),
        "thread": str(message.get("thread_ts") or message["ts"]),
        "ts": str(message["ts"]),
        "user": str(message["user"]),
        "text": str(message.get("text") or ""),
        "files": files,
    }


def event_item(body: Payload, kind: str) -> Item:
    """Any other event; those of a thread are handled at once, beside what is said there."""
    event = body["event"]
    data: dict[str, JsonValue] = {
        name: value for name in ("channel", "user", "tab", "tokens") if (value := event.get(name)) is not None
    }
    data |= {"thread": str(event.get("thread_ts") or ""), "viewing": _viewing(event)}
    if kind == "link_shared":
        data |= {
            "ts": str(event.get("message_ts") or ""),
            "unfurl_id": str(event.get("unfurl_id") or ""),
            "source": str(event.get("source") or ""),
            "links": [str(link["url"]) for link in event.get("links") or []],
        }
    return Item(
        id=str(body["event_id"]),
        kind=kind,
        team=team_of(body),
        enterprise=enterprise_of(body),
        place=str(body["event_id"]),
        sort_key="",
        data=data,
    )


def _viewing(event: Payload) -> str:
    """The channel that somebody looks at beside the app; "" where Slack does not say."""
    entities = (event.get("context") or {}).get("entities") or []
    channels = [one.get("value") for one in entities if one.get("type") == "slack#/types/channel_id"]
    return str(channels[0]) if channels else ""


def _item(body: Payload, kind: str, event: Payload, data: dict[str, JsonValue]) -> Item:
    team = team_of(body)
    thread = str(event.get("thread_ts") or event["ts"])
    return Item(
        id=str(body["event_id"]),
        kind=kind,
        team=team,
        enterprise=enterprise_of(body),
        place=place_of(team, str(event["channel"]), thread),
        sort_key=str(event["ts"]),
        data=data,
    )


def command_item(body: Payload) -> Item:
    """A slash command."""
    claim = f"command {body['trigger_id']}"
    wanted = ("channel_id", "user_id", "text", "response_url")
    data: dict[str, JsonValue] = {name: str(body.get(name) or "") for name in wanted}
    return Item(
        id=claim,
        kind="command",
        team=str(body.get("team_id") or ""),
        enterprise=enterprise_of(body),
        place=claim,
        sort_key="",
        data=data,
    )


def action_item(body: Payload, kind: str) -> Item:
    """A button that somebody pressed, or a shortcut that somebody used on a message."""
    actions = body.get("actions") or [{}]
    message = body.get("message") or {}
    at = actions[0].get("action_ts") or body.get("action_ts") or body.get("trigger_id")
    user = str(body["user"]["id"])
    claim = f"{kind} {at} {user} {actions[0].get('action_id', '')}"
    data: dict[str, JsonValue] = {
        "channel": str((body.get("channel") or {}).get("id") or ""),
        "user": user,
        "value": str(actions[0].get("value") or ""),
        "ts": str(message.get("ts") or (body.get("container") or {}).get("message_ts") or ""),
        "thread": str(message.get("thread_ts") or message.get("ts") or ""),
        "text": str(message.get("text") or ""),
        "response_url": str(body.get("response_url") or ""),
    }
    return Item(
        id=claim,
        kind=kind,
        team=team_of(body),
        enterprise=enterprise_of(body),
        place=claim,
        sort_key="",
        data=data,
    )


def team_of(body: Payload) -> str:
    """The workspace in which it happened; of one that spans several, the enterprise's id."""
    team = body.get("team_id") or (body.get("team") or {}).get("id") or (body.get("user") or {}).get("team_id")
    return str(team or body.get("enterprise_id") or "")


def enterprise_of(body: Payload) -> str | None:
    """The organisation that the workspace is of; None where it is of none. Events and interactions say it differently."""
    enterprise = body.get("enterprise")
    return (enterprise.get("id") if isinstance(enterprise, Mapping) else body.get("enterprise_id")) or None


def question_in(text: str, bot_user: str) -> str:
    """What was said to the app, as plain text without its name."""
    named = re.compile(rf"<@{re.escape(bot_user)}(?:\|[^>]*)?>")
    return plain_slack(named.sub(" ", text)).strip()


def called_first(text: str) -> str:
    """Who is called by name at the beginning; "" where nobody is."""
    found = _CALLED.match(text)
    return found[1] if found else ""


def mentions(text: str, user: str) -> bool:
    """Whether somebody is named anywhere in it."""
    return f"<@{user}>" in text or f"<@{user}|" in text
