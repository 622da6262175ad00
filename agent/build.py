"""The only wiring: settings and a home in, a working agent out. Nothing but this and `agent.wiring` names concrete classes."""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import datetime

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from agent.audiences import ByAudience
from agent.bundles import BundlesInUse, bundles_in_use
from agent.checking.guard import GroundingGuard, least_support
from agent.company import first_language
from agent.conversations import TURNS_AT_ONCE, Conversations
from agent.forgotten import digests_of
from agent.generate.extractive.precedents import looking_ahead
from agent.home import Home
from agent.homes import open_documents, open_graph
from agent.loop import Agent
from agent.phrases import SetPhrases, load_phrases
from agent.ports import Accounts, Actions
from agent.settings import Settings
from agent.store.actions import ActionsWhenNeeded, SqlActions
from agent.store.database import close_engine, open_engine
from agent.store.event_log import SqlEventLog
from agent.titles import TitleGenerator, TitlePolicy, TitleRetriever, TitleUnderstander
from agent.tools.accounts import KnownAccounts
from agent.types import Audience
from agent.understand.language import ScriptLanguages
from agent.wiring.doing import Clock, Doing, open_doing
from agent.wiring.models import Models, open_models
from agent.wiring.reading import retriever, understander
from agent.wiring.sources import Sources, sources_for, warm_up


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
            open_models(settings) as models,
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
    models: Models,
    accounts: Accounts,
    *,
    warm: bool,
    clock: Clock = _now,
    at_once: int | None = None,
) -> AsyncIterator[dict[Audience, Agent]]:
    """One agent for each audience over one home, each with a shelf and a graph of its own: what it may not read it cannot reach."""
    home = Home(settings.home)
    with open_documents(home, settings) as library, closing(open_graph(home)) as graph:
        library.ranking.use_neighbours(graph)
        each = {one: sources_for(one, home, library, graph, models.verifier) for one in audiences}
        if warm:
            await warm_up(each.values(), composers=not settings.model.base_url)
        phrases = open_phrases(settings)
        async with open_doing(home, bundles, actions, phrases, models, accounts, clock) as doing:
            speaking = bundles.intents.of()
            # For customers, who are many; an agent for the company's own people looks up what they ask for.
            public = [sources.precedents for one, sources in each.items() if one == "public"]
            ahead = public if warm and speaking and not settings.model.base_url else ()
            shared = _Shared(settings=settings, bundles=bundles, models=models, doing=doing, phrases=phrases)
            # What a turn multiplies is small: BLAS's own threads find nothing to do, and look for it as fast as they can, for four
            # times as long as the turn computes. Told last, as only a library that is loaded can be.
            async with looking_ahead(ahead, speaking.version if speaking else ""):
                with threadpool_limits(1, user_api="blas"):
                    yield {one: shared.agent(one, sources, at_once) for one, sources in each.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shared:
    """What the agents for all audiences have in common."""

    settings: Settings
    bundles: BundlesInUse
    models: Models
    doing: Doing
    phrases: SetPhrases

    def agent(self, audience: Audience, sources: Sources, at_once: int | None) -> Agent:
        """The agent for one audience."""
        settings, models, doing, titles = self.settings, self.models, self.doing, sources.titles
        languages = ScriptLanguages(first_language(settings.company))
        composes = not settings.model.base_url
        return Agent(
            understander=TitleUnderstander(
                understander(sources, self.bundles, languages, models.reader, composes=composes), titles, languages
            ),
            policy=TitlePolicy(doing.policy),
            retriever=TitleRetriever(
                retriever(
                    sources,
                    settings.knowledge.passages,
                    least=least_support(settings.guard.wrong_answer_cost) if composes else None,
                ),
                titles,
            ),
            generator=TitleGenerator(models.before(sources.composer, self.phrases)),
            guard=GroundingGuard(
                self.phrases,
                wrong_answer_cost=settings.guard.wrong_answer_cost,
                compares=sources.shelf.compares,
                alike=models.likeness.holds,
            ),
            phrases=self.phrases,
            tools=doing.tools,
            flows=doing.runner,
            actor=doing.actor,
            audience=audience,
            prepared_at_once=at_once or _prepared_at_once(settings),
        )


def _prepared_at_once(settings: Settings) -> int:
    """As many as there are cores, where preparing is their work alone: in a rush, who came first is answered first, and
    not all of them late. Where it waits for other servers, more.
    """
    knowledge, model = settings.knowledge, settings.model
    asks_model = model.base_url and (model.understand or model.intents)
    waits = asks_model or knowledge.chroma_url or knowledge.reranker_base_url or knowledge.embedding_base_url
    return settings.model.at_once if waits else max(2, os.cpu_count() or 1)


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
                open_models(settings) as models,
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
