"""Short enough for a button, a title, a section: cut between the signs that a reader sees, and marked as cut."""

from wcwidth import grapheme_boundary_before, width

_MARK = "…"


def clip(text: str, limit: int) -> str:
    """At most `limit` characters; a text that is cut ends in …, and never within an emoji or a combined letter."""
    if len(text) <= limit:
        return text
    return text[: boundary(text, limit - len(_MARK))].rstrip() + _MARK


def boundary(text: str, at: int) -> int:
    """The last place up to `at` where two signs meet; `at` itself where one sign is longer than all of that."""
    if at >= len(text):
        return len(text)
    return grapheme_boundary_before(text, at + 1) or at


def padded(text: str, columns: int) -> str:
    """Filled up with spaces to a width in columns, of which a Chinese character takes two."""
    return text + " " * (columns - columns_of(text))


def columns_of(text: str) -> int:
    """How many columns a text takes in a monospaced font."""
    return width(text, control_codes="ignore")
