"""A reply as messages of Slack."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.types import Citation
from connectors.slack.rendering.code_spans import prose_and_code
from connectors.slack.rendering.mrkdwn import address_of, mrkdwn
from connectors.slack.rendering.quieting import quiet
from connectors.slack.rendering.splitting import LIMIT, split

_MARK = re.compile(r"\[(\d{1,3})\](?![(:])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """One message. markdown: for a `markdown` block or a stream."""

    markdown: str

    @property
    def text(self) -> str:
        """The same as mrkdwn, for notifications."""
        return mrkdwn(self.markdown)


def render(text: str, citations: Sequence[Citation] = (), *, limit: int = LIMIT) -> tuple[Rendered, ...]:
    """Parley's Markdown as one message or several; its marks [n] lead to their sources, and it calls nobody."""
    pieces = split(quiet(linked(text, citations)), limit)
    return tuple(Rendered(markdown=piece) for piece in pieces)


def linked(text: str, citations: Sequence[Citation]) -> str:
    """Marks [n] in the prose, not in code, as links to what they cite."""
    addresses = {str(citation.n): link_of(citation) for citation in citations}
    pieces = (part if is_code else _with_links(part, addresses) for part, is_code in prose_and_code(text))
    return "".join(pieces)


def link_of(citation: Citation) -> str:
    """Where a citation leads: to its very words where a browser can; "" where it leads nowhere."""
    return address_of(citation.link or citation.url or "")


def _with_links(text: str, addresses: dict[str, str]) -> str:
    def mark(found: re.Match[str]) -> str:
        address = addresses.get(found[1], "")
        return f"[[{found[1]}]]({address})" if address else found.group()

    return _MARK.sub(mark, text)
