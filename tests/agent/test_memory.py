"""What a server has loaded is not looked through by the collector of garbage again, and its threads share a heap."""

import gc
import subprocess
import sys

import pytest

from agent.memory import settle_memory


class Loaded:
    """Something that stays."""


def test_what_is_there_is_no_longer_collected_through() -> None:
    loaded = Loaded()
    assert any(one is loaded for one in gc.get_objects())
    settle_memory()
    try:
        assert not any(one is loaded for one in gc.get_objects())
    finally:
        gc.unfreeze()
    assert any(one is loaded for one in gc.get_objects())


_HEAPS = """
import ctypes, sys, threading
from agent.memory import share_one_heap

if sys.argv[1:] == ["shared"]:
    share_one_heap()
libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
meet = threading.Barrier(4)
def work():
    libc.malloc(1000)
    meet.wait()
threads = [threading.Thread(target=work) for _ in range(4)]
[one.start() for one in threads]
[one.join() for one in threads]
told = libc.fopen(b"/dev/stdout", b"w")
libc.malloc_info(0, ctypes.c_void_p(told))
libc.fflush(ctypes.c_void_p(told))
"""


@pytest.mark.skipif(not hasattr(__import__("ctypes").CDLL(None), "malloc_info"), reason="needs glibc")
def test_threads_of_a_server_share_a_heap() -> None:
    def heaps(*arguments: str) -> int:
        done = subprocess.run([sys.executable, "-c", _HEAPS, *arguments], capture_output=True, text=True, check=True)
        return done.stdout.count("<heap nr=")

    assert heaps() > heaps("shared") == 1


_HOLES = """
import asyncio, ctypes
from pathlib import Path
from agent import memory

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4 // 1024

async def main():
    memory.share_one_heap()
    memory._LOOK_S, memory._WORK_S = 0.01, 0.0
    pieces = [b"x" * (100_000 + n) for n in range(400)]
    full = resident()
    del pieces[:-1]
    async with memory.giving_back():
        for _ in range(300):
            if resident() < full - 20:
                break
            await asyncio.sleep(0.01)
    print(full - resident(), len(pieces))

asyncio.run(main())
"""


@pytest.mark.skipif(not hasattr(__import__("ctypes").CDLL(None), "malloc_info"), reason="needs glibc")
def test_what_turns_leave_free_goes_back_to_the_system() -> None:
    done = subprocess.run([sys.executable, "-c", _HOLES], capture_output=True, text=True, check=True)
    assert int(done.stdout.split()[0]) >= 20
