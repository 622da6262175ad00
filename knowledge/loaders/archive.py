"""Zip files, taken apart under limits: what they say of themselves is checked first, what comes out is counted."""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path, PurePosixPath

from knowledge.errors import UnreadableSource
from knowledge.loaders.formats import ARCHIVE, KNOWN
from knowledge.loaders.limits import MAX_FILE_BYTES, MAX_MEMBERS, MAX_RATIO, MAX_UNPACKED_BYTES, RATIO_FROM_BYTES
from knowledge.loaders.wire import Found, Member

_PIECE = 2**18
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, OverflowError)
_IGNORED = re.compile(r"(^|/)(\.|__MACOSX/|Thumbs\.db$|~\$)")
_OUTSIDE = re.compile(r"^/|^[A-Za-z]:|(^|/)\.\.(/|$)")


class Archive:
    """A zip whose members together stay within the limits. Raises UnreadableSource where they do not, or it is broken."""

    def __init__(self, source_id: str, data: bytes) -> None:
        self._source_id = source_id
        self._left = MAX_UNPACKED_BYTES
        # The count in its last record, before a list of millions is made of it.
        if data.count(b"PK\x01\x02") > 2 * MAX_MEMBERS:
            raise UnreadableSource(source_id, f"it holds more than {MAX_MEMBERS:,} files; split it")
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except _BROKEN as error:
            raise UnreadableSource(source_id, "it is a broken or cut-off zip file; save it anew") from error
        self.members = self._zip.infolist()
        if len(self.members) > MAX_MEMBERS:
            raise UnreadableSource(source_id, f"it holds more than {MAX_MEMBERS:,} files; split it")
        if sum(member.file_size for member in self.members) > MAX_UNPACKED_BYTES:
            raise self._bomb()
        for member in self.members:
            if member.file_size > RATIO_FROM_BYTES and member.file_size > MAX_RATIO * max(member.compress_size, 1):
                raise self._bomb()

    def pieces(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        """The bytes of one member. Raises UnreadableSource under the member's name where it alone cannot be had."""
        where = f"{self._source_id}/{member.filename}"
        if member.flag_bits & _ENCRYPTED:
            raise UnreadableSource(where, "it is encrypted; save it without a password")
        got = 0
        try:
            with self._zip.open(member) as stream:
                while piece := stream.read(_PIECE):
                    got += len(piece)
                    self._left -= len(piece)
                    if self._left < 0 or (got > RATIO_FROM_BYTES and got > MAX_RATIO * max(member.compress_size, 1)):
                        raise self._bomb()
                    yield piece
        except (*_BROKEN, RuntimeError) as error:
            raise UnreadableSource(where, "it is broken within the zip file; pack it anew") from error

    def _bomb(self) -> UnreadableSource:
        limit = f"{MAX_UNPACKED_BYTES >> 20} MiB or {MAX_RATIO} times its size"
        return UnreadableSource(self._source_id, f"it unpacks to more than {limit} (a zip bomb?); unpack it yourself")


def unpack_members(source_id: str, data: bytes, folder: Path) -> Iterator[Found]:
    """Unpacks the files that can be read into `folder`, under numbers: no name in a zip becomes a path of ours.

    A zip in a zip is refused: one level holds what people pack, and bombs are built of more.
    """
    archive = Archive(source_id, data)
    seen: set[str] = set()
    for number, member in enumerate(archive.members):
        name = _name(member)
        if member.is_dir() or PurePosixPath(name).suffix.lower() not in KNOWN:
            continue
        if _IGNORED.search(name) and not _OUTSIDE.search(name):
            continue
        where = f"{source_id}/{name}"
        if problem := _problem(member, name) or ("its name stands twice in the zip" if name in seen else ""):
            yield UnreadableSource(where, problem)
            continue
        seen.add(name)
        try:
            size = 0
            with (folder / str(number)).open("wb") as file:
                for piece in archive.pieces(member):
                    size += file.write(piece)
        except UnreadableSource as error:
            if error.source == source_id:
                raise
            yield UnreadableSource(where, error.reason)
            continue
        yield Member(name=name, file=str(number)) if size else UnreadableSource(where, "it is empty")


def _problem(member: zipfile.ZipInfo, name: str) -> str:
    if _OUTSIDE.search(name):
        return "its name leads out of the zip; pack it anew"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "it is a link, not a file; pack the file itself"
    if PurePosixPath(name).suffix.lower() == ARCHIVE:
        return "a zip within a zip is not opened; unpack it"
    if member.file_size > MAX_FILE_BYTES:
        return f"{member.file_size >> 20} MiB is more than {MAX_FILE_BYTES >> 20} MiB; split it"
    return ""


def _name(member: zipfile.ZipInfo) -> str:
    """The member's name; Chinese Windows writes GB18030 without saying so, and zipfile then takes it for cp437."""
    name = member.filename
    if not member.flag_bits & 0x800 and not name.isascii():
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("gb18030")
    return name.replace("\\", "/").replace("\n", " ")
