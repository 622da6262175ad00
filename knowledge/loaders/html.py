"""HTML: the main content as Markdown, without navigation, scripts and forms."""

import re
from codecs import BOM_UTF8
from collections.abc import Callable

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, Tag
from bs4.exceptions import ParserRejectedMarkup

from knowledge.errors import UnreadableSource
from knowledge.loaders.html_meta import release_fields
from knowledge.loaders.plain import title_of
from knowledge.loaders.reading import Loaded
from knowledge.loaders.text import clean, decode
from knowledge.types import Document

_NOISE = [
    "script",
    "style",
    "noscript",
    "template",
    "nav",
    "footer",
    "aside",
    "form",
    "iframe",
    "svg",
    "button",
    "head",
]
_BLOCKS = {"p", "div", "section", "article", "main", "blockquote", "dl", "dd", "dt", "figure", "header", "body", "html"}
_HEADING = re.compile(r"h([1-6])$")
_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?\s*([\w-]+)", re.IGNORECASE)


def load_html(source_id: str, data: bytes) -> Loaded:
    """One document from the page's `main` or `article` element, else from its body."""
    try:
        # With a line end, a text such as "http:" is not suspected of being an address or a file name.
        soup = BeautifulSoup(_text(source_id, data) + "\n", "html.parser")
        title = _title(soup) or title_of(source_id)
        language = str(soup.html.get("lang") or "")[:2] if soup.html else ""
        fields = release_fields(soup)
        for element in soup.find_all(_NOISE):
            element.decompose()
        main = soup.find("main") or soup.find("article") or soup.select_one("[role=main]") or soup.body or soup
        lines = "".join(_render(child) for child in main.children)
    except (ParserRejectedMarkup, RecursionError, AssertionError) as error:
        raise UnreadableSource(source_id, "its HTML is too broken or too deeply nested to read") from error
    content = re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", lines)).strip()
    content = re.sub(rf"\A#\s+{re.escape(title)}\s*\n", "", content + "\n").strip()
    if not content:
        raise UnreadableSource(source_id, "it holds no text")
    yield Document(
        source_id=source_id,
        title=title,
        content=content,
        language=language if language in {"en", "zh"} else "",
        metadata=fields,
    )


def _text(source_id: str, data: bytes) -> str:
    declared = _CHARSET.search(data[:4096])
    if declared and not data.startswith(BOM_UTF8):
        try:
            name = "gb18030" if declared[1].lower() in {b"gbk", b"gb2312"} else declared[1].decode()
            return clean(data.decode(name))
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(source_id, data)


def _title(soup: BeautifulSoup) -> str:
    heading = soup.find("h1")
    element = heading if heading and heading.get_text(strip=True) else soup.title
    return _squeeze(element.get_text(" ")) if element else ""


def _render(node: PageElement, depth: int = 0) -> str:
    """Markdown of one element; `depth` is that of nested lists."""
    if isinstance(node, NavigableString):
        return re.sub(r"\s+", " ", str(node)) if type(node) is NavigableString else ""
    if not isinstance(node, Tag):
        return ""
    if heading := _HEADING.match(node.name):
        return f"\n\n{'#' * int(heading[1])} {_squeeze(node.get_text(' '))}\n\n"
    if node.name in {"ul", "ol"}:
        return _list(node, depth)
    if node.name in _WHOLE:
        return _WHOLE[node.name](node)
    inner = "".join(_render(child, depth) for child in node.children)
    if node.name in {"b", "strong"} and inner.strip():
        inner = f"**{inner.strip()}**"
    return f"\n\n{inner.strip()}\n\n" if node.name in _BLOCKS else inner


def _list(node: Tag, depth: int) -> str:
    lines = []
    for number, item in enumerate(node.find_all("li", recursive=False), start=1):
        marker = f"{number}." if node.name == "ol" else "-"
        nested = "".join(_list(child, depth + 1) for child in item.find_all(["ul", "ol"], recursive=False))
        own = (child for child in item.children if not (isinstance(child, Tag) and child.name in {"ul", "ol"}))
        text = _squeeze("".join(_render(child, depth) for child in own))
        lines.append(f"{'  ' * depth}{marker} {text}\n{nested.lstrip(chr(10)).rstrip()}".rstrip())
    return "\n" + "\n".join(lines) + "\n"


def _table(node: Tag) -> str:
    rows = [
        [_squeeze(cell.get_text(" ")).replace("|", "/") for cell in row.find_all(["th", "td"])]
        for row in node.find_all("tr")
    ]
    rows = [row for row in rows if any(row)]
    if not rows:
        return ""
    width = max(len(row) for row in rows)
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in rows]
    return "\n\n" + "\n".join([lines[0], "|" + "---|" * width, *lines[1:]]) + "\n\n"


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


_WHOLE: dict[str, Callable[[Tag], str]] = {
    "table": _table,
    "br": lambda _: "\n",
    "pre": lambda node: f"\n\n```\n{node.get_text()}\n```\n\n",
}
