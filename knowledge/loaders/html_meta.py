"""What the head of a page says of its release, as `<meta name="parley:audience" content="internal">`."""

from bs4 import BeautifulSoup
from bs4.element import Tag

from knowledge.release import AUDIENCES, governs

_PREFIX = "parley:"


def release_fields(soup: BeautifulSoup) -> dict[str, str]:
    """The fields that `knowledge.release` reads; call before the head is thrown away.

    A bare `audience` counts only where its value is one of ours: pages carry it with other meanings ("all"). When a
    page was published (article:published_time) says nothing of when what it says holds.
    """
    found: dict[str, str] = {}
    for meta in soup.find_all("meta"):
        if not isinstance(meta, Tag):
            continue
        name = str(meta.get("name") or meta.get("property") or "").strip().lower()
        value = str(meta.get("content") or "").strip()
        bare = name.removeprefix(_PREFIX)
        meaning = governs(bare)
        ours = bare != name or meaning != "audience" or value.lower() in AUDIENCES
        if meaning and ours:
            found[meaning] = value
    return found
