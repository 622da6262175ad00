"""A chat model behind an address in OpenAI's form, for what evaluates rather than what is evaluated."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import openai
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from agent.errors import CallerError

_TIMEOUT_S = 120.0


@asynccontextmanager
async def open_chat(
    address: str, model: str, *, key: str, temperature: float, tries: int = 3
) -> AsyncIterator[ChatOpenAI]:
    """key: the environment variable that its key stands in, where it wants one. What it raises is an `openai.OpenAIError`.

    Raises CallerError for what is no address.
    """
    if not address.startswith(("http://", "https://")):
        raise CallerError(f"{address}: an address begins with http:// or https://, and ends with /v1")
    async with openai.DefaultAsyncHttpxClient(timeout=_TIMEOUT_S) as http:
        yield ChatOpenAI(
            model=model,
            base_url=address.rstrip("/"),
            api_key=SecretStr(os.environ.get(key) or "none"),  # the client refuses to start without one
            http_async_client=http,
            timeout=_TIMEOUT_S,
            max_retries=tries - 1,
            temperature=temperature,
            use_responses_api=False,
        )
