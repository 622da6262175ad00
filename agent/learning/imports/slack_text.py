"""Slack's own markup, as its exports hold it, turned into plain text."""

import html
import re
from collections.abc import Callable, Mapping

_REFERENCE = re.compile(r"<([@#!]?)([^<>|\s][^<>|]*)(?:\|([^<>]*))?>")
_PERSON = "[name]"


def plain_slack(text: str) -> str:
    """Links by their labels, people as [name], channels by name, calls to all left out; text without markup is unchanged."""
    if "<" in text:
        text = _REFERENCE.sub(_shown, text)
    return html.unescape(text) if "&" in text else text


def _shown(match: re.Match[str]) -> str:
    sign, target, label = match.groups()
    if sign == "@":
        return _PERSON
    if sign == "#":
        return f"#{label or 'channel'}"
    if sign == "!":
        return label or ""
    if not re.match(r"(?:https?|mailto|tel|ftp):", target):
        return match.group()
    bare = re.sub(r"^(?:mailto|tel):", "", target)
    return bare if not label or label in target else label


def text_of_blocks(blocks: object) -> str:
    """The text of a message's blocks, for messages that have no other."""
    return "".join(_pieces(blocks)).strip()


_SHORTHAND: Mapping[str, Callable[[Mapping[str, object]], str]] = {
    "user": lambda _: _PERSON,
    "channel": lambda _: "#channel",
    "emoji": lambda node: f":{node.get('name', '')}:",
    "link": lambda node: str(node.get("text") or node.get("url") or ""),
}
_ENDS_LINE = {"rich_text_section", "rich_text_quote", "rich_text_preformatted", "mrkdwn", "plain_text"}


def _pieces(node: object) -> list[str]:
    if isinstance(node, list):
        return [piece for one in node for piece in _pieces(one)]
    if not isinstance(node, Mapping):
        return []
    kind, value = str(node.get("type")), node.get("text")
    if kind in _SHORTHAND:
        return [_SHORTHAND[kind](node)]
    inner = [plain_slack(value)] if isinstance(value, str) else _pieces(value)
    inner += [piece for name in ("elements", "fields") for piece in _pieces(node.get(name))]
    return [*inner, "\n"] if kind in _ENDS_LINE else inner
