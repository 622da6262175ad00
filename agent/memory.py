"""The memory of this process."""

import ctypes
import sys


def give_back() -> None:
    """Gives back to the system what was freed: glibc keeps what loading models took, some 100 MB, for times to come."""
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)) is not None:
        trim(0)
