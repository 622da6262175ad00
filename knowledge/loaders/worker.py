"""The process that parses: started by `knowledge.loaders.isolation`, fed through its standard input, one file at a time.

It bounds its own memory, and a clock that no parser can stop ends it should nobody else do so.
"""

import os
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from knowledge.errors import UnreadableSource
from knowledge.loaders.formats import loader_of
from knowledge.loaders.limits import IDLE_SECONDS, MAX_DOCUMENT_CHARS
from knowledge.loaders.wire import Found, pack, receive, send, unpack_job
from knowledge.types import Document

_BATCH = 200
_BATCH_CHARS = 500_000
_GRACE = 2.0
"""The parent's clock rings first; this one is for a parent that is gone."""


def main(memory: int) -> None:
    """Serves jobs until there are no more, or none for a while."""
    # Whatever a library prints must not end up between frames.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _bound(memory)
    jobs = sys.stdin.buffer
    with suppress(EOFError, BrokenPipeError):
        while _waits(jobs):
            job = unpack_job(receive(jobs))
            data = receive(jobs)
            full = False
            try:
                _answer(answers, job.seconds, _read(job.source_id, job.suffix, data, job.folder))
            except MemoryError:
                full = True
                del data
                send(answers, pack([UnreadableSource(job.source_id, out_of_memory(memory))]))
            send(answers, b"")
            if full:  # what is left of the memory is in pieces: the next file gets a fresh process
                return


def out_of_memory(memory: int) -> str:
    """Why a file was refused that needed too much memory."""
    return f"reading it takes more than {memory >> 20} MiB of memory; split it or save it anew"


def _read(source_id: str, suffix: str, data: bytes, folder: str) -> Iterator[Found]:
    """What a file holds; whatever goes wrong in its parser is said of that file."""
    try:
        if folder:
            from knowledge.loaders.archive import unpack_members

            yield from unpack_members(source_id, data, Path(folder))
            return
        for found in loader_of(suffix)(source_id, data):
            if isinstance(found, Document) and len(found.content) > MAX_DOCUMENT_CHARS:
                yield UnreadableSource(found.source_id, f"longer than {MAX_DOCUMENT_CHARS:,} characters; split it")
            else:
                yield found
    except UnreadableSource as error:
        yield error
    except MemoryError:
        raise
    except RecursionError:
        yield UnreadableSource(source_id, "it is nested too deeply to be read")
    except Exception as error:  # noqa: BLE001 - parsers fail on broken files in every way there is
        said = str(error).strip().splitlines()
        reason = (
            f"it is broken ({type(error).__name__}{': ' + said[0][:120] if said else ''}); open it and save it anew"
        )
        yield UnreadableSource(source_id, reason)


def _answer(answers: BinaryIO, seconds: float, found: Iterator[Found]) -> None:
    """Sends what is found as it comes; the clock runs only while the parser does."""
    batch: list[Found] = []
    characters = 0
    _clock(seconds + _GRACE)
    for one in found:
        batch.append(one)
        characters += len(one.content) if isinstance(one, Document) else 0
        if len(batch) >= _BATCH or characters > _BATCH_CHARS:
            left = _clock(0)
            send(answers, pack(batch))
            _clock(max(left, 0.01))
            batch, characters = [], 0
    _clock(0)
    if batch:
        send(answers, pack(batch))


def _clock(seconds: float) -> float:
    """Sets the clock that ends this process, 0 for never; returns what was left on it."""
    if not hasattr(signal, "setitimer"):
        return seconds
    return signal.setitimer(signal.ITIMER_REAL, seconds)[0]


def _waits(jobs: BinaryIO) -> bool:
    """Whether there is another job; not after a long time without one."""
    if os.name == "nt":
        return True
    return bool(select.select([jobs], [], [], IDLE_SECONDS)[0])


def _bound(memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: the clock alone bounds it
        return
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(int(sys.argv[1]))
