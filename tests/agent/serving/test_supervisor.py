"""A server that dies is started anew, one that never gets ready is given up, one that is to end may finish its work."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from agent.errors import ModelUnavailable
from agent.serving.profiles import Profile, Server, servers_of
from agent.serving.supervisor import Patience, serve

QUICK = Patience(look=0.03, first=0.05, longest=0.1, tries=2, drain=5)


@pytest.fixture
def python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Python that serves health for vLLM."""
    monkeypatch.setenv("SHAM_FOLDER", str(tmp_path))
    sham = tmp_path / "python"
    script = Path(__file__).parents[2] / "support" / "sham_vllm.py"
    sham.write_text(f'#!/bin/sh\nexec {sys.executable} -S {script} "$@"\n', "utf-8")
    sham.chmod(0o755)
    return sham


def server() -> Server:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return servers_of(Profile(model="m", cpu_cache_gb=1), port=free.getsockname()[1])[0]


def started(folder: Path) -> list[int]:
    file = folder / "started.jsonl"
    return [json.loads(line)["pid"] for line in file.read_text().splitlines()] if file.exists() else []


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(15):
        while not holds():
            await asyncio.sleep(0.02)


async def test_a_killed_server_comes_back_and_a_stopped_one_drains(python: Path, tmp_path: Path) -> None:
    told: list[str] = []
    ready: list[bool] = []
    running = asyncio.create_task(
        serve([server()], python, tmp_path, lambda _, what: told.append(what), QUICK, lambda: ready.append(True))
    )
    await until(lambda: bool(ready))
    os.kill(started(tmp_path)[0], signal.SIGKILL)
    await until(lambda: sum("ready after" in what for what in told) == 2)
    assert any("ended with status -9; starts again in 0.05 s" in what for what in told)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(running, 10)
    assert (tmp_path / "drained").exists()
    assert len(started(tmp_path)) == 2
    assert ready == [True]
    with pytest.raises(ProcessLookupError):
        os.kill(started(tmp_path)[1], 0)


async def test_a_server_that_never_gets_ready_is_given_up_with_its_last_words(python: Path, tmp_path: Path) -> None:
    (tmp_path / "broken").touch()
    told: list[str] = []
    with pytest.raises(ModelUnavailable, match="no memory for that"):
        await serve([server()], python, tmp_path, lambda _, what: told.append(what), QUICK, lambda: None)
    assert len(started(tmp_path)) == 2


async def test_one_that_does_not_end_is_ended_by_force(python: Path, tmp_path: Path) -> None:
    told: list[str] = []
    impatient = replace(QUICK, drain=0.05, force=0.05)
    one = server()
    running = asyncio.create_task(
        serve([one], python, tmp_path, lambda _, what: told.append(what), impatient, lambda: None)
    )
    await until(lambda: any("ready" in what for what in told))
    os.kill(os.getpid(), signal.SIGINT)
    await asyncio.wait_for(running, 10)
    assert not (tmp_path / "drained").exists()
