"""Tells English from Chinese, mixed text included."""

import re
from collections.abc import Sequence

from agent.types import Language, Utterance

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+|https?://\S+", re.ASCII)
_SHORT = 2  # words: "ok", "LO-10482" say nothing about the language


class ScriptLanguages:
    """Decides by script: a Chinese sentence may hold English names, an English one rarely holds Chinese ones."""

    def detect(self, text: str, history: Sequence[Utterance]) -> Language:
        """Language of the text; a text that gives no sign takes that of the customer's last one that did."""
        said = [text, *(u.content for u in reversed(history) if u.role == "user")]
        for utterance in said:
            language = _by_script(utterance)
            if language:
                return language
        return "en"


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
    return None
