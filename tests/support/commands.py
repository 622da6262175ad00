"""Runs `parley`: as a process of its own, as its users do, or within the test where the process is not what is tested."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from agent.cli.main import build_app, main
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


async def parley_here(home: Path, *arguments: str, **settings: str) -> Finished:
    """As `parley`, from its entry point to its status, but within this process: seconds less each."""
    return await asyncio.to_thread(_run_here, home, arguments, settings)  # commands run loops of their own


def _run_here(home: Path, arguments: Sequence[str], settings: Mapping[str, str]) -> Finished:
    out, err, status = StringIO(), StringIO(), 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name in [name for name in os.environ if name.startswith("PARLEY_")]:
            patch.delenv(name)
        for name, value in _of_home(home, settings).items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", [PARLEY, *arguments])
        try:
            main()
        except SystemExit as ended:
            assert ended.code is None or isinstance(ended.code, int)
            status = ended.code or 0
    return Finished(status, out.getvalue(), err.getvalue())


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
