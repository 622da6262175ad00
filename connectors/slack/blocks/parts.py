"""Small blocks that all others are made of."""

from slack_sdk.models.blocks import ContextBlock, HeaderBlock, MarkdownTextObject, SectionBlock

from connectors.slack.rendering import clip

_SECTION = 3000
_HEADER = 150
_CONTEXT = 3000


def raw_section(text: str) -> SectionBlock:
    """mrkdwn, in which all that people wrote is escaped already, as a section."""
    return SectionBlock(text=MarkdownTextObject(text=_within(text, _SECTION), verbatim=True))


def header(text: str) -> HeaderBlock:
    """A heading of plain text."""
    return HeaderBlock(text=clip(text, _HEADER))


def context(text: str) -> ContextBlock:
    """mrkdwn in small letters."""
    return ContextBlock(elements=[MarkdownTextObject(text=_within(text, _CONTEXT), verbatim=True)])


def _within(text: str, limit: int) -> str:
    """Cut between lines, so that no link and no entity is cut; within a line only where the first is too long."""
    if len(text) <= limit:
        return text
    end = text.rfind("\n", 0, limit - 2)
    return f"{text[:end]}\n…" if end > 0 else clip(text, limit)
