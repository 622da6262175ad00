"""The sources of an answer, under it."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from agent.types import Citation, Language
from connectors.slack.blocks.parts import context
from connectors.slack.phrases import say
from connectors.slack.rendering import clip, escape
from connectors.slack.rendering.mrkdwn import link
from connectors.slack.rendering.rendered import link_of

_MOST = 10
_TITLE = 120


def source_blocks(citations: Sequence[Citation], language: Language) -> list[Block]:
    """One small block with a line for each source, links where they lead somewhere; [] without any."""
    if not citations:
        return []
    shown = [f"[{citation.n}] {_titled(citation, language)}" for citation in citations[:_MOST]]
    if more := len(citations) - len(shown):
        shown.append(say("more_sources", language, count=more))
    return [context("\n".join([f"*{say('sources', language)}*", *shown]))]


def _titled(citation: Citation, language: Language) -> str:
    title = clip(citation.title or citation.source_id, _TITLE)
    page = f" ({say('source_page', language, page=citation.page)})" if citation.page else ""
    address = link_of(citation)
    return (link(address, title) if address else escape(title)) + page
