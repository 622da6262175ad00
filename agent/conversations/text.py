"""Makes a customer's text fit to be stored and understood."""

import re
import unicodedata

from agent.errors import InvalidMessage

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


def clean_text(text: str, max_chars: int) -> str:
    """The text without control characters, lone surrogates and spaces around it, in normal form C.

    Raises InvalidMessage when nothing is left, or more than max_chars.
    """
    if len(text) > max_chars * 4:  # far too long is refused before any work on it
        raise InvalidMessage(f"The message is too long: at most {max_chars} characters.")
    whole = text.encode("utf-8", "ignore").decode("utf-8")
    cleaned = unicodedata.normalize("NFC", _CONTROL.sub("", whole.replace("\r\n", "\n").replace("\r", "\n"))).strip()
    if not cleaned:
        raise InvalidMessage("The message is empty.")
    if len(cleaned) > max_chars:
        raise InvalidMessage(f"The message is too long: at most {max_chars} characters.")
    return cleaned
