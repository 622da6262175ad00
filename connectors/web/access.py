"""Who may do what: a conversation's token opens it, the server's key opens what is for the company itself."""

import hmac
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.types import Scope

from agent.conversations import Conversations
from agent.errors import NotAllowed
from connectors.web.bodies import ConversationId
from connectors.web.callers import header
from connectors.web.problems import Refused
from connectors.web.rates import Rates

_TOKEN = HTTPBearer(auto_error=False, scheme_name="conversation", description="The token of the conversation.")
_KEY = HTTPBearer(auto_error=False, scheme_name="server", description="The server's key: secret.key of the home.")

Opened = Callable[..., Awaitable[str]]


class ServerKey:
    """The key of the server, also as a dependency of routes."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def opens(self, scope: Scope) -> bool:
        """Whether a request has it."""
        scheme, _, token = header(scope, b"authorization").partition(" ")
        return scheme.lower() == "bearer" and self._is(token)

    async def __call__(self, given: Annotated[HTTPAuthorizationCredentials | None, Security(_KEY)]) -> None:
        """Raises Refused (401) without it."""
        if given is None or not self._is(given.credentials):
            raise Refused(401, "Not allowed", "Give the server's key (secret.key in the home) as a bearer token.")

    def _is(self, token: str) -> bool:
        return hmac.compare_digest(token.encode("utf-8", "replace"), self._key)


def opened_by_token(conversations: Conversations) -> Opened:
    """A dependency: the id of the path's conversation, once its token is known to open it."""

    async def opened(
        conversation_id: ConversationId, given: Annotated[HTTPAuthorizationCredentials | None, Security(_TOKEN)]
    ) -> str:
        if given is None:
            raise NotAllowed("Give the conversation's token as a bearer token.")
        await conversations.authorize(conversation_id, given.credentials)
        return conversation_id

    return opened


def counted(opened: Opened, rates: Rates) -> Opened:
    """The same dependency for what is sent into a conversation: it counts against the conversation's limit."""

    async def written(conversation_id: Annotated[str, Depends(opened)]) -> str:
        rates.say(conversation_id)
        return conversation_id

    return written


def address_of(request: Request) -> str:
    """Where a request comes from, as `RateLimits` has found it."""
    return str(request.scope["address"])
