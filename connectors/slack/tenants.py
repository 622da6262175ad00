"""Many workspaces, many companies: each workspace has a home, and nothing of another home can be reached from it.

Every home has a connector of its own over a store of its own. What Slack tells is handed to the connector of the workspace
that it came from; a connector has the tokens of its own workspaces alone, so that it can neither read nor write elsewhere.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from agent.errors import SettingsError
from agent.settings import Settings, load_settings
from connectors.slack.reading import enterprise_of, team_of
from connectors.slack.workspaces import Tokens

_LOG = logging.getLogger(__name__)
_WITHOUT_TEAM = frozenset({"url_verification", "ssl_check"})


def homes_of(settings: Settings, teams: Mapping[str, Path]) -> dict[Path, tuple[Settings, frozenset[str]]]:
    """The homes of the listed workspaces, each with its settings and its workspaces' ids.

    teams: folders by workspace or organisation; a relative one lies beside the main home's own files. Raises HomeError, or
    SettingsError where two homes would keep their conversations in one store.
    """
    by_home: dict[Path, set[str]] = {}
    for team, folder in teams.items():
        by_home.setdefault((settings.home / folder).resolve(), set()).add(team)
    main = settings.home.resolve()
    homes = {home: (settings if home == main else load_settings(home), frozenset(ids)) for home, ids in by_home.items()}
    _refuse_shared_stores([(main, settings), *((home, one) for home, (one, _) in homes.items() if home != main)])
    return homes


def _refuse_shared_stores(homes: Sequence[tuple[Path, Settings]]) -> None:
    stores: dict[str, Path] = {}
    for home, settings in homes:
        other = stores.setdefault(settings.database_url, home)
        if other != home:
            raise SettingsError(
                f"slack.teams: {other} and {home} have the same store, so their conversations would lie together. "
                "Give each its own [store] url in its parley.toml, and leave PARLEY_STORE__URL unset."
            )


class OnlyTeams:
    """Implements `connectors.slack.workspaces.Tokens`: those of some workspaces, or of all in some organisations."""

    def __init__(self, tokens: Tokens, teams: Collection[str]) -> None:
        self._tokens = tokens
        self._teams = frozenset(teams)

    async def token(self, enterprise: str | None, team: str) -> str | None:
        """The token of one of these."""
        return await self._tokens.token(enterprise, team) if self._has(enterprise, team) else None

    async def forget(self, enterprise: str | None, team: str) -> None:
        """One of these has taken the app away."""
        if self._has(enterprise, team):
            await self._tokens.forget(enterprise, team)

    def _has(self, enterprise: str | None, team: str) -> bool:
        return team in self._teams or enterprise in self._teams


class ByTeam(AsyncApp):
    """Hands each request to the app of the workspace that it came from; one that has none is refused, and logged."""

    def __init__(self, main: AsyncApp, apps: Mapping[str, AsyncApp]) -> None:
        """main: answers Slack's questions about the address itself; apps: by workspace or organisation."""
        super().__init__(
            name="parley",
            client=main.client,
            authorize=_nobody,  # type: ignore[arg-type]
            request_verification_enabled=False,
            attaching_conversation_kwargs_enabled=False,
            logger=_LOG,
        )
        self._main = main
        self._apps = apps

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """What the app of the workspace answers."""
        body = req.body
        if body.get("type") in _WITHOUT_TEAM or body.get("ssl_check"):
            return await self._main.async_dispatch(req)
        team, enterprise = team_of(body), enterprise_of(body)
        app = self._apps.get(team) or self._apps.get(enterprise or "")
        if app is None:
            _LOG.warning("refused: workspace %s is not among [slack.teams]", team[:20])
            return BoltResponse(status=403, body="")
        return await app.async_dispatch(req)


async def _nobody() -> AuthorizeResult | None:
    """Nothing is done by this app itself."""
    return None


def allowed_in(teams: Collection[str]) -> Callable[[str | None, str | None], bool]:
    """Whether an organisation or a workspace may install the app: those that are listed, or any where none is."""
    return lambda enterprise, team: not teams or team in teams or enterprise in teams
