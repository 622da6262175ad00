"""Bytes to clean text: encoding found out, control characters gone, line ends made one."""

import re

from charset_normalizer import from_bytes

from knowledge.errors import UnreadableSource

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decode(source: str, data: bytes) -> str:
    """Text of `data`: UTF-8 where it is valid, else what the bytes look like (GB18030, Big5, Latin-1 …).

    Raises UnreadableSource when the bytes are no text.
    """
    encodings = [encoding for bom, encoding in _BOMS if data.startswith(bom)] or ["utf-8"]
    try:
        text = data.decode(encodings[0])
    except UnicodeDecodeError:
        text = _guess(source, data)
    if text.count("\x00") > len(text) // 100:
        raise UnreadableSource(source, "it is binary, not text")
    return clean(text)


def clean(text: str) -> str:
    """`text` without control characters and lone surrogates, with `\\n` line ends."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n"))


def _guess(source: str, data: bytes) -> str:
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    if text and _looks_chinese(text):
        return text
    best = from_bytes(data[:200_000]).best()
    if best is None:
        raise UnreadableSource(source, "its character encoding is unknown; save it as UTF-8")
    return data.decode(best.encoding, errors="replace")


def _looks_chinese(text: str) -> bool:
    """Whether nearly all characters outside ASCII are Chinese: random bytes decode as GB18030 into rare ones."""
    foreign = [character for character in text if character > "\x7f"]
    common = sum(
        "\u4e00" <= character <= "\u9fff" or character in "，。！？；：（）《》“”‘’、…—￥" for character in foreign
    )
    return bool(foreign) and common > 0.9 * len(foreign) and any(character in text for character in "的是了在有，。")
