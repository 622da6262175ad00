"""Clients of Slack's Web API, one a workspace, that obey its limits; and who the people there are."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from agent.types import Language
from connectors.slack.blocks.prompts import Role, role_of

_LOG = logging.getLogger(__name__)
_TIMEOUT_S = 30.0
_COURTESY_S = 2.0  # what is merely nice may take so long
_WHISPER_S = 10.0  # who reads it has to know, such as that what they wrote was not sent
_PEOPLE = 5_000

GONE = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_revoked", "team_access_not_granted"})
"""Errors that say that a workspace has taken the app away."""
TRANSPORT = (aiohttp.ClientError, TimeoutError, OSError)


class Tokens(Protocol):
    """Bot tokens of the workspaces that have installed the app."""

    async def token(self, enterprise: str | None, team: str) -> str | None:
        """The token that holds now; None where the app is not installed."""
        ...

    async def forget(self, enterprise: str | None, team: str) -> None:
        """The workspace has taken the app away."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """A workspace as the app sees it. sure: repeats only what Slack has certainly not done; client: repeats all."""

    team: str
    enterprise: str | None
    bot_user: str
    bot_id: str
    token: str
    client: AsyncWebClient
    sure: AsyncWebClient


class Workspaces:
    """The workspaces, and their clients over one pool of connections."""

    def __init__(self, tokens: Tokens, api_url: str, session: aiohttp.ClientSession) -> None:
        self._tokens = tokens
        self._api_url = api_url
        self._session = session
        self._known: dict[tuple[str | None, str], Workspace] = {}

    async def of(self, enterprise: str | None, team: str) -> Workspace | None:
        """A workspace; None where the app is not installed."""
        token = await self._tokens.token(enterprise, team)
        if token is None:
            self._known.pop((enterprise, team), None)
            return None
        known = self._known.get((enterprise, team))
        if known is None or known.token != token:
            known = await self._look(enterprise, team, token)
            self._known[(enterprise, team)] = known
        return known

    async def _look(self, enterprise: str | None, team: str, token: str) -> Workspace:
        sure = self.client(token, [AsyncRateLimitErrorRetryHandler(max_retry_count=3)])
        client = self.client(
            token,
            [
                AsyncRateLimitErrorRetryHandler(max_retry_count=3),
                AsyncServerErrorRetryHandler(max_retry_count=3),
                AsyncConnectionErrorRetryHandler(max_retry_count=3),
            ],
        )
        about = await client.auth_test()
        return Workspace(
            team=team,
            enterprise=enterprise,
            bot_user=str(about["user_id"]),
            bot_id=str(about["bot_id"]),
            token=token,
            client=client,
            sure=sure,
        )

    def client(self, token: str | None, handlers: list[AsyncRetryHandler]) -> AsyncWebClient:
        """A client over the shared connections."""
        return AsyncWebClient(token, base_url=self._api_url, session=self._session, retry_handlers=handlers)

    async def forget(self, enterprise: str | None, team: str) -> None:
        """The workspace has taken the app away."""
        self._known.pop((enterprise, team), None)
        await self._tokens.forget(enterprise, team)


class OneWorkspace:
    """Implements `Tokens` for the one workspace whose token stands in the settings."""

    def __init__(self, token: str, api_url: str, session: aiohttp.ClientSession) -> None:
        self._token = token
        self._client = AsyncWebClient(token, base_url=api_url, session=session)
        self._about: tuple[str, str | None] | None = None
        self._gone = False
        self._asking = asyncio.Lock()

    async def token(self, enterprise: str | None, team: str) -> str | None:
        """The token, for its own workspace alone."""
        async with self._asking:
            if self._about is None:
                about = await self._client.auth_test()
                self._about = str(about["team_id"]), about.get("enterprise_id")
        return self._token if not self._gone and team in self._about else None

    async def forget(self, enterprise: str | None, team: str) -> None:
        """Nothing is told any more until the process is started with another token."""
        self._gone = True


async def courtesy(call: Callable[[], Awaitable[object]], *, patience_s: float = _COURTESY_S) -> None:
    """Something that is merely nice: it may fail, and nobody waits for it long."""
    try:
        async with asyncio.timeout(patience_s):
            await call()
    except (SlackClientError, *TRANSPORT) as error:
        _LOG.info("Slack did not take a courtesy: %s", error_name(error) or type(error).__name__)


async def whisper(workspace: Workspace, user: str, text: str, *, channel: str, thread: str | None) -> None:
    """A word to one person alone, in a thread or a channel."""
    await courtesy(
        lambda: workspace.sure.chat_postEphemeral(channel=channel, user=user, thread_ts=thread, text=text),
        patience_s=_WHISPER_S,
    )


def error_name(error: BaseException) -> str:
    """Slack's name of an error; "" where it is none of Slack's."""
    if not isinstance(error, SlackApiError):
        return ""
    body = error.response.data if hasattr(error.response, "data") else error.response
    return str(body.get("error", "")) if isinstance(body, dict) else ""


def is_unsure(error: BaseException) -> bool:
    """Whether Slack may have done what it did not confirm."""
    if isinstance(error, TRANSPORT):
        return True
    if not isinstance(error, SlackApiError):
        return False
    status = getattr(error.response, "status_code", 200)
    unsure = {"internal_error", "fatal_error", "request_timeout", "service_unavailable"}
    return status >= 500 or error_name(error) in unsure or not error_name(error)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone in a workspace."""

    name: str
    language: Language | None
    role: Role = "member"


class People:
    """Who people are, asked once each."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], Person] = OrderedDict()

    async def who(self, workspace: Workspace, user: str) -> Person:
        """Name and language; without a name where Slack does not say, which is asked again the next time."""
        key = (workspace.team, user)
        if (known := self._known.get(key)) is not None:
            return known
        person = await self._ask(workspace, user)
        if person is None:
            return Person(name="", language=None)
        self._known[key] = person
        if len(self._known) > _PEOPLE:
            self._known.popitem(last=False)
        return person

    async def _ask(self, workspace: Workspace, user: str) -> Person | None:
        try:
            async with asyncio.timeout(_COURTESY_S):
                about = (await workspace.sure.users_info(user=user, include_locale=True))["user"]
        except (SlackClientError, *TRANSPORT) as error:
            _LOG.info("Slack does not say who %s is: %s", user, error_name(error) or type(error).__name__)
            return None
        locale = str(about.get("locale") or "")
        language: Language | None = "zh" if locale.startswith("zh") else "en" if locale else None
        name = str(
            (about.get("profile") or {}).get("display_name") or about.get("real_name") or about.get("name") or ""
        )
        return Person(name=name, language=language, role=role_of(about, workspace.team))


def new_session() -> aiohttp.ClientSession:
    """Connections for all that is told to Slack."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_TIMEOUT_S))
