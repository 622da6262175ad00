"""The memory of this process, once what it needs is loaded."""

import ctypes
import gc
import sys


def settle_memory() -> None:
    """To be called once, when a server is ready.

    What is there now stays, and is not looked through again: models, indexes and modules are more than a million objects,
    and Python's full collections go through all of them, at any moment, while everything else stands still: for a third of
    a second on a slow core, in which nothing is acknowledged.
    """
    gc.collect()
    gc.freeze()
    _give_back()


def _give_back() -> None:
    """Gives back to the system what was freed: glibc keeps what loading models took, some 100 MB, for times to come."""
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)) is not None:
        trim(0)
