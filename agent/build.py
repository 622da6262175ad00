"""The only wiring: settings and a home in, a working agent out. Nothing else names concrete classes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, closing
from datetime import datetime
from typing import TypeAlias

from agent.audiences import ByAudience
from agent.bundles import BundlesInUse, bundles_in_use
from agent.conversations import Conversations
from agent.flows.loading import load_flows
from agent.flows.runner import FlowRunner
from agent.forgotten import digests_of
from agent.generate.extractive.composer import ExtractiveComposer
from agent.generate.extractive.verifier import Verifier
from agent.generate.fallback import CircuitBreaker, FallbackGenerator
from agent.guard import GroundingGuard
from agent.home import Home
from agent.homes import open_documents, open_graph
from agent.loop import Agent
from agent.phrases import SetPhrases, load_phrases
from agent.policy import load_policy
from agent.ports import Actions, Actor, Generator
from agent.retrieval import KnowledgeRetriever
from agent.settings import Settings, secret_from
from agent.stated import StatedFacts
from agent.store.actions import ActionsWhenNeeded, SqlActions
from agent.store.database import close_engine, open_engine
from agent.store.event_log import SqlEventLog
from agent.tools.declared import open_operations
from agent.tools.operation import Operation
from agent.tools.record_lookup import load_tools
from agent.types import Audience
from agent.understand.by_model import ModelUnderstander
from agent.understand.choosing import ChoiceRewriter
from agent.understand.in_use import SentimentInUse
from agent.understand.language import ScriptLanguages
from agent.understand.one_call import OneCall
from agent.understand.rewriting import RuleRewriter
from agent.understand.standing import Standing
from agent.understand.understander import StagedUnderstander

Clock: TypeAlias = Callable[[], datetime]


def _now() -> datetime:
    """The local time with its zone, by which "tomorrow" is told."""
    return datetime.now().astimezone()


@asynccontextmanager
async def open_agent(
    settings: Settings, *, warm: bool = False, audience: Audience = "public", clock: Clock = _now
) -> AsyncIterator[Agent]:
    """An agent over a home, for one audience; `warm` loads all its models before the first question."""
    with bundles_in_use(Home(settings.home), settings) as bundles:
        async with (
            aclosing(ActionsWhenNeeded(settings.database_url)) as actions,
            _open_agents(settings, (audience,), bundles, actions, warm=warm, clock=clock) as agents,
        ):
            yield agents[audience]


@asynccontextmanager
async def _open_agents(
    settings: Settings,
    audiences: Sequence[Audience],
    bundles: BundlesInUse,
    actions: Actions,
    *,
    warm: bool,
    clock: Clock = _now,
) -> AsyncIterator[dict[Audience, Agent]]:
    """One agent for each audience over one home, each with a shelf of its own: what it may not read it cannot reach."""
    home = Home(settings.home)
    with open_documents(home, settings) as library, closing(open_graph(home)) as graph:
        shelves = {audience: library.shelf(audience) for audience in audiences}
        verifier = Verifier()
        composers = {audience: ExtractiveComposer(shelf, verifier=verifier) for audience, shelf in shelves.items()}
        if warm:
            # The composer after the library: both import the same heavy packages, which two threads must not do at once.
            await asyncio.gather(
                asyncio.to_thread(_all, [shelf.warm for shelf in shelves.values()]), asyncio.to_thread(graph.warm)
            )
            await asyncio.to_thread(_all, [composer.warm for composer in composers.values()])
        phrases = open_phrases(settings)
        tools = load_tools(home.tools_file)
        guard = GroundingGuard(phrases, wrong_answer_cost=settings.guard.wrong_answer_cost)
        agents: dict[Audience, Agent] = {}
        async with _open_models(settings) as models, AsyncExitStack() as opened:
            reader = (
                opened.enter_context(closing(OneCall(settings.model))) if settings.model.understand and models else None
            )
            breakers = [CircuitBreaker() for _ in models]
            operations = await opened.enter_async_context(open_operations(home.tools_file, secret_from))
            flows = load_flows(home.flows, operations)
            policy = load_policy(
                home.policy_file,
                SentimentInUse(bundles.sentiment),
                phrases=phrases.names,
                tools=tools.keys(),
                flows=flows.keys(),
            )
            runner = FlowRunner(flows, operations, actions, phrases, home.root, clock)
            actor = await opened.enter_async_context(_open_actor(settings, operations, phrases, home, clock))
            for audience, shelf in shelves.items():
                standing = Standing(graph, shelf)
                composer = composers[audience]
                generator = FallbackGenerator(models, composer, phrases, breakers) if models else composer
                staged = StagedUnderstander(
                    languages=ScriptLanguages(),
                    rewriter=ChoiceRewriter(RuleRewriter(graph, shelf.terms, standing), graph),
                    intents=bundles.intents,
                    sentiment=bundles.sentiment,
                    linker=graph,
                )
                agents[audience] = Agent(
                    understander=ModelUnderstander(staged, reader, graph) if reader else staged,
                    policy=policy,
                    retriever=KnowledgeRetriever(
                        shelf,
                        graph,
                        passages=settings.knowledge.passages,
                        covered=standing.covered,
                        hold=StatedFacts(graph, shelf).hold,
                    ),
                    generator=generator,
                    guard=guard,
                    phrases=phrases,
                    tools=tools,
                    flows=runner if flows or actor else None,
                    actor=actor,
                    audience=audience,
                )
            yield agents


@asynccontextmanager
async def _open_actor(
    settings: Settings, operations: Mapping[str, Operation], phrases: SetPhrases, home: Home, clock: Clock
) -> AsyncIterator[Actor | None]:
    """A model that acts, where there are a model and operations."""
    if not settings.model.base_url or not operations:
        yield None
        return
    # Imported here: see `_open_models`.
    from agent.tools.acting import open_actor

    async with open_actor(settings.model, operations, phrases, home.root, clock) as actor:
        yield actor


def _all(calls: Sequence[Callable[[], None]]) -> None:
    for call in calls:
        call()


@asynccontextmanager
async def _open_models(settings: Settings) -> AsyncIterator[list[Generator]]:
    """The models to ask, first the best: with one HTTP client, and a queue for each server. Empty where there is none."""
    if not settings.model.base_url:
        yield []
        return
    # Imported here: the client costs a second that a home without a model need not pay at start.
    from agent.generate.endpoint import shared_http
    from agent.generate.model import ModelGenerator
    from agent.generate.second_look import ModelSecondLook

    async with AsyncExitStack() as opened:
        http = shared_http(settings.model)
        opened.push_async_callback(http.aclose)
        look = ModelSecondLook(settings.model) if settings.model.verify else None
        if look is not None:
            opened.callback(look.close)
        prompts = settings.home / "prompts"
        yield [
            ModelGenerator(one, http=http, second_look=look, prompts=prompts)
            for one in (settings.model, *settings.model.others)
        ]


def open_phrases(settings: Settings) -> SetPhrases:
    """The set phrases of a home."""
    return load_phrases(settings.company, settings.home / "phrases.yaml")


@asynccontextmanager
async def open_conversations(settings: Settings) -> AsyncIterator[Conversations]:
    """An agent with its store; half-done turns of an earlier process are finished first."""
    engine = await open_engine(settings.database_url)
    try:
        home, phrases = Home(settings.home), open_phrases(settings)
        with bundles_in_use(home, settings) as bundles:
            events = SqlEventLog(engine)
            async with (
                _open_agents(
                    settings, ("public", "internal"), bundles, SqlActions(engine, events), warm=True
                ) as agents,
                Conversations.open(
                    engine,
                    ByAudience(agents),
                    phrases,
                    events=events,
                    digests=digests_of(home),
                    shadow=bundles.shadow,
                    max_message_chars=settings.server.max_message_chars,
                    may_learn=settings.learning.consent,
                    withdrawn=lambda ids: _unlearn(home, ids),
                    files=home.files,
                    max_files_bytes=settings.widget.uploads.max_total_bytes,
                ) as conversations,
            ):
                yield conversations
    finally:
        await close_engine(engine)


def _unlearn(home: Home, ids: Sequence[str]) -> None:
    """Takes conversations out of the folders of learning."""
    # Imported here: nobody who only answers needs it.
    from agent.learning.forgetting import unlearn_ids

    unlearn_ids(home, ids)
