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
        for whole in (False, True) if enterprise else (False,):
            found = await self._store.async_find_installation(
                enterprise_id=enterprise, team_id=team, user_id=user, is_enterprise_install=whole
            )
            if found is not None and found.user_id == user and found.user_token:
                return await self._holding(found)
        return None

    async def forget(self, enterprise: str | None, team: str, user: str) -> None:
        """They have taken it back: nothing of it is kept."""
        for at in {team, ""} if enterprise else {team}:
            await self._store.async_delete_installation(enterprise_id=enterprise, team_id=at, user_id=user)

    async def _holding(self, grant: Installation) -> str | None:
        expires = grant.user_token_expires_at
        if not expires or expires > time.time() + _BEFORE_MIN * 60:
            return grant.user_token
        team = None if grant.is_enterprise_install else grant.team_id
        if await self._store.claim_rotation(grant.enterprise_id, team, grant.user_id):
            try:
                renewed = await self._rotator.perform_user_token_rotation(
                    installation=grant, minutes_before_expiration=_BEFORE_MIN
                )
            except SlackTokenRotationError as error:
                _LOG.warning("Slack did not renew somebody's token: %s", error.api_error)
            else:
                if renewed is not None:
                    await self._store.async_save(renewed)
                    return renewed.user_token
        return grant.user_token if expires > time.time() else None
