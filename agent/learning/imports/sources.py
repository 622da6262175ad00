"""What is read: a file, a member of an archive or of a folder, as lines of text or as one JSON document."""

import codecs
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

import orjson

from agent.errors import CallerError

SAMPLE = 1 << 16  # bytes that are looked at to tell the form and the encoding
LARGEST_DOCUMENT = 512 << 20  # bytes of a JSON document, which is read whole; lines are read one by one without limit
LONGEST_LINE = 16 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Something to read. name: for people; stem: names its conversations; open: a fresh stream of its bytes."""

    name: str
    stem: str
    size: int
    open: Callable[[], IO[bytes]]

    def sample(self) -> bytes:
        """Its first bytes."""
        with self.open() as stream:
            return stream.read(SAMPLE)

    def head(self) -> str:
        """Its first characters, without a byte order mark."""
        sample = self.sample()
        return codecs.getincrementaldecoder(encoding_of(sample))("replace").decode(sample).lstrip("\ufeff")

    def lines(self) -> Iterator[tuple[int, str]]:
        """(number from 1, line with its end) of each line that is not empty. Raises CallerError for an endless one."""
        with self.open() as raw, io.TextIOWrapper(raw, encoding_of(self.sample()), "replace", newline="") as stream:
            number = 0
            while line := stream.readline(LONGEST_LINE):
                number += 1
                if len(line) >= LONGEST_LINE:
                    raise CallerError(
                        f"{self.name}, line {number} is longer than {LONGEST_LINE >> 20} MiB; split it up"
                    )
                yield number, line.lstrip("\ufeff") if number == 1 else line

    def document(self) -> object:
        """The whole as JSON. Raises CallerError where it is too large, or no JSON."""
        with self.open() as stream:
            body = stream.read(LARGEST_DOCUMENT + 1)
        if len(body) > LARGEST_DOCUMENT:
            limit = LARGEST_DOCUMENT >> 20
            raise CallerError(
                f"{self.name} is one JSON document over {limit} MiB; write one conversation a line (.jsonl)"
            )
        text = body.decode(encoding_of(body[:SAMPLE]), "replace").lstrip("\ufeff")
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise CallerError(f"{self.name} is no JSON ({error})") from error


def encoding_of(sample: bytes) -> str:
    """UTF-8, UTF-16 by its mark, else GB 18030 where that fits, else Windows' Western."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for encoding in ("utf-8", "gb18030"):
        try:
            codecs.getincrementaldecoder(encoding)("strict").decode(sample)
        except UnicodeDecodeError:
            continue
        return encoding
    return "cp1252"
