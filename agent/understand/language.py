"""Tells English from Chinese, mixed text included."""

import re
from collections.abc import Sequence

from agent.types import Language, Utterance

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+|https?://\S+", re.ASCII)
_CODE = re.compile(r"\S*\d\S*")
_LETTER = re.compile(r"[^\W\d_]")
_CHINESE_MARK = re.compile("[，。！？；：、（）《》]")
_SHORT = 2  # words: "ok", "LO-10482" say nothing about the language


class ScriptLanguages:
    """Decides by script: a Chinese sentence may hold English names, an English one rarely holds Chinese ones.

    first: the company's language, for who has said no word yet.
    """

    def __init__(self, first: Language = "en") -> None:
        self._first: Language = first

    def detect(self, text: str, history: Sequence[Utterance], page: Language | None = None) -> Language:
        """Language of the text; a text that gives no sign takes that of the customer's last one that did.

        page: the language in which the customer is shown the company; for a text without words, before which no word was said.
        """
        said = [text, *(u.content for u in reversed(history) if u.role == "user")]
        for utterance in said:
            language = _by_script(utterance)
            if language:
                return language
        if not wordless(text):
            return "en"
        return page or self._first


def wordless(text: str) -> bool:
    """Whether a text has no sign of a language: no word, but for numbers ("LO-10482") and addresses, and no Chinese mark."""
    return not (_CHINESE_MARK.search(text) or _LETTER.search(_CODE.sub(" ", without_addresses(text))))


def without_addresses(text: str) -> str:
    """The text without e-mail and web addresses: whatever words they hold, nobody says them."""
    return _ADDRESS.sub(" ", text)


def _by_script(text: str) -> Language | None:
    text = without_addresses(text)
    han, words = len(_HAN.findall(text)), len(_LATIN_WORD.findall(text))
    if han and han >= words / 2:
        return "zh"
    if words > _SHORT:
        return "en"
    return "zh" if not words and _CHINESE_MARK.search(text) else None
