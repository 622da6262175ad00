"""The one parser of Markdown: CommonMark with tables and strikethrough; HTML is text."""

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def parsed(text: str) -> SyntaxTreeNode:
    """The tree of a text."""
    return SyntaxTreeNode(_parser().parse(text))


def visible(text: str) -> str:
    """What a reader sees, and where its links lead, without white space: the same text in two forms has the same."""
    return "".join(_seen(parsed(text))).translate(_NO_SPACE)


_NO_SPACE = {ord(space): None for space in " \t\n\r\f\v\u00a0"}


def _seen(node: SyntaxTreeNode) -> list[str]:
    if node.type in {"text", "code_inline", "fence", "code_block"}:
        return [node.content]
    seen = [part for child in node.children for part in _seen(child)]
    if node.type == "link":
        return [*seen, f"({node.attrs.get('href', '')})"]
    if node.type == "image":
        return [node.content, f"({node.attrs.get('src', '')})"]
    return seen
