"""An OpenAI-compatible model server on loopback that takes its time, so that a turn has a middle."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route


class SlowModel:
    """Writes the same answer to everything, a piece at a time. asked: how many answers it began."""

    def __init__(self, pieces: list[str], pause_s: float) -> None:
        self.asked = 0
        self.url = ""
        self._pieces = pieces
        self._pause_s = pause_s

    async def _models(self, _: Request) -> JSONResponse:
        return JSONResponse({"object": "list", "data": [{"id": "slow", "object": "model", "owned_by": "tests"}]})

    async def _complete(self, _: Request) -> StreamingResponse:
        self.asked += 1
        return StreamingResponse(self._chunks(), media_type="text/event-stream")

    async def _chunks(self) -> AsyncIterator[str]:
        for piece in self._pieces:
            yield _chunk({"content": piece}, None)
            await asyncio.sleep(self._pause_s)
        yield _chunk({}, "stop")
        yield "data: [DONE]\n\n"

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Serves at `url` while the block runs."""
        routes = [Route("/v1/models", self._models), Route("/v1/chat/completions", self._complete, methods=["POST"])]
        config = uvicorn.Config(Starlette(routes=routes), "127.0.0.1", 0, log_level="critical", lifespan="off")
        config.timeout_graceful_shutdown = 1
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        self.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/v1"
        try:
            yield
        finally:
            server.should_exit = True
            await task


def _chunk(delta: dict[str, str], finish: str | None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "slow"}
    return f"data: {json.dumps({**head, 'choices': [choice]})}\n\n"
