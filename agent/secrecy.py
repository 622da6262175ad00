"""Hides keys and tokens in what is logged or shown: other systems quote them back in their errors."""

import logging
import re
from collections.abc import Callable, Collection
from functools import cache

HIDDEN = "[hidden]"
_SHORTEST = 6  # characters: what is shorter is no secret, and stands in many words
_BEHIND_NAME = re.compile(
    r"(?i)(\b(?:bearer|basic)\s+|\b[\w-]*(?:api[_-]?key|secret|passw(?:or)?d|token)[\"']?\s{0,3}[=:]\s{0,3}[\"']?)"
    r"(?!\[hidden\])([^\s\"',;&)}]{6,})"
)
_IN_ADDRESS = re.compile(r"(://[^\s/:@]{0,100}:)[^\s/@]{1,200}(?=@)")
_LIKE_KEYS = re.compile(
    r"\b(?:(?:sk|pk|rk)[-_](?=[\w*-]{0,200}[A-Z\d*])[\w*-]{8,}|xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}|gh[pousr]_\w{16,}|github_pat_\w{16,}"
    r"|glpat-[\w-]{16,}|hf_\w{16,}|AKIA[A-Z\d]{12,}|AIza[\w-]{20,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)"
)


def without_secrets(text: str, known: Collection[str] = ()) -> str:
    """The text without these secrets, and without what looks like a key."""
    for secret in sorted((one for one in known if len(one) >= _SHORTEST), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    text = _IN_ADDRESS.sub(rf"\1{HIDDEN}", text)
    text = _LIKE_KEYS.sub(HIDDEN, text)
    return _BEHIND_NAME.sub(rf"\1{HIDDEN}", text)


def hide_in_logs(known: Callable[[], Collection[str]]) -> None:
    """Has every line of every logger of this process without secrets, tracebacks too.

    known: asked once, at the first line.
    """
    told = cache(known)
    plain = logging.getLogRecordFactory()

    def hide(text: str) -> str:
        return without_secrets(text, told())

    def made(*args: object, **more: object) -> logging.LogRecord:
        record = plain(*args, **more)
        said = record.getMessage()
        if (hidden := hide(said)) != said:
            record.msg, record.args = hidden, None
        if record.exc_info:
            # A formatter takes this where it stands, and makes no other.
            record.exc_text = hide(logging.Formatter().formatException(record.exc_info))
        return record

    logging.setLogRecordFactory(made)
