"""Installations in the store: slack_sdk's `AsyncInstallationStore` over SQLite and PostgreSQL, encrypted."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from logging import Logger
from typing import Any

from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.installation_store.models.bot import Bot
from slack_sdk.oauth.installation_store.models.installation import Installation
from sqlalchemy import delete, or_, update
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from agent.store.transactions import writing
from agent.store.uninterrupted import uninterrupted
from connectors.slack.install.encryption import Vault
from connectors.slack.install.tables import InstallationRow

_LOG = logging.getLogger(__name__)
_ROTATION = timedelta(seconds=60)
_USER = ("user_token", "user_scopes", "user_refresh_token", "user_token_expires_at")
_BOT = ("bot_token", "bot_id", "bot_user_id", "bot_scopes", "bot_refresh_token", "bot_token_expires_at")


class SqlInstallationStore(AsyncInstallationStore):
    """All installations of one app. An installation for a whole organisation has no team."""

    def __init__(self, engine: AsyncEngine, vault: Vault, client_id: str) -> None:
        self._engine = engine
        self._vault = vault
        self._client_id = client_id

    @property
    def logger(self) -> Logger:
        """Where bolt writes about it."""
        return _LOG

    @uninterrupted
    async def async_save(self, installation: Installation) -> None:
        """Keeps an installation, and its bot's grant as the latest."""
        enterprise, team = _place(installation.enterprise_id, installation.team_id, installation.is_enterprise_install)
        bot = installation.to_bot() if installation.bot_token else None
        await self._keep_connected(enterprise, team, installation)
        async with writing(self._engine) as session:
            await self._put(session, enterprise, team, installation.user_id, installation)
            if bot:
                await self._put(session, enterprise, team, "", bot)

    async def _keep_connected(self, enterprise: str, team: str, installation: Installation) -> None:
        """Who installs the app anew has not taken back that it may read as them."""
        if installation.user_token or not installation.user_id:
            return
        if (row := await self._row(enterprise, team, installation.user_id)) is not None:
            before = Installation(**self._open(row))
            for name in _USER:
                setattr(installation, name, getattr(before, name))

    @uninterrupted
    async def async_save_bot(self, bot: Bot) -> None:
        """Keeps a bot's grant, such as its next token."""
        enterprise, team = _place(bot.enterprise_id, bot.team_id, bot.is_enterprise_install)
        async with writing(self._engine) as session:
            await self._put(session, enterprise, team, "", bot)

    @uninterrupted
    async def save_user(self, grant: Installation) -> None:
        """Keeps what one person granted, such as their next token, and nothing of the bot's."""
        enterprise, team = _place(grant.enterprise_id, grant.team_id, grant.is_enterprise_install)
        async with writing(self._engine) as session:
            await self._put(session, enterprise, team, grant.user_id, grant)

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """The bot's grant in a workspace, or in a whole organisation."""
        enterprise, team = _place(enterprise_id, team_id, is_enterprise_install)
        row = await self._row(enterprise, team, "")
        return Bot(**self._open(row)) if row else None

    @uninterrupted
    async def find_bot_of_team(self, team: str) -> Bot | None:
        """The bot's grant in a workspace of which nobody said whether it is of an organisation."""
        wanted = select(InstallationRow).where(
            InstallationRow.client_id == self._client_id, InstallationRow.team == team, InstallationRow.user == ""
        )
        async with AsyncSession(self._engine) as session:
            row = (await session.exec(wanted.limit(1))).first()
        return Bot(**self._open(row)) if row else None

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """What this person granted there; the latest of anybody's where no person is named. With the bot's latest token."""
        enterprise, team = _place(enterprise_id, team_id, is_enterprise_install)
        row = await self._row(enterprise, team, user_id)
        if row is None:
            return None
        installation = Installation(**self._open(row))
        if (bot := await self._row(enterprise, team, "")) is not None:
            latest = Bot(**self._open(bot))
            for name in _BOT:
                setattr(installation, name, getattr(latest, name))
        return installation

    @uninterrupted
    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forgets a bot's token."""
        await self._delete(enterprise_id, team_id, [""])

    @uninterrupted
    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Forgets what one person granted, or what all did."""
        await self._delete(enterprise_id, team_id, [user_id] if user_id else None)

    @uninterrupted
    async def claim_rotation(self, enterprise_id: str | None, team_id: str | None, user_id: str = "") -> bool:
        """Whether this process changes the token now, the bot's or this person's; one that died while it did loses its turn after a minute."""
        now = datetime.now(UTC)
        free = or_(col(InstallationRow.rotating_until).is_(None), col(InstallationRow.rotating_until) < now)
        async with writing(self._engine) as session:
            claimed = await session.exec(
                update(InstallationRow)
                .where(*self._at(enterprise_id or "", team_id or ""), col(InstallationRow.user) == user_id, free)
                .values(rotating_until=now + _ROTATION)
            )
        return bool(claimed.rowcount)

    @uninterrupted
    async def _row(self, enterprise: str, team: str, user: str | None) -> InstallationRow | None:
        wanted = select(InstallationRow).where(*self._at(enterprise, team))
        if user is None:
            wanted = wanted.where(InstallationRow.user != "").order_by(col(InstallationRow.installed_at).desc())
        else:
            wanted = wanted.where(InstallationRow.user == user)
        async with AsyncSession(self._engine) as session:
            return (await session.exec(wanted.limit(1))).first()

    async def _put(
        self, session: AsyncSession, enterprise: str, team: str, user: str, grant: Installation | Bot
    ) -> None:
        data = self._vault.close(_name(enterprise, team), _plain(grant))
        row = await session.get(InstallationRow, (self._client_id, enterprise, team, user))
        at = datetime.fromtimestamp(grant.installed_at, UTC)
        if row is None:
            row = InstallationRow(
                client_id=self._client_id, enterprise=enterprise, team=team, user=user, installed_at=at, data=data
            )
            session.add(row)
        row.installed_at, row.data, row.rotating_until = at, data, None

    async def _delete(self, enterprise: str | None, team: str | None, users: Sequence[str] | None) -> None:
        where = self._at(enterprise or "", team or "")
        chosen = col(InstallationRow.user) != "" if users is None else col(InstallationRow.user).in_(users)
        async with writing(self._engine) as session:
            await session.exec(delete(InstallationRow).where(*where, chosen))

    def _at(self, enterprise: str, team: str) -> tuple[Any, ...]:
        return (
            col(InstallationRow.client_id) == self._client_id,
            col(InstallationRow.enterprise) == enterprise,
            col(InstallationRow.team) == team,
        )

    def _open(self, row: InstallationRow) -> dict[str, Any]:
        return self._vault.open(_name(row.enterprise, row.team), row.data)


def _place(enterprise: str | None, team: str | None, whole: bool | None) -> tuple[str, str]:
    return enterprise or "", "" if whole else team or ""


def _name(enterprise: str, team: str) -> str:
    return f"{enterprise}/{team}"


def _plain(grant: Installation | Bot) -> dict[str, Any]:
    """All of a grant as JSON, from which slack_sdk makes it again."""
    fields: dict[str, Any] = grant.to_dict_for_copying()
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in fields.items()}
