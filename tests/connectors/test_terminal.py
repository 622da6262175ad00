"""`parley chat` on a real terminal."""

import os
import pty
import select
import signal
import time
from pathlib import Path

import pytest

from tests.support.commands import PARLEY, environment, in_process


@pytest.fixture
def home(tmp_path: Path) -> Path:
    in_process("init", str(tmp_path / "home"), "--empty")
    return tmp_path / "home"


def test_ctrl_c_ends_a_chat_that_waits_for_a_line(home: Path) -> None:
    child, terminal = pty.fork()
    if child == 0:
        os.execve(PARLEY, [PARLEY, "--home", str(home), "chat"], environment({}))
    try:
        told = b""
        while b">" not in told:
            assert select.select([terminal], [], [], 60)[0], told
            told += os.read(terminal, 4096)
        os.write(terminal, b"\x03")
        until = time.monotonic() + 30
        ended, status = 0, 0
        while not ended and time.monotonic() < until:
            ended, status = os.waitpid(child, os.WNOHANG)
            time.sleep(0.05)
        assert (ended, os.waitstatus_to_exitcode(status)) == (child, 0)
        child = 0
    finally:
        if child:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        os.close(terminal)
