"""The tokens of people who let Parley read in Slack as them: each for its owner alone, renewed before it runs out."""

import logging
import time

from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from connectors.slack.install.installations import SqlInstallationStore

_LOG = logging.getLogger(__name__)
_BEFORE_MIN = 120  # tokens live twelve hours


class InstalledUserTokens:
    """Implements `connectors.slack.accounts.UserTokens` over what people granted on the page for it."""

    def __init__(
        self, store: SqlInstallationStore, *, client_id: str, client_secret: str, client: AsyncWebClient
    ) -> None:
        self._store = store
        self._rotator = AsyncTokenRotator(client_id=client_id, client_secret=client_secret, client=client)

    async def token(self, enterprise: str | None, team: str, user: str) -> str | None:
        """Of this person, whom the encrypted grant names itself: a row that was moved to another's name opens nothing."""
        grant = await self._find(enterprise, team, user) if user else None
        if grant is not None and _runs_out(grant):
            grant = await self._renewed(grant)
        return grant.user_token if grant is not None and _holds(grant) else None

    async def forget(self, enterprise: str | None, team: str, user: str) -> None:
        """They have taken it back: nothing of it is kept."""
        for at in {team, ""} if enterprise else {team}:
            await self._store.async_delete_installation(enterprise_id=enterprise, team_id=at, user_id=user)

    async def _find(self, enterprise: str | None, team: str | None, user: str) -> Installation | None:
        for whole in (False, True) if enterprise else (False,):
            found = await self._store.async_find_installation(
                enterprise_id=enterprise, team_id=team, user_id=user, is_enterprise_install=whole
            )
            if found is not None and found.user_id == user and found.user_token:
                return found
        return None

    async def _renewed(self, grant: Installation) -> Installation:
        """With the next token; with this one where another process is at it, or Slack renews it not."""
        team = None if grant.is_enterprise_install else grant.team_id
        if not await self._store.claim_rotation(grant.enterprise_id, team, grant.user_id):
            return grant
        # Read again: another process may have renewed it between the look and the claim.
        grant = await self._find(grant.enterprise_id, grant.team_id, grant.user_id) or grant
        try:
            renewed = await self._rotator.perform_user_token_rotation(
                installation=grant, minutes_before_expiration=_BEFORE_MIN
            )
        except SlackTokenRotationError as error:
            _LOG.warning("Slack did not renew somebody's token: %s", error.api_error)
            return grant
        await self._store.save_user(renewed or grant)  # which ends the claim
        return renewed or grant


def _runs_out(grant: Installation) -> bool:
    return bool(grant.user_token_expires_at and grant.user_token_expires_at < time.time() + _BEFORE_MIN * 60)


def _holds(grant: Installation) -> bool:
    return not grant.user_token_expires_at or grant.user_token_expires_at > time.time()
