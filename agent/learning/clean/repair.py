"""Text mended: broken encodings, markup, what cannot be seen, quoted letters, signatures."""

import html
import re

import ftfy

from agent.learning.clean.letters import without_letterhead
from agent.learning.imports.slack_text import plain_slack
from agent.privacy import mask
from agent.privacy.kinds import Found

_PASSES = 8  # each takes something away; text that was escaped several times needs several
_MOST = 20_000  # characters of a message that are looked at: what is longer is dropped anyway, and would take minutes
# Full-width marks are what Chinese is written with, and curled quotes are too: both stay.
_FTFY = ftfy.TextFixerConfig(unescape_html=True, fix_character_width=False, uncurl_quotes=False, normalization="NFC")
_UNSEEN = re.compile(r"[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffc\ufffd]")
_HIDDEN = re.compile(r"<(script|style|head)\b[^>]*>.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<\s*(?:br|/p|/div|/li|/tr|/h[1-6])\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" *\n[\s]*")
_REPEATED = re.compile(r"([!?.。！？~～…=_*#-])\1{3,}")


def repaired(text: str) -> str:
    """The text mended; mending what is mended changes nothing."""
    for _ in range(_PASSES):
        before, text = text, _once(text)
        if text == before:
            break
    return text


def cleaned(text: str) -> tuple[str, tuple[Found, ...]]:
    """The text mended and masked, and what was masked (places in the mended text). Again changes nothing."""
    found: tuple[Found, ...] = ()
    if len(text) > _MOST:
        text = text[:_MOST].rsplit(None, 1)[
            0
        ]  # at a space, so that no number is cut into one that is not known any more
    for _ in range(_PASSES):
        masked = mask(repaired(text))
        found += masked.found
        if masked.text == text:
            break
        text = masked.text
    return text, found


def _once(text: str) -> str:
    text = ftfy.fix_text(text, _FTFY) if not text.isascii() or "&" in text or "\x1b" in text or "\r" in text else text
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub("\n", _HIDDEN.sub(" ", plain_slack(text))))
    text = "".join(c for c in _UNSEEN.sub("", text) if c in "\n\t" or c >= " ")
    text = without_letterhead(text)
    return _REPEATED.sub(r"\1\1\1", _LINES.sub("\n", _SPACES.sub(" ", text))).strip()
