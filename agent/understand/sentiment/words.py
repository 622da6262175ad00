"""One expression for many words of a language."""

import re
from collections.abc import Sequence


def pattern(language: str, words: Sequence[str]) -> re.Pattern[str]:
    """One expression for all words, the longest first; English ones whole, `*` for any ending."""
    ordered = sorted(words, key=len, reverse=True)
    if language == "zh":
        return re.compile("|".join(re.escape(word) for word in ordered))
    alternatives = "|".join(re.escape(word).replace(r"\*", r"\w*").replace("'", "['’]") for word in ordered)
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)
