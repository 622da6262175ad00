"""Folds what is one word to a reader into one text: full-width letters and digits, accents, traditional Chinese characters."""

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files

_FULL_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {0x3000: 0x20}
_HAS_FULL_WIDTH = re.compile("[\uff01-\uff5e\u3000]")
_PUNCTUATION = frozenset("，。！？；：（）、～")  # as Chinese is written
_TYPED_WIDE = {code: narrow for code, narrow in _FULL_WIDTH.items() if chr(code) not in _PUNCTUATION}
_FOREIGN = re.compile("[\u3041-\u306d\u306f-\u3096\u30a1-\u30fa\u1100-\u11ff\uac00-\ud7a3]")
"""Japanese (but for の, which people in Taiwan write for 的) and Korean, which have some of the same characters."""


_ACCENTED = re.compile("[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]")
_WHOLE = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "Æ": "AE", "Œ": "OE", "Ø": "O", "Ł": "L", "Đ": "D"}
)
"""Letters that are no letter with an accent."""


def narrowed(text: str) -> str:
    """The text with full-width forms as ASCII; others are left as they are ("™" is no "TM")."""
    return text.translate(_FULL_WIDTH) if _HAS_FULL_WIDTH.search(text) else text


def unaccented(text: str) -> str:
    """The text without the accents of Latin letters, which people leave out when they type: "crèche" is "creche"."""
    if not _ACCENTED.search(text):
        return text
    apart = unicodedata.normalize("NFD", text.translate(_WHOLE))
    return "".join(character for character in apart if not "\u0300" <= character <= "\u036f")


def folded(text: str) -> str:
    """A message as everything reads it: full-width letters and digits narrow, traditional characters simplified.

    Each character stays in its place, and the punctuation of Chinese as it is; Japanese and Korean keep their characters.
    """
    if text.isascii():
        return text
    text = text.translate(_TYPED_WIDE)
    return text if _FOREIGN.search(text) else simplified(text)


def simplified(text: str) -> str:
    """Chinese with each traditional character as its commonest simplified one; context is not looked at."""
    return text.translate(_table())


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    lines = (files("knowledge.text") / "traditional.txt").read_text("utf-8").splitlines()
    pairs = (pair for line in lines if not line.startswith("#") for pair in line.split())
    return {ord(pair[0]): pair[1] for pair in pairs}
