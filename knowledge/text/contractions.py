"""Puts back what people leave out when they type: "whats" is "what's", "u" is "you"."""

import re

_FULL = {
    short.replace("'", ""): short
    for short in (
        "what's that's where's who's how's when's there's here's he's she's "
        "i'm i've you're you've they're they've we've "
        "don't doesn't didn't isn't aren't wasn't weren't can't won't couldn't wouldn't shouldn't haven't hasn't hadn't"
    ).split()
} | {"u": "you", "ur": "your", "pls": "please", "plz": "please"}
_SHORT = re.compile(rf"(?<![\w'’.&/-])(?:{'|'.join(_FULL)})(?![\w'’.&/-]*\w)", re.IGNORECASE)


def spelled_out(text: str) -> str:
    """The text with its contractions written in full, each as a word of its own; what could be another word stays ("its").

    Words in capitals stay, too: they are names.
    """
    return _SHORT.sub(_spelled_out, text.replace("’", "'")) if text else text


def _spelled_out(match: re.Match[str]) -> str:
    word = match.group()
    if len(word) > 1 and word.isupper():
        return word
    full = _FULL[word.lower()]
    return full.capitalize() if word[0].isupper() else full
