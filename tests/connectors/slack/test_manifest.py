"""The manifest asks for what the code uses, no less and no more."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
import yaml
from slack_sdk.web.async_client import AsyncWebClient
from typer.testing import CliRunner

from connectors.slack.app import ADD_ARTICLE, ANSWER_THIS, COMMAND, MESSAGE_EVENTS, OTHER_EVENTS
from connectors.slack.command import register
from connectors.slack.http import PATH
from connectors.slack.install.oauth import REDIRECT_PATH
from connectors.slack.manifest import CONNECTED_PATH, bot_scopes, manifest, manifest_for, user_scopes

CODE = Path(__file__).parents[3] / "connectors" / "slack"
HISTORY = {"channels:history", "groups:history", "im:history", "mpim:history"}
METHODS: dict[str, set[str]] = {
    "agents_sessions_rename": {"chat:write"},
    "agents_sessions_setStatus": {"chat:write", "assistant:write"},
    "assistant_threads_setStatus": {"assistant:write"},
    "assistant_threads_setSuggestedPrompts": {"assistant:write"},
    "auth_revoke": set(),
    "auth_test": set(),
    "chat_appendStream": {"chat:write"},
    "chat_delete": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_startStream": {"chat:write"},
    "chat_stopStream": {"chat:write"},
    "chat_unfurl": {"links:write"},
    "chat_update": {"chat:write"},
    "conversations_history": HISTORY,
    "conversations_replies": HISTORY,
    "oauth_v2_access": set(),
    "reactions_add": {"reactions:write"},
    "reactions_remove": {"reactions:write"},
    "users_info": {"users:read"},
    "views_open": set(),
    "views_publish": set(),
}
"""Scopes of bot tokens by method, from Slack's reference."""

EVENTS: dict[str, set[str]] = {
    "agent_session_stopped": {"assistant:write"},
    "app_context_changed": set(),
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "app_uninstalled": set(),
    "link_shared": {"links:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "message.mpim": {"mpim:history"},
    "tokens_revoked": set(),
}
READING: dict[str, set[str]] = {
    "search messages": {"search:read.public", "search:read.private", "search:read.mpim", "search:read.im"},
    "search files and people": {"search:read.files", "search:read.users"},
    "read channels, threads and direct messages": HISTORY,
    "read profiles": {"users:read"},
}
"""Scopes of people's own tokens by what Slack's MCP server does with them, from its reference: what reads, nothing else."""

OTHERWISE = {"commands", "files:read"}  # the slash command and shortcuts; bytes of files that people send


def sources() -> Iterator[ast.AST]:
    for file in sorted(CODE.rglob("*.py")):
        yield from ast.walk(ast.parse(file.read_text("utf-8")))


def called() -> set[str]:
    """The Web API's methods that the code names."""
    methods = {
        name for name, member in inspect.getmembers(AsyncWebClient, inspect.iscoroutinefunction) if "_" in name[1:]
    }
    named = {node.attr for node in sources() if isinstance(node, ast.Attribute)}
    return {name for name in named & methods if name != "api_call" and not name.startswith("_")}


def test_scopes_are_those_of_the_methods_and_events_in_use() -> None:
    assert called() <= set(METHODS), "say in the table above which scopes the new method needs"
    events = manifest()["settings"]["event_subscriptions"]["bot_events"]
    needed = set().union(*(METHODS[name] for name in called()), *(EVENTS[name] for name in events), OTHERWISE)
    assert set(bot_scopes()) == needed
    assert bot_scopes() == sorted(bot_scopes())


def test_people_are_asked_for_what_reads_and_only_where_they_may_let_it() -> None:
    assert set(user_scopes()) == set().union(*READING.values())
    assert user_scopes() == sorted(user_scopes())
    assert not [scope for scope in user_scopes() if "write" in scope]
    assert "user" not in yaml.safe_load(manifest_for("https://parley.example"))["oauth_config"]["scopes"]
    filled = yaml.safe_load(manifest_for("https://parley.example", on_behalf=True))["oauth_config"]
    assert filled["scopes"]["user"] == user_scopes()
    assert filled["redirect_urls"] == [f"https://parley.example{path}" for path in (REDIRECT_PATH, CONNECTED_PATH)]


def test_events_are_those_that_handlers_are_registered_for() -> None:
    events = manifest()["settings"]["event_subscriptions"]["bot_events"]
    assert {name.partition(".")[0] for name in events} == {*MESSAGE_EVENTS, *OTHER_EVENTS}
    assert events == sorted(events)
    registered = [
        node for node in sources() if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("app.event")
    ]
    assert [ast.unparse(call.args[0]) for call in registered] == ["name", "name"]  # of those two lists, nowhere else


def test_commands_and_shortcuts_are_those_of_the_code() -> None:
    features = manifest()["features"]
    assert [one["command"] for one in features["slash_commands"]] == [COMMAND]
    assert [one["callback_id"] for one in features["shortcuts"]] == [ANSWER_THIS, ADD_ARTICLE]


def test_it_is_as_slack_takes_it() -> None:
    shown, features = manifest()["display_information"], manifest()["features"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 174 <= len(shown["long_description"]) <= 4000
    assert "assistant_view" not in features  # new apps can't have it
    view = features["agent_view"]
    assert set(view) == {"agent_description", "suggested_prompts"}
    assert len(view["agent_description"]) <= 300
    assert all(set(prompt) == {"title", "message"} for prompt in view["suggested_prompts"])
    assert all(len(one["name"]) <= 24 for one in features["shortcuts"])
    assert features["app_home"]["messages_tab_enabled"]


def test_the_command_prints_it() -> None:
    app = typer.Typer()
    app.command("other")(lambda: None)
    register(app)
    printed = CliRunner().invoke(app, ["slack", "--manifest", "--url", "https://parley.example"])
    assert printed.exit_code == 0
    assert printed.stdout == manifest_for("https://parley.example")


@pytest.mark.parametrize("url", ["https://parley.example", "https://parley.example/"])
def test_for_http_it_names_the_addresses(url: str) -> None:
    filled = yaml.safe_load(manifest_for(url, domains=["shop.example"], rotation=True))
    settings = filled["settings"]
    assert settings["event_subscriptions"]["request_url"] == f"https://parley.example{PATH}"
    assert settings["interactivity"]["request_url"] == f"https://parley.example{PATH}"
    assert filled["features"]["slash_commands"][0]["url"] == f"https://parley.example{PATH}"
    assert filled["oauth_config"]["redirect_urls"] == [f"https://parley.example{REDIRECT_PATH}"]
    assert not settings["socket_mode_enabled"]
    assert settings["token_rotation_enabled"]
    assert filled["features"]["unfurl_domains"] == ["shop.example"]
    assert "link_shared" in settings["event_subscriptions"]["bot_events"]


def test_without_domains_slack_would_refuse_the_event_of_links() -> None:
    plain = yaml.safe_load(manifest_for())
    assert "link_shared" not in plain["settings"]["event_subscriptions"]["bot_events"]
    assert plain["settings"]["socket_mode_enabled"]
    assert plain["features"]["agent_view"] == manifest()["features"]["agent_view"]
