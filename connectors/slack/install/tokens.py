"""The bot token of each workspace: renewed before it runs out, by one process at a time, and forgotten when it is taken away."""

import asyncio
import logging
import time

from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth.installation_store.models.bot import Bot
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from connectors.slack.install.installations import SqlInstallationStore

_LOG = logging.getLogger(__name__)
_BEFORE_MIN = 120  # tokens live twelve hours
_WAIT_S = 0.25
_WAITS = 40
_FRESH_S = 2.0


class InstalledTokens:
    """Tokens of all installed workspaces. A workspace of an organisation that installed as a whole has the latter's."""

    def __init__(
        self, store: SqlInstallationStore, *, client_id: str, client_secret: str, client: AsyncWebClient
    ) -> None:
        self._store = store
        self._read: dict[tuple[str | None, str], tuple[float, Bot]] = {}  # so that not each event reads the store
        self._rotator = AsyncTokenRotator(client_id=client_id, client_secret=client_secret, client=client)

    async def token(self, enterprise: str | None, team: str) -> str | None:
        """The token that holds now; None where the app is not installed, or its token can't be renewed."""
        read_at, bot = self._read.get((enterprise, team), (0.0, None))
        if bot is not None and time.monotonic() < read_at + _FRESH_S:
            return bot.bot_token
        bot = await self._find(enterprise, team)
        if bot is not None and _runs_out(bot):
            bot = await self._renewed(bot)
        if bot is not None:
            self._read[enterprise, team] = time.monotonic(), bot
        return bot.bot_token if bot else None

    async def forget(self, enterprise: str | None, team: str) -> None:
        """The workspace has taken the app away, or the organisation that installed it for all of its own: its tokens go."""
        self._read.clear()
        bot = await self._find(enterprise, team)
        whole = bot is not None and bot.is_enterprise_install
        of = bot.enterprise_id if bot else enterprise
        await self._store.async_delete_all(enterprise_id=of, team_id=None if whole else team)
        _LOG.info("the Slack app is no longer installed in %s", team or enterprise)

    async def forget_user(self, enterprise: str | None, team: str, user: str) -> None:
        """A person has taken back what they granted."""
        await self._store.async_delete_installation(enterprise_id=enterprise, team_id=team, user_id=user)

    async def _find(self, enterprise: str | None, team: str) -> Bot | None:
        if enterprise is None:
            return await self._store.find_bot_of_team(team) if team else None
        found = await self._store.async_find_bot(enterprise_id=enterprise, team_id=team)
        if found is None:
            found = await self._store.async_find_bot(enterprise_id=enterprise, team_id=None, is_enterprise_install=True)
        return found

    async def _renewed(self, bot: Bot) -> Bot | None:
        """With its next token; with this one as long as it holds, where another process is at it or Slack does not answer."""
        team = None if bot.is_enterprise_install else bot.team_id
        if not await self._store.claim_rotation(bot.enterprise_id, team):
            return bot if _holds(bot) else await self._awaited(bot)
        # Read again: another process may have renewed it between the look and the claim.
        bot = await self._find(bot.enterprise_id, bot.team_id or "") or bot
        if not _runs_out(bot):
            await self._store.async_save_bot(bot)  # which ends the claim
            return bot
        try:
            renewed = await self._rotator.perform_bot_token_rotation(bot=bot, minutes_before_expiration=_BEFORE_MIN)
        except SlackTokenRotationError as error:
            _LOG.warning("Slack did not renew the token of %s: %s", bot.team_id or bot.enterprise_id, error.api_error)
            return bot if _holds(bot) else None
        if renewed is None:
            return bot
        await self._store.async_save_bot(renewed)
        return renewed

    async def _awaited(self, bot: Bot) -> Bot | None:
        """What another process got."""
        for _ in range(_WAITS):
            await asyncio.sleep(_WAIT_S)
            found = await self._find(bot.enterprise_id, bot.team_id or "")
            if found is None or _holds(found):
                return found
        return None


def _runs_out(bot: Bot) -> bool:
    return bool(bot.bot_token_expires_at and bot.bot_token_expires_at < time.time() + _BEFORE_MIN * 60)


def _holds(bot: Bot) -> bool:
    return not bot.bot_token_expires_at or bot.bot_token_expires_at > time.time()
