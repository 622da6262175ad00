"""What Slack's Web API takes: the arguments that the SDK's own methods have, and the limits of text, blocks and chunks."""

import inspect
import json
from collections.abc import Iterator, Mapping
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.messages.chunk import Chunk
from slack_sdk.web.async_client import AsyncWebClient

MOST_MARKDOWN = 12_000
_MOST_TEXT = 40_000
_MOST_BLOCKS = 50
_LONGEST = {"section": 3_000, "header": 150, "markdown": MOST_MARKDOWN}
_SAID_BY = ("text", "blocks", "attachments", "markdown_text")
_NEEDS_TEXT = {"chat.postMessage", "chat.postEphemeral", "chat.update"}


def read_arguments(body: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments as sent; what forms carry as JSON is read."""
    read = dict(body)
    for name in ("blocks", "view", "prompts", "metadata", "unfurls", "chunks", "loading_messages"):
        if isinstance(value := read.get(name), str):
            read[name] = json.loads(value)
    return read


def error_in(method: str, arguments: Mapping[str, Any]) -> str:
    """Slack's name of what is wrong with a call; "" where nothing is."""
    sdk = getattr(AsyncWebClient, method.replace(".", "_"), None)
    if sdk is None:
        return "unknown_method"
    known = {
        name: parameter
        for name, parameter in inspect.signature(sdk).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    }
    given = {name for name, value in arguments.items() if value is not None} - {"token"}
    needed = {name for name, parameter in known.items() if parameter.default is inspect.Parameter.empty} - {
        "app_token",
        "client_id",
        "client_secret",
    }
    if needed - given or given - set(known):
        return "invalid_arguments"
    if method in _NEEDS_TEXT and not any(arguments.get(name) for name in _SAID_BY):
        return "no_text"
    return _error_in_content(arguments)


def _error_in_content(arguments: Mapping[str, Any]) -> str:
    if len(arguments.get("text") or "") > _MOST_TEXT or len(arguments.get("markdown_text") or "") > MOST_MARKDOWN:
        return "msg_too_long"
    if arguments.get("markdown_text") and (arguments.get("text") or arguments.get("blocks")):
        return "markdown_text_conflict"
    if error := _error_in_blocks(arguments.get("blocks") or []):
        return error
    for chunk in arguments.get("chunks") or []:
        if Chunk.parse(dict(chunk)) is None:
            return "invalid_chunks"
        if len(chunk.get("text", "")) > MOST_MARKDOWN:
            return "msg_too_long"
        if error := _error_in_blocks(chunk.get("blocks") or []):
            return error
    view = arguments.get("view")
    if view is not None and (view.get("type") not in {"home", "modal"} or _error_in_blocks(view["blocks"], 100)):
        return "invalid_arguments"
    return ""


def _error_in_blocks(blocks: list[dict[str, Any]], most: int = _MOST_BLOCKS) -> str:
    if len(blocks) > most:
        return "invalid_blocks"
    markdown = 0
    for block in blocks:
        try:
            parsed = Block.parse(dict(block))
            if parsed is None or not parsed.to_dict():
                return "invalid_blocks"
        except (SlackObjectFormationError, TypeError, ValueError):
            return "invalid_blocks"
        text = block.get("text") or ""
        length = len(text["text"] if isinstance(text, dict) else text)
        markdown += length if block["type"] == "markdown" else 0
        if length > _LONGEST.get(block["type"], _MOST_TEXT) or markdown > MOST_MARKDOWN:
            return "msg_blocks_too_long"
        if any(len(str(value)) > 2_000 for value in _values(block)):
            return "invalid_blocks"
    return ""


def _values(node: Any) -> Iterator[str]:
    """The values of all buttons and options in a block."""
    if isinstance(node, dict):
        for name, inner in node.items():
            if name == "value" and isinstance(inner, str):
                yield inner
            yield from _values(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _values(inner)
