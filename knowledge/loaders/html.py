"""HTML: the main content as Markdown, without navigation, cookie banners, scripts and forms."""

import re
from codecs import BOM_UTF8

from bs4 import BeautifulSoup
from bs4.element import Tag
from bs4.exceptions import ParserRejectedMarkup

from knowledge.errors import UnreadableSource
from knowledge.loaders.html_meta import release_fields
from knowledge.loaders.limits import MAX_NESTING
from knowledge.loaders.markup import squeeze, to_markdown
from knowledge.loaders.plain import title_of
from knowledge.loaders.reading import Loaded
from knowledge.loaders.text import clean, decode
from knowledge.types import Document

_NOISE = ["script", "style", "noscript", "template", "nav", "footer", "aside", "form", "iframe", "svg", "button", "head", "dialog", "select"]  # fmt: skip
_ROLES = {"navigation", "banner", "contentinfo", "complementary", "dialog", "alertdialog", "search", "menu", "menubar"}
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|breadcrumbs?|side-?bar|nav|navbar|navigation|menu|newsletter|subscribe|share|"
    r"sharing|social|related|recommended|pop-?up|modal|overlay|advert|ads|promo|pagination|pager|skip-link|footer|"
    r"masthead|toolbar|feedback|helpful)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Class or id of what is around an article; as whole words, so that "menu" is not found in "document-menus-guide"."""
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MOST_LOST = 0.4
"""What bears such a name and holds more than this share of the text is the content, whatever its name."""
_LINKED = 0.75
"""A block whose text is links to more than this share, four or more of them, is a menu."""
_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?\s*([\w-]+)", re.IGNORECASE)


def load_html(source_id: str, data: bytes) -> Loaded:
    """One document from the page's `main` or `article` element, else from its body."""
    try:
        # With a line end, a text such as "http:" is not suspected of being an address or a file name.
        soup = BeautifulSoup(_text(source_id, data) + "\n", "lxml")
    except (ParserRejectedMarkup, AssertionError) as error:
        raise UnreadableSource(source_id, "its HTML is too broken to read") from error
    if _depth(soup) > MAX_NESTING:
        raise UnreadableSource(source_id, f"its elements are nested more than {MAX_NESTING} deep")
    title = _title(soup) or title_of(source_id)
    language = str(soup.html.get("lang") or "")[:2] if soup.html else ""
    fields = release_fields(soup)
    for element in soup.find_all(_NOISE):
        element.decompose()
    main = soup.find("main") or soup.find("article") or soup.select_one("[role=main]") or soup.body or soup
    assert isinstance(main, Tag)
    _remove_surroundings(main)
    content = to_markdown(main)
    content = re.sub(rf"\A#\s+{re.escape(title)}\s*\n", "", content + "\n").strip()
    if not content:
        raise UnreadableSource(source_id, "it holds no text (is it filled in by a script?)")
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
    return squeeze(element.get_text(" ")) if element else ""


def _depth(soup: BeautifulSoup) -> int:
    """How deep elements are nested, without recursion."""
    deepest, level = 0, [child for child in soup.children if isinstance(child, Tag)]
    while level and deepest <= MAX_NESTING:
        deepest += 1
        level = [child for element in level for child in element.children if isinstance(child, Tag)]
    return deepest


def _remove_surroundings(main: Tag) -> None:
    """Takes out menus, banners and what is not shown, but never most of the text."""
    whole = _length(main)
    for element in main.find_all(True):
        if element.decomposed or not isinstance(element, Tag):
            continue
        menu = element.name in {"ul", "ol", "div", "p"} and _is_menu(element)
        if (menu or _is_around(element)) and _length(element) <= _MOST_LOST * whole:
            element.decompose()


def _is_around(element: Tag) -> bool:
    if element.name == "header" and not element.find(["h1", "h2"]):
        return True
    if (
        element.has_attr("hidden")
        or element.get("aria-hidden") == "true"
        or _UNSEEN.search(str(element.get("style") or ""))
    ):
        return True
    if str(element.get("role") or "").lower() in _ROLES:
        return True
    classes = element.get("class")
    names = [*classes] if isinstance(classes, list) else [str(classes or "")]
    return any(_NAMED.search(name) for name in [*names, str(element.get("id") or "")] if name)


def _is_menu(element: Tag) -> bool:
    links = element.find_all("a")
    if len(links) < 4:
        return False
    return sum(_length(link) for link in links) > _LINKED * max(_length(element), 1)


def _length(element: Tag) -> int:
    return len(element.get_text(strip=True))
