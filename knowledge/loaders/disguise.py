"""Files that are not what their ending says, told by their first bytes."""

import re
from io import BytesIO
from zipfile import is_zipfile

from knowledge.errors import UnreadableSource

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_PARTS = {".docx": b"word/", ".xlsx": b"xl/"}
_OFFICE = (
    (b"word/document.xml", "a Word document"),
    (b"xl/workbook.xml", "an Excel workbook"),
    (b"ppt/", "a PowerPoint file"),
)
_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip or Office file"),
    (_OLD_OFFICE, "an old Office file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"Rar!", "a rar archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x1f\x8b", "a gzip file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x7fELF", "a program"),
)
_HEAD = 1024
_ZIP = "a zip file"


def check_kind(source_id: str, suffix: str, data: bytes) -> None:
    """Raises UnreadableSource where a file lies about its kind, or is encrypted as a whole."""
    if suffix in {".docx", ".xlsx"}:
        _check_office(source_id, suffix, data)
    elif suffix == ".pdf":
        if b"%PDF-" not in data[:_HEAD]:
            raise UnreadableSource(source_id, _lie(".pdf", data))
    elif suffix == ".zip":
        if not data.startswith(b"PK"):
            raise UnreadableSource(source_id, _lie(".zip", data))
    elif kind := _kind(data):
        raise UnreadableSource(source_id, f"it is {kind}, not {suffix}; give it its right ending")


def _check_office(source_id: str, suffix: str, data: bytes) -> None:
    if data.startswith(_OLD_OFFICE):
        if _ENCRYPTED_PACKAGE in data:
            raise UnreadableSource(source_id, "it is encrypted; save it without a password")
        old = {".docx": ".doc", ".xlsx": ".xls"}[suffix]
        raise UnreadableSource(source_id, f"it is an old {old} file; open it and save it as {suffix}")
    if not data.startswith(b"PK"):
        raise UnreadableSource(source_id, _lie(suffix, data))
    if _PARTS[suffix] not in data:
        kind = next((name for part, name in _OFFICE if part in data), _ZIP)
        if kind == _ZIP and not is_zipfile(BytesIO(data)):
            raise UnreadableSource(source_id, f"it is a damaged {suffix} file; save it anew, or fetch it again")
        raise UnreadableSource(source_id, f"it is {kind}, not {suffix}; give it its right ending")


def _lie(suffix: str, data: bytes) -> str:
    kind = _kind(data) or ("an HTML page" if _HTML.match(data[:_HEAD]) else "")
    if kind:
        return f"it is {kind}, not {suffix}; give it its right ending"
    return f"it is no {suffix} file, or its beginning is broken; save it anew"


def _kind(data: bytes) -> str:
    return next((name for magic, name in _MAGIC if data.startswith(magic)), "")
