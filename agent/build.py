"""The only wiring: settings and a home in, a working agent out. Nothing else names concrete classes."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from agent.audiences import ByAudience
from agent.bundles import BundlesInUse, bundles_in_use, known_utterances
from agent.checking import agreement
from agent.checking.guard import GroundingGuard
from agent.checking.likeness import Likeness
from agent.company import first_language
from agent.conversations import TURNS_AT_ONCE, Conversations
from agent.flows.loading import load_flows
from agent.flows.runner import FlowRunner
from agent.forgotten import digests_of
from agent.generate.extractive.composer import ExtractiveComposer
from agent.generate.extractive.precedents import Precedents, looking_ahead
from agent.generate.extractive.verifier import Verifier
from agent.generate.fallback import CircuitBreaker, FallbackGenerator
from agent.home import Home
from agent.homes import open_documents, open_graph
from agent.loop import Agent
from agent.phrases import SetPhrases, load_phrases
from agent.policy import YamlPolicy, load_policy
from agent.ports import Accounts, Actions, Actor, Generator, Languages, Picker, Tool, Understander
from agent.retrieval import KnowledgeRetriever
from agent.settings import Settings, secret_from
from agent.stated import StatedFacts
from agent.store.actions import ActionsWhenNeeded, SqlActions
from agent.store.database import close_engine, open_engine
from agent.store.event_log import SqlEventLog
from agent.titles import TitleGenerator, TitlePolicy, TitleRetriever, Titles, TitleUnderstander
from agent.tools.accounts import KnownAccounts
from agent.tools.declared import on_behalf_in, open_operations
from agent.tools.record_lookup import load_tools
from agent.types import Audience
from agent.understand.by_model import ModelUnderstander
from agent.understand.choosing import ChoiceRewriter
from agent.understand.in_use import SentimentInUse
from agent.understand.language import ScriptLanguages
from agent.understand.readings import SurerReading
from agent.understand.rewriting.rewriter import RuleRewriter
from agent.understand.standing import Standing
from agent.understand.understander import StagedUnderstander
from knowledge.graph import KnowledgeGraph
from knowledge.shelf import Shelf

if TYPE_CHECKING:
    from agent.generate.endpoint import ChatEndpoint
    from agent.generate.model import SecondLook
    from agent.understand.one_call import OneCall

Clock: TypeAlias = Callable[[], datetime]


def _now() -> datetime:
    """The local time with its zone, by which "tomorrow" is told."""
    return datetime.now().astimezone()


@asynccontextmanager
async def open_agent(
    settings: Settings,
    *,
    warm: bool = False,
    audience: Audience = "public",
    clock: Clock = _now,
    at_once: int | None = None,
) -> AsyncIterator[Agent]:
    """An agent over a home, for one audience; `warm` loads all its models before the first question.

    at_once: so many questions are understood at the same time, and read in batches, as suits who asks thousands; None: as
    many as suits who serves customers.
    """
    with bundles_in_use(Home(settings.home), settings, together=at_once is not None) as bundles:
        async with (
            aclosing(ActionsWhenNeeded(settings.database_url)) as actions,
            _open_models(settings) as models,
            _open_agents(
                settings,
                (audience,),
                bundles,
                actions,
                models,
                KnownAccounts(),
                warm=warm,
                clock=clock,
                at_once=at_once,
            ) as agents,
        ):
            yield agents[audience]


@asynccontextmanager
async def _open_agents(
    settings: Settings,
    audiences: Sequence[Audience],
    bundles: BundlesInUse,
    actions: Actions,
    models: "_Models",
    accounts: Accounts,
    *,
    warm: bool,
    clock: Clock = _now,
    at_once: int | None = None,
) -> AsyncIterator[dict[Audience, Agent]]:
    """One agent for each audience over one home, each with a shelf and a graph of its own: what it may not read it cannot reach."""
    home = Home(settings.home)
    with open_documents(home, settings) as library, closing(open_graph(home)) as graph:
        shelves = {audience: library.shelf(audience) for audience in audiences}
        graphs = {audience: graph.shown_to(audience) for audience in audiences}
        library.ranking.use_neighbours(graph)
        languages = ScriptLanguages(first_language(settings.company))
        titles = {audience: Titles(shelf) for audience, shelf in shelves.items()}
        precedents = {audience: Precedents(partial(_examples, home), shelf) for audience, shelf in shelves.items()}
        composers = {
            audience: ExtractiveComposer(shelf, verifier=models.verifier, precedents=precedents[audience])
            for audience, shelf in shelves.items()
        }
        if warm:
            # Behind a model the composer is called when that fails; until then it need not take memory.
            await asyncio.gather(
                asyncio.to_thread(_all_warm, shelves.values()),
                asyncio.to_thread(_all_warm, graphs.values()),
                asyncio.to_thread(agreement.warm)
                if settings.model.base_url
                else asyncio.to_thread(_all_warm, composers.values()),
            )
        phrases = open_phrases(settings)
        async with _open_doing(home, bundles, actions, phrases, models, accounts, clock) as doing:
            speaking = bundles.intents.of()
            # For customers, who are many; an agent for the company's own people looks up what they ask for.
            public = [one for audience, one in precedents.items() if audience == "public"]
            ahead = public if warm and speaking and not settings.model.base_url else ()
            # What a turn multiplies is small: BLAS's own threads find nothing to do, and look for it as fast as they can, for four
            # times as long as the turn computes. Told last, as only a library that is loaded can be.
            async with looking_ahead(ahead, speaking.version if speaking else ""):
                with threadpool_limits(1, user_api="blas"):
                    yield {
                        audience: Agent(
                            understander=TitleUnderstander(
                                _understander(
                                    bundles,
                                    graphs[audience],
                                    shelf,
                                    models.reader,
                                    languages,
                                    None if settings.model.base_url else composers[audience],
                                ),
                                titles[audience],
                                languages,
                            ),
                            policy=TitlePolicy(doing.policy),
                            retriever=TitleRetriever(_retriever(settings, graphs[audience], shelf), titles[audience]),
                            generator=TitleGenerator(models.before(composers[audience], phrases)),
                            guard=GroundingGuard(
                                phrases,
                                wrong_answer_cost=settings.guard.wrong_answer_cost,
                                compares=shelf.compares,
                                alike=models.likeness.holds,
                            ),
                            phrases=phrases,
                            tools=doing.tools,
                            flows=doing.runner,
                            actor=doing.actor,
                            audience=audience,
                            prepared_at_once=at_once or _prepared_at_once(settings),
                        )
                        for audience, shelf in shelves.items()
                    }


def _examples(home: Home) -> list[tuple[str, str]]:
    """Utterances with their intents, as far as the home knows them."""
    known = known_utterances(home)
    return list(zip(known.texts, known.labels, strict=True))


def _prepared_at_once(settings: Settings) -> int:
    """As many as there are cores, where preparing is their work alone: in a rush, who came first is answered first, and
    not all of them late. Where it waits for other servers, more.
    """
    knowledge, model = settings.knowledge, settings.model
    asks_model = model.base_url and (model.understand or model.intents)
    waits = asks_model or knowledge.chroma_url or knowledge.reranker_base_url or knowledge.embedding_base_url
    return settings.model.at_once if waits else max(2, os.cpu_count() or 1)


def _all_warm(parts: Iterable[Shelf | KnowledgeGraph | ExtractiveComposer]) -> None:
    for part in parts:
        part.warm()


def _understander(
    bundles: BundlesInUse,
    graph: KnowledgeGraph,
    shelf: Shelf,
    reader: "OneCall | None",
    languages: Languages,
    composer: ExtractiveComposer | None,
) -> Understander:
    """composer: None where a model answers, and the composer's own need not take memory."""
    staged = StagedUnderstander(
        languages=languages,
        rewriter=ChoiceRewriter(RuleRewriter(graph, shelf.terms, Standing(graph, shelf)), graph),
        intents=bundles.intents,
        sentiment=bundles.sentiment,
        linker=graph,
        ahead=None if reader else shelf.read_ahead,  # a model may say what is asked in other words
    )
    compose = composer.compose if composer else None
    read = SurerReading(staged, shelf.search, compose, lambda said: graph.outline(said).asks)
    return ModelUnderstander(read, reader, graph) if reader else read


def _retriever(settings: Settings, graph: KnowledgeGraph, shelf: Shelf) -> KnowledgeRetriever:
    standing, hold = Standing(graph, shelf), StatedFacts(graph, shelf).hold
    return KnowledgeRetriever(
        shelf,
        graph,
        passages=settings.knowledge.passages,
        covered=standing.covered,
        about_more=standing.about_more,
        hold=hold,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Doing:
    """What can be looked up and done. runner, actor: None where there is nothing to run."""

    tools: Mapping[str, Tool]
    policy: YamlPolicy
    runner: FlowRunner | None
    actor: Actor | None


@asynccontextmanager
async def _open_doing(
    home: Home,
    bundles: BundlesInUse,
    actions: Actions,
    phrases: SetPhrases,
    models: "_Models",
    accounts: Accounts,
    clock: Clock,
) -> AsyncIterator[_Doing]:
    async with AsyncExitStack() as opened:
        operations = await opened.enter_async_context(open_operations(home.tools_file, secret_from))
        flows = load_flows(home.flows, operations)
        tools, feelings = load_tools(home.tools_file, lambda: clock().date()), SentimentInUse(bundles.sentiment)
        policy = load_policy(home.policy_file, feelings, phrases=phrases.names, tools=tools.keys(), flows=flows.keys())
        actor: Actor | None = None
        of_askers = on_behalf_in(home.tools_file)
        if models.endpoint is not None and (operations or of_askers) and policy.lets_models_act:
            # Imported here: see `_open_models`.
            from agent.tools.acting import ModelActor
            from agent.tools.chat_model import ToolChat
            from agent.tools.on_behalf import OnBehalf

            behalf = OnBehalf(of_askers, accounts) if of_askers else None
            chat = await opened.enter_async_context(aclosing(ToolChat(models.endpoint)))
            actor = ModelActor(chat, operations, phrases, home.root, clock, behalf)
        runner: FlowRunner | None = None
        if flows or actor:
            runner = FlowRunner(flows, operations, actions, phrases, home.root, clock, acts=actor is not None)
        yield _Doing(tools=tools, policy=policy, runner=runner, actor=actor)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Models:
    """Who writes, first the best, each with its breaker; who understands, who acts, who picks. Empty without a model.

    likeness: what is read of sentences in doubt, by the verifier that the composer has, too.
    """

    writers: Sequence[Generator] = ()
    breakers: Sequence[CircuitBreaker] = ()
    reader: "OneCall | None" = None
    endpoint: "ChatEndpoint | None" = None
    picker: Picker | None = None
    verifier: Verifier = field(default_factory=Verifier)
    likeness: Likeness = field(default_factory=Likeness)

    def before(self, composer: Generator, phrases: SetPhrases) -> Generator:
        """Those who write, and the composer where they fail."""
        return FallbackGenerator(self.writers, composer, phrases, self.breakers) if self.writers else composer


@asynccontextmanager
async def _open_models(settings: Settings) -> AsyncIterator[_Models]:
    """The models to ask: with one HTTP client, and a queue for each server."""
    if not settings.model.base_url:
        yield _Models()
        return
    # Imported here: a home without a model need not pay for them at start, nor one with a model for what it does not want.
    from agent.generate.completions import shared_http
    from agent.generate.endpoint import ChatEndpoint
    from agent.generate.model import ModelGenerator
    from agent.generate.picking import ModelPicker

    async with AsyncExitStack() as opened:
        http = await opened.enter_async_context(shared_http(settings.model))
        look: SecondLook | None = None
        if settings.model.verify:
            from agent.generate.second_look import ModelSecondLook

            look = opened.enter_context(closing(ModelSecondLook(settings.model)))
        verifier = Verifier()
        likeness = Likeness(verifier)
        reader = opened.enter_context(closing(_one_call(settings))) if settings.model.understand else None
        prompts = settings.home / "prompts"
        writers = [
            ModelGenerator(one, http=http, second_look=look, prompts=prompts, likeness=likeness)
            for one in (settings.model, *settings.model.others)
        ]
        endpoint = ChatEndpoint(settings.model.model_copy(update={"temperature": 0.0}), http)
        yield _Models(
            writers=writers,
            breakers=[CircuitBreaker() for _ in writers],
            reader=reader,
            endpoint=endpoint,
            picker=ModelPicker(endpoint),
            verifier=verifier,
            likeness=likeness,
        )


def _one_call(settings: Settings) -> "OneCall":
    # Imported here: see `_open_models`.
    from agent.understand.one_call import OneCall

    return OneCall(settings.model)


def open_phrases(settings: Settings) -> SetPhrases:
    """The set phrases of a home."""
    return load_phrases(
        settings.company, settings.home / "phrases.yaml", hours=settings.widget.hours, people=bool(settings.people)
    )


@asynccontextmanager
async def open_conversations(settings: Settings, *, clock: Clock = _now) -> AsyncIterator[Conversations]:
    """An agent with its store; half-done turns of an earlier process are finished first."""
    engine = await open_engine(settings.database_url)
    try:
        home, phrases = Home(settings.home), open_phrases(settings)
        with bundles_in_use(home, settings) as bundles:
            events, accounts = SqlEventLog(engine), KnownAccounts()
            async with (
                _open_models(settings) as models,
                _open_agents(
                    settings,
                    ("public", "internal"),
                    bundles,
                    SqlActions(engine, events),
                    models,
                    accounts,
                    warm=True,
                    clock=clock,
                ) as agents,
                Conversations(
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
                    # Most of a turn with a model is waiting for its words.
                    at_once=settings.model.at_once if settings.model.base_url else TURNS_AT_ONCE,
                    picker=models.picker,
                    accounts=accounts,
                ).running() as conversations,
            ):
                yield conversations
    finally:
        await close_engine(engine)


def _unlearn(home: Home, ids: Sequence[str]) -> None:
    """Takes conversations out of the folders of learning."""
    # Imported here: nobody who only answers needs it.
    from agent.learning.forgetting import unlearn_ids

    unlearn_ids(home, ids)
