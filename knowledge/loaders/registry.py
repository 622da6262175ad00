"""Reads any file: told by its ending, parsed in a worker process, all within limits."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from knowledge.errors import UnreadableSource
from knowledge.loaders.disguise import check_kind
from knowledge.loaders.formats import ARCHIVE, LOADERS, unknown
from knowledge.loaders.isolation import WORKERS, Workers
from knowledge.loaders.limits import MAX_FILE_BYTES, PDF_SECONDS, SECONDS
from knowledge.loaders.reading import Loaded
from knowledge.loaders.wire import Found, Job, Member
from knowledge.release import Release, released
from knowledge.types import Document


def read_bytes(path: Path) -> bytes:
    """The file's bytes. Raises UnreadableSource when it cannot be read, is empty or too large."""
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise UnreadableSource(str(path), f"{size >> 20} MiB is more than {MAX_FILE_BYTES >> 20} MiB; split it")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableSource(str(path), error.strerror or str(error)) from error
    if not data.strip():
        raise UnreadableSource(str(path), "it is empty")
    return data


def load(source_id: str, suffix: str, data: bytes, release: Release | None = None) -> Loaded:
    """Documents of one source, in order, with an UnreadableSource in place of each broken record or file of a zip.

    release: what is said of all of them. Raises UnreadableSource when the whole source is broken or its kind is unknown.
    """
    failure: UnreadableSource | None = None
    for found in Reading(WORKERS).read(source_id, suffix.lower(), data):
        if isinstance(found, Document):
            language = found.language or language_of(f"{found.title}\n{found.content}")
            yield released(replace(found, language=language), release or Release())
        elif found.source == source_id:
            failure = found
        else:
            yield found
    if failure:
        raise failure


class Reading:
    """How files are read: by which workers, and for how long each.

    seconds: None for the usual limits.
    """

    def __init__(self, workers: Workers, seconds: float | None = None) -> None:
        self._workers = workers
        self._seconds = seconds

    def read(self, source_id: str, suffix: str, data: bytes) -> Loaded:
        """What a source holds; an UnreadableSource under its own name comes last and is about all of it."""
        if suffix not in LOADERS and suffix != ARCHIVE:
            yield UnreadableSource(source_id, unknown(suffix))
            return
        if len(data) > MAX_FILE_BYTES:
            yield UnreadableSource(source_id, f"it is larger than {MAX_FILE_BYTES >> 20} MiB; split it")
            return
        try:
            check_kind(source_id, suffix, data)
        except UnreadableSource as error:
            yield error
            return
        if suffix == ARCHIVE:
            yield from self._read_archive(source_id, data)
            return
        for found in self._parse(source_id, suffix, data):
            if not isinstance(found, Member):
                yield found

    def _read_archive(self, source_id: str, data: bytes) -> Loaded:
        """Unpacks a zip in a worker, then reads its files one by one, each within its own limits."""
        with TemporaryDirectory(prefix="parley-zip-") as folder:
            # All of it, before any: a bomb shows only while it is unpacked, and nothing of one goes in.
            unpacked = list(self._parse(source_id, ARCHIVE, data, folder))
            for found in unpacked:
                if isinstance(found, UnreadableSource):
                    yield found
                elif isinstance(found, Member):
                    file = Path(folder) / Path(found.file).name
                    yield from self.read(f"{source_id}/{found.name}", _suffix(found.name), file.read_bytes())
                    file.unlink()

    def _parse(self, source_id: str, suffix: str, data: bytes, folder: str = "") -> Iterator[Found]:
        seconds = self._seconds or (PDF_SECONDS if suffix == ".pdf" else SECONDS)
        return self._workers.read(Job(source_id=source_id, suffix=suffix, seconds=seconds, folder=folder), data)


_CHINESE, _LATIN = re.compile("[\u3400-\u9fff]+"), re.compile("[A-Za-z]+")


def language_of(text: str) -> str:
    """`zh` where Chinese characters carry at least as much as the Latin words around them, else `en`."""
    sample = text[:4000]
    if sample.isascii():
        return "en"
    chinese = sum(map(len, _CHINESE.findall(sample)))
    return "zh" if chinese and chinese * 4 >= sum(map(len, _LATIN.findall(sample))) else "en"


def _suffix(name: str) -> str:
    return Path(name).suffix.lower()
