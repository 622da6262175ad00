"""langchain's chat model over a server, for agents that drive tools with it."""

import openai
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from agent.generate.endpoint import ChatEndpoint


class ToolChat:
    """A model that calls tools. Close it with `aclose`.

    endpoint: where it is; its name is asked for there.
    """

    def __init__(self, endpoint: ChatEndpoint) -> None:
        self.endpoint = endpoint
        settings = endpoint.settings
        timeout = openai.Timeout(settings.total_timeout_s, connect=settings.connect_timeout_s)
        # langchain's own connections are shared by the whole process, event loops included, and never closed.
        self._http = openai.DefaultAsyncHttpxClient(timeout=timeout, trust_env=not settings.on_this_machine)
        self._chat = ChatOpenAI(
            model=settings.name or "unnamed",
            base_url=settings.base_url,
            # The client refuses to start without a key; servers that want none ignore it.
            api_key=SecretStr(settings.api_key.get_secret_value() or "none"),
            http_async_client=self._http,
            openai_proxy="",
            timeout=timeout,
            max_retries=0,
            max_completion_tokens=settings.max_tokens,
            temperature=0.0,
            use_responses_api=False,
        )

    async def model(self) -> ChatOpenAI:
        """The chat model. Raises ModelUnavailable where it has no name."""
        return self._chat.model_copy(update={"model_name": await self.endpoint.name()})

    async def aclose(self) -> None:
        """Closes the connections to the server."""
        await self._http.aclose()
