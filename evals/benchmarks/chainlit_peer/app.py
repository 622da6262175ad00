"""A Chainlit app that streams words: the model's, as it is asked; an agent's (AGENT=create_agent), or Parley's (AGENT=parley).

The second is langchain's `create_agent` whose middleware puts what is found into the prompt, over the home's own search:
the same as in `agent_overhead`; the third the agent that Parley's own server serves. LIBRARIES names the folder of Parley's
dependencies, which are looked at last.
"""

import os
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import chainlit as cl
from openai import AsyncOpenAI

_MODEL = os.environ["MODEL_URL"]
_AGENT = os.environ.get("AGENT", "")
_client = AsyncOpenAI(base_url=_MODEL, api_key="none")
_opened: dict[str, Any] = {}
_stack = AsyncExitStack()


@cl.on_app_startup  # type: ignore[untyped-decorator, unused-ignore]
async def start() -> None:
    """Opens the agent, once."""
    if not _AGENT:
        return
    sys.path.append(os.environ["LIBRARIES"])
    home = Path(os.environ["HOME_OF_PARLEY"])
    if _AGENT == "parley":
        from agent.build import open_conversations
        from agent.settings import load_settings

        _opened["agent"] = await _stack.enter_async_context(open_conversations(load_settings(home)))
    else:
        from evals.benchmarks.agent_overhead import prompt_agent

        _opened["agent"] = await _stack.enter_async_context(prompt_agent(home, _MODEL))


@cl.on_message  # type: ignore[untyped-decorator, unused-ignore]
async def on_message(message: Any) -> None:
    """A turn."""
    reply = cl.Message(content="")
    said = {"": _of_model, "create_agent": _of_create_agent, "parley": _of_parley}[_AGENT]
    async for words in said(message.content):
        await reply.stream_token(words)
    await reply.update()


async def _of_model(question: str) -> AsyncIterator[str]:
    messages: Any = [{"role": "user", "content": question}]
    async for chunk in await _client.chat.completions.create(model="paced", stream=True, messages=messages):
        if chunk.choices and (token := chunk.choices[0].delta.content):
            yield token


async def _of_create_agent(question: str) -> AsyncIterator[str]:
    asked = {"messages": [{"role": "user", "content": question}]}
    async for part, _ in _opened["agent"].astream(asked, stream_mode="messages"):
        if part.content:
            yield part.content


async def _of_parley(question: str) -> AsyncIterator[str]:
    from agent.types import EventType, InboundMessage

    conversations = _opened["agent"]
    if (conversation_id := cl.user_session.get("conversation")) is None:
        conversation_id, _ = await conversations.create("web", None)
        cl.user_session.set("conversation", conversation_id)
    message = InboundMessage(
        conversation_id=conversation_id, channel="web", channel_message_id=uuid.uuid4().hex, text=question
    )
    received = await conversations.receive(message)
    async for event in conversations.events.follow(conversation_id, received.n):
        if event.type is EventType.REPLY_DELTA and event.data.get("text"):
            yield str(event.data["text"])
        elif event.type in (EventType.REPLY_COMPLETED, EventType.TURN_FAILED):
            break
