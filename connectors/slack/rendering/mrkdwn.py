"""Markdown as mrkdwn, Slack's own markup: for notifications, sections, modals, and whatever has no `markdown` block.

mrkdwn has no headings, lists or tables: headings become bold lines, lists lines with a mark, tables columns in a monospaced
font. Its marks need a border on both sides, which Chinese has not: an invisible space makes one.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import quote

from markdown_it.tree import SyntaxTreeNode

from connectors.slack.rendering.clipping import columns_of, padded
from connectors.slack.rendering.parsing import parsed
from connectors.slack.rendering.quieting import escape

_BORDER = "\u200b"
_SCHEMES = ("https://", "http://", "mailto:", "tel:")
_FENCE = "```"


def mrkdwn(text: str) -> str:
    """The whole text; nothing in it calls anybody."""
    return _blocks(parsed(text))


def link(url: str, label: str) -> str:
    """A link as mrkdwn; the label alone where the address is none that Slack opens."""
    address = address_of(url)
    shown = escape(label).replace("|", "¦") if address else escape(label)
    return f"<{address.replace('&', '&amp;')}|{shown}>" if address else shown


def address_of(url: str) -> str:
    """An address with nothing in it that ends a link; "" for one that Slack does not open."""
    if not url.lower().startswith(_SCHEMES):
        return ""
    return quote(url, safe="/:?#@!$&*+,;=%~-._'[]")


def _blocks(node: SyntaxTreeNode, between: str = "\n\n") -> str:
    return between.join(filter(None, (_block(child) for child in node.children)))


def _block(node: SyntaxTreeNode) -> str:
    write = _WRITERS.get(node.type)
    return write(node) if write else _inline(node)


def _heading(node: SyntaxTreeNode) -> str:
    text = _inline(node).replace("*", "")
    return f"*{text}*" if text.strip() else ""


def _quote(node: SyntaxTreeNode) -> str:
    return "\n".join(f"> {line}" for line in _blocks(node).splitlines())


def _list(node: SyntaxTreeNode) -> str:
    start = int(node.attrs.get("start", 1))
    marks = (f"{start + n}. " if node.type == "ordered_list" else "• " for n in range(len(node.children)))
    return "\n".join(_item(item, mark) for item, mark in zip(node.children, marks, strict=True))


def _item(node: SyntaxTreeNode, mark: str) -> str:
    first, *rest = _blocks(node, "\n").splitlines() or [""]
    return "\n".join([mark + first, *(f"    {line}" for line in rest)])


def _code(node: SyntaxTreeNode) -> str:
    return _monospaced(node.content.removesuffix("\n"))


def _monospaced(text: str) -> str:
    inside = escape(text).replace(_FENCE, f"``{_BORDER}`")
    return f"{_FENCE}\n{inside}\n{_FENCE}"


def _table(node: SyntaxTreeNode) -> str:
    rows = [[_plain(cell) for cell in row.children] for part in node.children for row in part.children]  # thead, tbody
    widths = [max(columns_of(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = [" | ".join(padded(cell, wide) for cell, wide in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "-+-".join("-" * wide for wide in widths))
    return _monospaced("\n".join(lines))


def _plain(node: SyntaxTreeNode) -> str:
    """Text without marks, with the addresses of its links."""
    if node.type in {"text", "code_inline", "image"}:
        return node.content
    if node.type in {"softbreak", "hardbreak"}:
        return " "
    text = "".join(_plain(child) for child in node.children)
    href = str(node.attrs.get("href", "")) if node.type == "link" else ""
    return f"{text} ({href})" if href and href != text else text


def _inline(node: SyntaxTreeNode) -> str:
    """The content of a paragraph, a heading, an emphasis."""
    text = ""
    for child in node.children:
        part = _part(child)
        if child.type in _MARKS or text[-1:] in _ENDS:
            text += _border(text[-1:], part[:1])
        text += part
    return text


def _border(before: str, after: str) -> str:
    return _BORDER if before and after and not before.isspace() and not after.isspace() else ""


def _part(node: SyntaxTreeNode) -> str:
    match node.type:
        case "text":
            return escape(node.content)
        case "softbreak" | "hardbreak":
            return "\n"
        case "code_inline":
            return f"`{escape(node.content)}`"
        case "link":
            return link(str(node.attrs["href"]), _label(node))
        case "image":
            return link(str(node.attrs["src"]), node.content or str(node.attrs["src"]))
        case _:
            mark, text = _MARKS.get(node.type, ""), _inline(node)
            return f"{mark}{text}{mark}" if text.strip() else text


def _label(node: SyntaxTreeNode) -> str:
    return re.sub(r"\s+", " ", "".join(_plain(child) for child in node.children)) or str(node.attrs["href"])


_MARKS: Mapping[str, str] = MappingProxyType({"strong": "*", "em": "_", "s": "~"})
_ENDS = frozenset(_MARKS.values())
_WRITERS: Mapping[str, Callable[[SyntaxTreeNode], str]] = MappingProxyType(
    {
        "heading": _heading,
        "blockquote": _quote,
        "bullet_list": _list,
        "ordered_list": _list,
        "fence": _code,
        "code_block": _code,
        "table": _table,
        "hr": lambda _: "———",
    }
)
