"""A Chainlit app that streams a model's words: as it is asked, or (RAG=1) with passages of a home before the question.

The second is langchain's `create_agent` whose middleware puts what is found into the prompt, over the home's own search:
the same as in `agent_overhead`. LIBRARIES names the folder of Parley's dependencies, which are looked at last.
"""

import os
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import chainlit as cl
from openai import AsyncOpenAI

_MODEL = os.environ["MODEL_URL"]
_RAG = os.environ.get("RAG") == "1"
_client = AsyncOpenAI(base_url=_MODEL, api_key="none")
_opened: dict[str, Any] = {}
_stack = AsyncExitStack()


@cl.on_app_startup  # type: ignore[untyped-decorator, unused-ignore]
async def start() -> None:
    """Opens the agent, once."""
    if _RAG:
        sys.path.append(os.environ["LIBRARIES"])
        from evals.benchmarks.agent_overhead import prompt_agent

        _opened["agent"] = await _stack.enter_async_context(prompt_agent(Path(os.environ["HOME_OF_PARLEY"]), _MODEL))


@cl.on_message  # type: ignore[untyped-decorator, unused-ignore]
async def on_message(message: Any) -> None:
    """A turn."""
    reply = cl.Message(content="")
    if _RAG:
        asked = {"messages": [{"role": "user", "content": message.content}]}
        async for part, _ in _opened["agent"].astream(asked, stream_mode="messages"):
            if part.content:
                await reply.stream_token(part.content)
    else:
        messages: Any = [{"role": "user", "content": message.content}]
        async for chunk in await _client.chat.completions.create(model="paced", stream=True, messages=messages):
            if chunk.choices and (token := chunk.choices[0].delta.content):
                await reply.stream_token(token)
    await reply.update()
