"""The memory of a process that serves."""

import asyncio
import ctypes
import gc
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

_MOST_HEAPS, _LARGE, _KEPT_FREE = -8, -3, -1  # M_ARENA_MAX, M_MMAP_THRESHOLD and M_TRIM_THRESHOLD of malloc.h
_LARGE_BYTES, _KEPT_FREE_BYTES = 1 << 20, 4 << 20
_LOOK_S = 2.0
_WORK_S = 0.5  # of processor time, after which it is worth a few milliseconds to look for what is free


def share_one_heap() -> None:
    """To be called once, before a server opens anything.

    glibc gives each thread a heap of its own, and keeps what was freed in it for that thread: of a dozen threads that take
    turns, each keeps what its largest turn took, a third of a megabyte for each of the first hundred conversations.
    """
    if (libc := _glibc()) is not None:
        libc.mallopt(_MOST_HEAPS, 1)
        libc.mallopt(_LARGE, _LARGE_BYTES)
        libc.mallopt(_KEPT_FREE, _KEPT_FREE_BYTES)


def settle_memory() -> None:
    """To be called once, when a server is ready.

    What is there now stays, and is not looked through again: models, indexes and modules are more than a million objects,
    and Python's full collections go through all of them, at any moment, while everything else stands still: for a third of
    a second on a slow core, in which nothing is acknowledged. What loading took beyond that goes back to the system: glibc
    keeps some 100 MB for times to come.
    """
    gc.collect()
    gc.freeze()
    give_back()


def give_back() -> None:
    """What was freed goes back to the system: to be called after a model was loaded, which takes twice what it needs."""
    if (libc := _glibc()) is not None:
        libc.malloc_trim(0)


@asynccontextmanager
async def giving_back() -> AsyncIterator[None]:
    """What turns leave free goes back to the system within seconds, as long as the block lasts.

    glibc gives back by itself only what is free at the end of its heap, and there stands what stays of the last turn: a
    hundred turns left 10 to 15 MB of holes.
    """
    if (libc := _glibc()) is None:
        yield
        return
    giving = asyncio.create_task(_give_back(libc))
    try:
        yield
    finally:
        giving.cancel()
        await asyncio.gather(giving, return_exceptions=True)


async def _give_back(libc: Any) -> None:
    given = time.process_time()
    while True:
        await asyncio.sleep(_LOOK_S)
        if time.process_time() - given > _WORK_S:
            await asyncio.to_thread(libc.malloc_trim, 0)
            given = time.process_time()


def _glibc() -> Any:
    """The C library, where it is glibc; None elsewhere."""
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    return libc if libc is not None and hasattr(libc, "malloc_trim") else None
