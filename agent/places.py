"""Where a quotation can be looked up: its page, and a link that leads a browser to the very words."""

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote, urlsplit

from agent.types import Citation, PassageEvidence
from knowledge.cutting.spans import plain
from knowledge.text.han import HAN

_WHOLE = 60  # characters up to which a quotation is named whole, not by its beginning and end
_WORDS = 4
_CHARACTERS = 10
_SIGN = re.compile(r"^\s*(?:(?:[-*+•>]|\(?\d{1,3}[.)、）]|#{1,6})\s+)+")


def located(citations: Sequence[Citation], evidence: Sequence[PassageEvidence]) -> tuple[Citation, ...]:
    """The citations with their pages and links, as far as these are known."""
    return tuple(
        replace(citation, page=_page(citation, evidence), link=link_to(citation.url, citation.quote))
        for citation in citations
    )


def link_to(url: str | None, quotation: str) -> str | None:
    """The address with a text fragment (WICG), by which browsers that know it scroll to the words and mark them."""
    if not url or urlsplit(url).scheme not in {"http", "https"}:
        return None
    pieces = [_encoded(piece) for piece in _ends(quotation)]
    mark = "" if "#" in url else "#"
    return f"{url}{mark}:~:text={','.join(pieces)}" if pieces else url


def _page(citation: Citation, evidence: Sequence[PassageEvidence]) -> int | None:
    for found in evidence:
        passage = found.passage
        if passage.source_id == citation.source_id and citation.quote in passage.text:
            return passage.page
    return None


def _ends(quotation: str) -> list[str]:
    """The quotation as a page shows it: whole where it is short, else how it begins and ends."""
    shown = [line for line in map(_as_shown, quotation.splitlines()) if line]
    if not shown:
        return []
    blocks = [block.strip() for line in (shown[0], shown[-1]) for block in line.split("|") if block.strip()]
    if len(shown) == 1 and len(blocks) == 2 and len(shown[0]) <= _WHOLE:
        return blocks[:1]
    first, last = _few(blocks[0], from_end=False), _few(blocks[-1], from_end=True)
    return [first, last]


def _as_shown(line: str) -> str:
    return "" if re.fullmatch(r"[\s|:-]*", line) else " ".join(plain(_SIGN.sub("", line)).split())


def _few(text: str, *, from_end: bool) -> str:
    """A few words, or Chinese characters, of one end."""
    if HAN.search(text):
        return text[-_CHARACTERS:] if from_end else text[:_CHARACTERS]
    words = text.split(" ")
    return " ".join(words[-_WORDS:] if from_end else words[:_WORDS])


def _encoded(text: str) -> str:
    # A dash has a meaning of its own there, and is not encoded by itself.
    return quote(text, safe="").replace("-", "%2D")
