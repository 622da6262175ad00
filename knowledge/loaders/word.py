"""Word: headings, paragraphs, lists and tables in their order, by way of mammoth's HTML."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

import mammoth  # type: ignore[import-untyped]
from bs4 import BeautifulSoup
from bs4.element import Tag
from defusedxml.ElementTree import fromstring

from knowledge.errors import UnreadableSource
from knowledge.loaders.limits import MAX_NESTING
from knowledge.loaders.markup import squeeze, to_markdown
from knowledge.loaders.office import check_office
from knowledge.loaders.plain import title_of
from knowledge.loaders.reading import Loaded
from knowledge.loaders.text import clean
from knowledge.types import Document

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BUILT_IN = re.compile(r"heading ([1-6])$", re.IGNORECASE)
_STYLE_ID = re.compile(r"[\w-]+$")
_DEEPEST = 6


def load_docx(source_id: str, data: bytes) -> Loaded:
    """One document; its title is the text in the style Title, else the first heading, else the file's name.

    Text that tracked changes deleted is left out, what they inserted is read; pictures, notes and margins are not.
    """
    check_office(source_id, data)
    html = mammoth.convert_to_html(
        BytesIO(data), style_map="\n".join(_style_map(data)), convert_image=_no_image, include_default_style_map=True
    ).value
    # As a page's text, so that what is nested too deeply for us is known before it is walked.
    soup = BeautifulSoup(clean(html) + "\n", "lxml")
    body = soup.body
    if body is None:
        raise UnreadableSource(source_id, "it has no text")
    for element in body.find_all(_is_note):
        element.decompose()
    if _nested(body) > MAX_NESTING:
        raise UnreadableSource(source_id, f"its tables are nested more than {MAX_NESTING} deep")
    heading = body.find(["h1", "h2"])
    title = squeeze(heading.get_text(" ")) if heading else ""
    content = to_markdown(body)
    if title:
        content = re.sub(rf"\A#+\s+{re.escape(title)}\s*\n", "", content + "\n").strip()
    if not content:
        raise UnreadableSource(source_id, "it has no text")
    yield Document(source_id=source_id, title=title or title_of(source_id), content=content)


def _no_image(_: Any) -> list[Any]:
    return []


def _is_note(element: Tag) -> bool:
    return element.name == "sup" and element.find("a") is not None


def _nested(body: Tag) -> int:
    deepest, level = 0, [body]
    while level and deepest <= MAX_NESTING:
        deepest += 1
        level = [child for element in level for child in element.children if isinstance(child, Tag)]
    return deepest


def _style_map(data: bytes) -> Iterator[str]:
    """Headings that styles of the company's own make, by their outline level or by the heading that they are based on."""
    yield "p[style-name='Title'] => h1:fresh"
    yield "p[style-name='Subtitle'] => p:fresh"
    with zipfile.ZipFile(BytesIO(data)) as archive:
        if "word/styles.xml" not in archive.namelist():
            return
        styles = {
            style.get(f"{_W}styleId", ""): style
            for style in fromstring(archive.read("word/styles.xml")).iter(f"{_W}style")
            if style.get(f"{_W}type") == "paragraph"
        }
    for name in styles:
        if (level := _level(name, styles)) and _STYLE_ID.match(name):
            yield f"p.{name} => h{level}:fresh"


def _level(name: str, styles: Mapping[str, Any]) -> int:
    """The heading level of a style, 0 for none; follows the styles it is based on."""
    for _ in range(_DEEPEST):
        style = styles.get(name)
        if style is None:
            return 0
        own_name, outline, base = (
            style.find(path) for path in (f"{_W}name", f"{_W}pPr/{_W}outlineLvl", f"{_W}basedOn")
        )
        if own_name is not None and (match := _BUILT_IN.match(own_name.get(f"{_W}val", ""))):
            return int(match[1])
        if outline is not None and (level := outline.get(f"{_W}val", "")).isdecimal():
            return int(level) + 1 if int(level) < _DEEPEST else 0
        name = base.get(f"{_W}val", "") if base is not None else ""
    return 0
