"""What Office files (zips of XML) must satisfy before a parser sees them."""

import re
from collections.abc import Iterator

from knowledge.errors import UnreadableSource
from knowledge.loaders.archive import Archive

_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_WIDE_DTD = re.compile(rb"<\0!\0(?:D\0O\0C\0T\0Y\0P\0E|E\0N\0T\0I\0T\0Y)", re.IGNORECASE)
_OVERLAP = 32
_XML = (".xml", ".rels", ".vml")


def check_office(source_id: str, data: bytes) -> None:
    """Unpacks all once, keeping nothing. Raises UnreadableSource for a bomb of either kind, zip or XML.

    No Office program writes a document type: where one stands, entities that grow or fetch are meant to follow.
    """
    archive = Archive(source_id, data)
    for member in archive.members:
        try:
            scan = member.filename.lower().endswith(_XML)
            if any(
                [_declares(piece) for piece in _overlapping(archive.pieces(member))]
                if scan
                else _drained(archive.pieces(member))
            ):
                raise UnreadableSource(source_id, "its XML declares a document type (entities?); save it anew")
        except UnreadableSource as error:
            raise UnreadableSource(
                source_id, error.reason.replace("within the zip file; pack", "inside; save")
            ) from error


def _drained(pieces: Iterator[bytes]) -> Iterator[bool]:
    return (False for _ in pieces)


def _declares(piece: bytes) -> bool:
    return bool(_DTD.search(piece) or _WIDE_DTD.search(piece))


def _overlapping(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces, each with the end of the one before, so that no word is cut."""
    tail = b""
    for piece in pieces:
        yield tail + piece
        tail = piece[-_OVERLAP:]
