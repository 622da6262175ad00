"""Letting Parley read in Slack as oneself: the page with the button, and what Slack comes back with."""

import logging

from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.web.async_client import AsyncWebClient

from connectors.slack.install.installations import SqlInstallationStore
from connectors.slack.install.oauth import Allowed, InstallFlow
from connectors.slack.install.states import SqlStateStore
from connectors.slack.manifest import CONNECTED_PATH, user_scopes

_LOG = logging.getLogger(__name__)
CONNECT_PATH = "/slack/connect"


class ConnectFlow(InstallFlow):
    """The flow for a person's own token, which brings no bot's."""

    async def run_installation(self, code: str) -> Installation | None:
        """What the person has granted; None where Slack does not take the code, or they granted nothing."""
        try:
            told = await self.client.oauth_v2_access(
                code=code,
                client_id=self.settings.client_id,
                client_secret=self.settings.client_secret,
                redirect_uri=self.settings.redirect_uri,
            )
        except SlackApiError as error:
            _LOG.warning("Slack did not exchange a code: %s", error.response.get("error"))
            return None
        who = told.get("authed_user") or {}
        if not who.get("id") or not who.get("access_token"):
            return None
        return Installation(
            app_id=told.get("app_id"),
            enterprise_id=(told.get("enterprise") or {}).get("id"),
            team_id=(told.get("team") or {}).get("id"),
            user_id=who["id"],
            user_token=who["access_token"],
            user_scopes=who.get("scope") or "",
            user_refresh_token=who.get("refresh_token"),
            user_token_expires_in=who.get("expires_in"),
            is_enterprise_install=bool(told.get("is_enterprise_install")),
        )


def connect_flow(
    *,
    client_id: str,
    client_secret: str,
    public_url: str,
    store: SqlInstallationStore,
    states: SqlStateStore,
    client: AsyncWebClient,
    allowed: Allowed,
) -> ConnectFlow:
    """The flow. public_url: address of the server that shows the page."""
    return ConnectFlow(
        client=client,
        allowed=allowed,
        settings=AsyncOAuthSettings(
            client_id=client_id,
            client_secret=client_secret,
            scopes=[],
            user_scopes=user_scopes(),
            redirect_uri=public_url.rstrip("/") + CONNECTED_PATH,
            install_path=CONNECT_PATH,
            redirect_uri_path=CONNECTED_PATH,
            installation_store=store,
            state_store=states,
            logger=_LOG,
        ),
    )
