"""What a file is, told by its bytes: what a sender calls it proves nothing."""

from collections.abc import Sequence
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from agent.settings.web import FileType

_MOST_ENTRIES = 10_000


_MAGIC: tuple[tuple[bytes, FileType], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)


def type_of(content: bytes) -> FileType | None:
    """The type; None where it is none that can be told."""
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    return "text/plain" if _is_text(content) else None


def accepts(types: Sequence[FileType], said: str, content: bytes) -> FileType | None:
    """The type of a file that is taken; None where it is not among `types`, or not what the sender says."""
    found = type_of(content)
    return found if found in types and said.partition(";")[0].strip().lower() == found else None


def _office(content: bytes) -> FileType | None:
    """A Word or Excel file is a zip with parts of certain names; its list is read, nothing is unpacked."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = {entry.filename for entry in archive.infolist()[:_MOST_ENTRIES]}
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    if "word/document.xml" in names:
        return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    if "xl/workbook.xml" in names:
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return None


def _is_text(content: bytes) -> bool:
    """UTF-8 without control characters that no text has."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and not any(character < " " and character not in "\t\n\r\f" for character in text)
