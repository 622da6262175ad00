"""Threads that encoders read in, one a core: texts are spread over them, and each is computed by one."""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache


@cache
def readers() -> ThreadPoolExecutor:
    """Those of this process, whichever encoder reads; what runs in them must not wait for others of them."""
    return ThreadPoolExecutor(_cores(), "reader")


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
