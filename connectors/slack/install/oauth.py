"""Installing the app in a workspace: the page with the button, and what Slack comes back with."""

import logging
from collections.abc import Awaitable, Callable

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackClientError
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.slack.install.installations import SqlInstallationStore
from connectors.slack.install.states import SqlStateStore
from connectors.slack.manifest import bot_scopes

_LOG = logging.getLogger(__name__)
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"

Allowed = Callable[[str | None, str | None], bool]
"""Whether an organisation (first) or a workspace (second) may have the app."""


class InstallFlow(AsyncOAuthFlow):
    """bolt's flow; a workspace that may not have the app is refused, and the token that it granted given back."""

    def __init__(self, *, client: AsyncWebClient, settings: AsyncOAuthSettings, allowed: Allowed) -> None:
        super().__init__(client=client, settings=settings, logger=_LOG)
        self._allowed = allowed

    async def store_installation(self, request: AsyncBoltRequest, installation: Installation) -> None:
        """Raises BoltError, which bolt shows as a page, where the workspace may not have the app."""
        if not self._allowed(installation.enterprise_id, installation.team_id):
            try:
                await self.client.auth_revoke(token=installation.bot_token or installation.user_token)
            except SlackClientError:
                _LOG.warning("the token of a refused workspace could not be given back")
            _LOG.warning("workspace %s was refused: not among [slack.teams]", installation.team_id)
            raise BoltError("This workspace is not among those that may install the app ([slack.teams]).")
        await super().store_installation(request, installation)


def install_flow(
    *,
    client_id: str,
    client_secret: str,
    redirect_url: str,
    store: SqlInstallationStore,
    states: SqlStateStore,
    client: AsyncWebClient,
    allowed: Allowed,
) -> InstallFlow:
    """The flow of one app. redirect_url: public address of REDIRECT_PATH; "" leaves it to the app's settings at Slack."""
    return InstallFlow(
        client=client,
        allowed=allowed,
        settings=AsyncOAuthSettings(
            client_id=client_id,
            client_secret=client_secret,
            scopes=bot_scopes(),
            user_scopes=[],
            redirect_uri=redirect_url or None,
            install_path=INSTALL_PATH,
            redirect_uri_path=REDIRECT_PATH,
            installation_store=store,
            state_store=states,
            logger=_LOG,
        ),
    )


def install_routes(flow: AsyncOAuthFlow) -> list[Route]:
    """The two pages of a flow."""

    def page(handle: Callable[[AsyncBoltRequest], Awaitable[object]]) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            return to_starlette_response(await handle(to_async_bolt_request(request, b"")))  # type: ignore[arg-type]

        return answer

    return [
        Route(flow.install_path, page(flow.handle_installation), methods=["GET"]),
        Route(flow.redirect_uri_path, page(flow.handle_callback), methods=["GET"]),
    ]
