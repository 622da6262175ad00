"""Runs `parley` as a process of its own, as its users do."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from typer.testing import CliRunner

from agent.cli.main import build_app
from agent.errors import ParleyError

PARLEY = str(Path(sys.executable).with_name("parley"))
_READY = re.compile(r"http://127\.0\.0\.1:\d+")


@dataclass(frozen=True)
class Finished:
    status: int
    out: str
    err: str


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The environment of a child: ours without Parley's settings, then `settings`.

    Unless told otherwise, a child trains no sentiment models, which takes half a minute.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    kept["PARLEY_UNDERSTANDING__SENTIMENT"] = "words"
    return {**kept, "PYTHONUNBUFFERED": "1", **settings}


def _of_home(home: Path, settings: Mapping[str, str]) -> dict[str, str]:
    return environment({"PARLEY_HOME": str(home), **{f"PARLEY_{name}": value for name, value in settings.items()}})


async def parley(home: Path, *arguments: str, **settings: str) -> Finished:
    """A command run to its end. settings: environment variables without PARLEY_, such as MODEL__BASE_URL."""
    process = await asyncio.create_subprocess_exec(
        PARLEY,
        *arguments,
        env=_of_home(home, settings),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return Finished(process.returncode, out.decode(), err.decode())


def in_process(*arguments: str, status: int = 0) -> str:
    """What a command prints, run within the test; the home is PARLEY_HOME's. Raises the ParleyError that it ends with."""
    result = CliRunner().invoke(build_app(), list(arguments), catch_exceptions=True)
    if isinstance(result.exception, ParleyError):
        raise result.exception
    assert result.exit_code == status, result.output
    return result.stdout


@asynccontextmanager
async def serving(home: Path, **settings: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of `parley serve` over a home, on a free port."""
    process = await asyncio.create_subprocess_exec(
        PARLEY, "serve", "--port", "0", env=_of_home(home, settings), stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr is not None
    try:
        said = ""
        while not (ready := _READY.search(said)):
            line = (await process.stderr.readline()).decode()
            assert line, f"parley serve ended: {said}"
            said += line
        draining = asyncio.create_task(process.stderr.read())
        async with httpx.AsyncClient(base_url=ready.group(), timeout=60, trust_env=False) as client:
            yield client
        process.terminate()
        await draining
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
