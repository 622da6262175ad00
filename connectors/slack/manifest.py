"""The app's manifest, packaged, and filled in for HTTP mode."""

from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import yaml

_REQUESTS = "/slack/events"
_REDIRECT = "/slack/oauth_redirect"
CONNECTED_PATH = "/slack/connected"
_DOMAINS = 5  # Slack takes no more


def manifest() -> dict[str, Any]:
    """As it stands: for Socket Mode."""
    read: dict[str, Any] = yaml.safe_load(_file().read_text("utf-8"))
    return read


def bot_scopes() -> list[str]:
    """What the bot asks for when it is installed."""
    return list(manifest()["oauth_config"]["scopes"]["bot"])


def user_scopes() -> list[str]:
    """What somebody is asked for who lets the app read as them."""
    return list(manifest()["oauth_config"]["scopes"]["user"])


def manifest_for(url: str = "", *, domains: Sequence[str] = (), rotation: bool = False, on_behalf: bool = False) -> str:
    """The manifest as YAML. url: public address of the server, for HTTP mode; "" leaves Socket Mode.

    domains: of articles whose links are unfurled, five at most; rotation: tokens that run out, which an app that has them
    keeps for ever and which only installations by OAuth renew; on_behalf: people may let it read in Slack as them.
    """
    filled = manifest()
    features, settings = filled["features"], filled["settings"]
    if url:
        requests = url.rstrip("/") + _REQUESTS
        settings["event_subscriptions"]["request_url"] = requests
        settings["interactivity"]["request_url"] = requests
        settings["socket_mode_enabled"] = False
        features["slash_commands"][0]["url"] = requests
        pages = (_REDIRECT, CONNECTED_PATH) if on_behalf else (_REDIRECT,)
        filled["oauth_config"]["redirect_urls"] = [url.rstrip("/") + page for page in pages]
    if not on_behalf:  # whoever installs the app would be asked for them
        del filled["oauth_config"]["scopes"]["user"]
    settings["token_rotation_enabled"] = rotation
    if domains:
        features["unfurl_domains"] = list(domains[:_DOMAINS])
    else:  # Slack refuses the event without domains
        settings["event_subscriptions"]["bot_events"].remove("link_shared")
    return yaml.safe_dump(filled, sort_keys=False, allow_unicode=True, width=120)


def _file() -> Traversable:
    return files("connectors.slack") / "manifest.yaml"
