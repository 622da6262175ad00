"""What goes between Parley and its parsing worker: frames of JSON or bytes, each after its length.

JSON and not pickle: what comes from a process that has read hostile files is data and cannot become code.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import IO, Any

from knowledge.errors import UnreadableSource
from knowledge.types import Document

_LENGTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file unpacked from a zip: its name within, and the name of the file that now holds it."""

    name: str
    file: str


Found = Document | UnreadableSource | Member


def send(stream: IO[bytes], payload: bytes) -> None:
    """Writes one frame."""
    stream.write(len(payload).to_bytes(_LENGTH, "big"))
    stream.write(payload)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes:
    """The next frame. Raises EOFError where the other side is gone."""
    return _exactly(stream, int.from_bytes(_exactly(stream, _LENGTH), "big"))


def pack(found: Sequence[Found]) -> bytes:
    """The frame of some results."""
    return json.dumps([_plain(one) for one in found]).encode()


def unpack(frame: bytes) -> list[Found]:
    """The results in a frame."""
    return [_found(one) for one in json.loads(frame)]


def _exactly(stream: IO[bytes], count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise EOFError
    return data


def _plain(found: Found) -> dict[str, Any]:
    if isinstance(found, UnreadableSource):
        return {"source": found.source, "reason": found.reason}
    if isinstance(found, Member):
        return {"name": found.name, "file": found.file}
    return {
        "source_id": found.source_id,
        "title": found.title,
        "content": found.content,
        "url": found.url,
        "language": found.language,
        "metadata": dict(found.metadata),
        "pages": found.pages,
        "row": found.row,
    }


def _found(plain: Mapping[str, Any]) -> Found:
    if "reason" in plain:
        return UnreadableSource(plain["source"], plain["reason"])
    if "file" in plain:
        return Member(**plain)
    pages = tuple((offset, page) for offset, page in plain["pages"])
    return Document(**{**plain, "pages": pages})


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One file to read, its bytes in the frame that follows; `folder` is where to unpack it, empty to read it."""

    source_id: str
    suffix: str
    seconds: float
    folder: str = ""


def pack_job(job: Job) -> bytes:
    """The frame of a job."""
    return json.dumps(asdict(job)).encode()


def unpack_job(frame: bytes) -> Job:
    """The job in a frame."""
    return Job(**json.loads(frame))
