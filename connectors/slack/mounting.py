"""The connector over a home's settings, or one for each home of several workspaces; for `parley slack` and `parley serve`."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.routing import Route

from agent.conversations import Conversations
from agent.errors import SettingsError
from agent.home import Home
from agent.homes import load_suggestions, open_documents
from agent.settings import Settings
from agent.tools.declared import on_behalf_in
from agent.types import Language
from connectors.slack.articles import HomeArticles
from connectors.slack.blocks.home import HomeShown, shown_home
from connectors.slack.blocks.sealing import Seal
from connectors.slack.connector import Options, SlackConnector, TokensOver
from connectors.slack.install.connecting import CONNECT_PATH, connect_flow
from connectors.slack.install.encryption import Vault
from connectors.slack.install.installations import SqlInstallationStore
from connectors.slack.install.oauth import REDIRECT_PATH, install_flow, install_routes
from connectors.slack.install.states import SqlStateStore
from connectors.slack.install.tokens import InstalledTokens
from connectors.slack.install.user_tokens import InstalledUserTokens
from connectors.slack.people.support import Locate, SupportChannel
from connectors.slack.phrases import say
from connectors.slack.tenants import ByTeam, OnlyTeams, allowed_in, homes_of
from connectors.slack.workspaces import OneWorkspace, Tokens

_TOPICS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Mounted:
    """app: what Socket Mode and HTTP mode hand requests to; routes: the pages for installing it."""

    app: AsyncApp
    routes: Sequence[Route]


@asynccontextmanager
async def open_slack(conversations: Conversations, settings: Settings) -> AsyncIterator[Mounted]:
    """Running connectors. conversations: of the main home, whose store keeps the installations."""
    tokens, routes = _tokens(conversations, settings), _routes(conversations, settings)
    async with AsyncExitStack() as opened:
        if not settings.slack.teams:
            options = await _options(conversations, settings, settings, ())
            connector = await opened.enter_async_context(SlackConnector.open(conversations, tokens, options))
            yield Mounted(app=connector.app, routes=routes)
            return
        apps: dict[str, AsyncApp] = {}
        for of_home, teams in homes_of(settings, settings.slack.teams).values():
            theirs = conversations if of_home is settings else await _opened(opened, of_home)
            options = await _options(conversations, settings, of_home, teams)
            connector = await opened.enter_async_context(SlackConnector.open(theirs, _only(tokens, teams), options))
            apps |= dict.fromkeys(teams, connector.app)
        yield Mounted(app=ByTeam(next(iter(apps.values())), apps), routes=routes)


async def _opened(opened: AsyncExitStack, settings: Settings) -> Conversations:
    from agent.build import open_conversations

    return await opened.enter_async_context(open_conversations(settings))


def _tokens(conversations: Conversations, settings: Settings) -> TokensOver:
    """Of the workspaces that have installed the app; without its client id, that of the settings alone."""
    slack, api_url = settings.slack, _api_url(settings)

    def over(session: aiohttp.ClientSession) -> Tokens:
        if not slack.client_id:
            return OneWorkspace(slack.bot_token.get_secret_value(), api_url, session)
        return InstalledTokens(
            _installations(conversations, settings),
            client_id=slack.client_id,
            client_secret=slack.client_secret.get_secret_value(),
            client=AsyncWebClient(base_url=api_url, session=session),
        )

    return over


def _user_tokens(conversations: Conversations, settings: Settings) -> InstalledUserTokens:
    return InstalledUserTokens(
        _installations(conversations, settings),
        client_id=settings.slack.client_id,
        client_secret=settings.slack.client_secret.get_secret_value(),
        client=AsyncWebClient(base_url=_api_url(settings)),
    )


def _only(tokens: TokensOver, teams: Collection[str]) -> TokensOver:
    return lambda session: OnlyTeams(tokens(session), teams)


def _routes(conversations: Conversations, settings: Settings) -> list[Route]:
    """The pages for installing the app, and for letting it read as oneself."""
    slack = settings.slack
    if not slack.client_id:
        return []
    secret = slack.client_secret.get_secret_value()
    if not secret:
        raise SettingsError("slack.client_id is set: set PARLEY_SLACK__CLIENT_SECRET, too")
    shared: dict[str, Any] = {
        "client_id": slack.client_id,
        "client_secret": secret,
        "store": _installations(conversations, settings),
        "states": SqlStateStore(conversations.engine),
        "client": AsyncWebClient(base_url=_api_url(settings)),
        "allowed": allowed_in(slack.teams),
    }
    address = slack.public_url.rstrip("/")
    routes = install_routes(install_flow(redirect_url=f"{address}{REDIRECT_PATH}" if address else "", **shared))
    return [*routes, *install_routes(connect_flow(public_url=address, **shared))] if address else routes


def _reads_on_behalf(main: Settings, settings: Settings) -> bool:
    """Whether a home names tools that read as whoever asks. Raises SettingsError where nobody could let it."""
    named = bool(on_behalf_in(Home(settings.home).tools_file))
    if named and not (main.slack.client_id and main.slack.public_url):
        raise SettingsError(
            "tools.yaml: on_behalf needs people to connect their accounts: set slack.client_id, "
            "PARLEY_SLACK__CLIENT_SECRET and slack.public_url (docs/slack.md), or leave it out"
        )
    return named


def _installations(conversations: Conversations, settings: Settings) -> SqlInstallationStore:
    slack = settings.slack
    vault = Vault.of(Home(settings.home), slack.encryption_key.get_secret_value())
    return SqlInstallationStore(conversations.engine, vault, slack.client_id)


async def _options(installed: Conversations, main: Settings, settings: Settings, teams: Collection[str]) -> Options:
    """installed: whose store keeps the installations."""
    home, slack = Home(settings.home), settings.slack
    return Options(
        api_url=_api_url(main),
        uploads=settings.widget.uploads,
        suggestions=lambda language: load_suggestions(home, language),
        home=shown_home(await asyncio.to_thread(_known, home, settings)),
        knowledge=HomeArticles(home, settings),
        editors=tuple(slack.editors),
        prompts=tuple(slack.prompts),
        support=_support(main, settings, teams) if slack.support_channel else None,
        seal=Seal(home.secret()),
        reactions=slack.reactions.allowed(),
        user_tokens=_user_tokens(installed, main) if _reads_on_behalf(main, settings) else None,
        connect_url=main.slack.public_url.rstrip("/") + CONNECT_PATH,
    )


def _known(home: Home, settings: Settings) -> HomeShown:
    """What the Home tab says of the knowledge, as it is when Parley starts."""
    with open_documents(home, settings) as library:
        articles, topics = library.articles("public", _TOPICS)
    people = "home_people_yes" if settings.slack.support_channel else "home_people_no"

    def about(language: Language) -> Sequence[tuple[str, str]]:
        company = settings.company.name_zh if language == "zh" else settings.company.name
        return [(say("home_company", language), company), (say("home_people", language), say(people, language))]

    return HomeShown(articles=articles, topics=topics, settings=about)


def _support(main: Settings, settings: Settings, teams: Collection[str]) -> Locate:
    """Where the people are: in the only workspace there is, or in the one that is named. Raises SettingsError."""
    slack = settings.slack
    named = slack.support_team or (next(iter(teams)) if len(teams) == 1 else "")
    token = main.slack.bot_token.get_secret_value()
    if not named and (teams or not token):
        raise SettingsError("slack.support_team: name the workspace in which slack.support_channel is")

    async def locate() -> SupportChannel:
        team, enterprise = named, None
        if not team:
            about = await AsyncWebClient(token, base_url=_api_url(main)).auth_test()
            team, enterprise = str(about["team_id"]), about.get("enterprise_id")
        return SupportChannel(
            team=team, enterprise=enterprise, channel=slack.support_channel, language=slack.support_language or None
        )

    return locate


def _api_url(settings: Settings) -> str:
    return settings.slack.api_url.rstrip("/") + "/"
