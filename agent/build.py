"""The only wiring: settings and a home in, a working agent out. Nothing else names concrete classes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, closing

from agent.conversations import Conversations
from agent.generate.extractive.composer import ExtractiveComposer
from agent.generate.fallback import FallbackGenerator
from agent.guard import GroundingGuard
from agent.home import Home
from agent.homes import open_documents, open_graph
from agent.loop import Agent
from agent.phrases import SetPhrases, load_phrases
from agent.policy import load_policy
from agent.ports import Generator
from agent.retrieval import KnowledgeRetriever
from agent.settings import Settings
from agent.store.database import close_engine, open_engine
from agent.tools.record_lookup import load_tools
from agent.training.intents import load_intents
from agent.understand.choosing import ChoiceRewriter
from agent.understand.language import ScriptLanguages
from agent.understand.rewriting import RuleRewriter
from agent.understand.sentiment import default_sentiment
from agent.understand.standing import Standing
from agent.understand.understander import StagedUnderstander


@asynccontextmanager
async def open_agent(settings: Settings, *, warm: bool = False) -> AsyncIterator[Agent]:
    """An agent over a home; `warm` loads all its models before the first question."""
    home = Home(settings.home)
    with open_documents(home, settings) as library, closing(open_graph(home)) as graph:
        composer = ExtractiveComposer(library)
        if warm:
            # The composer after the library: both import the same heavy packages, which two threads must not do at once.
            await asyncio.gather(asyncio.to_thread(library.warm), asyncio.to_thread(graph.warm))
            await asyncio.to_thread(composer.warm)
        phrases = open_phrases(settings)
        sentiment = default_sentiment()
        standing = Standing(graph, library)
        tools = load_tools(home.tools_file)
        async with _open_generator(settings, composer, phrases) as generator:
            yield Agent(
                understander=StagedUnderstander(
                    languages=ScriptLanguages(),
                    rewriter=ChoiceRewriter(RuleRewriter(graph, library.terms, standing), graph),
                    intents=load_intents(home.intents) if home.intents.is_dir() else None,
                    sentiment=sentiment,
                    linker=graph,
                ),
                policy=load_policy(home.policy_file, sentiment, phrases=phrases.names, tools=tools.keys()),
                retriever=KnowledgeRetriever(
                    library, graph, passages=settings.knowledge.passages, covered=standing.covered
                ),
                generator=generator,
                guard=GroundingGuard(phrases, wrong_answer_cost=settings.guard.wrong_answer_cost),
                phrases=phrases,
                tools=tools,
            )


@asynccontextmanager
async def _open_generator(
    settings: Settings, composer: ExtractiveComposer, phrases: SetPhrases
) -> AsyncIterator[Generator]:
    """The model where there is one, with the extractive composer to fall back on."""
    if not settings.model.base_url:
        yield composer
        return
    # Imported here: the client costs a second that a home without a model need not pay at start.
    from agent.generate.model import ModelGenerator

    async with aclosing(ModelGenerator(settings.model)) as model:
        yield FallbackGenerator(model, composer, phrases)


def open_phrases(settings: Settings) -> SetPhrases:
    """The set phrases of a home."""
    return load_phrases(settings.company, settings.home / "phrases.yaml")


@asynccontextmanager
async def open_conversations(settings: Settings) -> AsyncIterator[Conversations]:
    """An agent with its store; half-done turns of an earlier process are finished first."""
    engine = await open_engine(settings.database_url)
    try:
        async with (
            open_agent(settings, warm=True) as agent,
            Conversations.open(
                engine, agent, open_phrases(settings), max_message_chars=settings.server.max_message_chars
            ) as conversations,
        ):
            yield conversations
    finally:
        await close_engine(engine)
