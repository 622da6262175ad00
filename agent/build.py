"""The only wiring: settings and a home in, a working agent out. Nothing else names concrete classes."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.resources import as_file, files
from pathlib import Path

import yaml

from agent.conversations import Conversations
from agent.generate.extractive.composer import ExtractiveComposer
from agent.guard import GroundingGuard
from agent.home import Home, create_home
from agent.loop import Agent
from agent.phrases import SetPhrases, load_phrases
from agent.policy import load_policy
from agent.retrieval import KnowledgeRetriever
from agent.samples.install import install_sample, remove_sample, sample_settings
from agent.settings import Settings, load_settings
from agent.settings_file import commented_settings
from agent.store.database import close_engine, open_engine
from agent.tools.record_lookup import load_tools
from agent.training.intents import load_intents
from agent.types import Language
from agent.understand.language import ScriptLanguages
from agent.understand.rewriting import RuleRewriter
from agent.understand.sentiment import default_sentiment
from agent.understand.understander import StagedUnderstander
from knowledge.embedders.choose import EmbedderChoice
from knowledge.graph import KnowledgeGraph
from knowledge.ingest import Progress
from knowledge.library import Library


def new_home(root: Path, *, sample: bool) -> Home:
    """A home with commented settings and the default policy; the sample's content is installed apart."""
    with as_file(files("agent") / "policy.yaml") as policy:
        return create_home(root, settings=commented_settings(sample_settings() if sample else None), policy=policy)


def bring_sample(home: Home, progress: Progress) -> None:
    """Installs the sample company in a home."""
    with open_documents(home, load_settings(home.root)) as documents:
        install_sample(home, documents, progress)


def set_sample_aside(home: Home, documents: Library) -> bool:
    """Takes the sample company out of a home; False when it holds none."""
    if not home.holds_sample:
        return False
    remove_sample(home, documents)
    with as_file(files("agent") / "policy.yaml") as policy:
        home.policy_file.write_bytes(policy.read_bytes())
    return True


def home_for_knowledge(root: Path) -> tuple[Home, Settings]:
    """The home in `root`, made empty when there is none yet, and its settings."""
    home = Home(root) if (root / "parley.toml").is_file() else new_home(root, sample=False)
    return home, load_settings(root)


@contextmanager
def open_documents(home: Home, settings: Settings) -> Iterator[Library]:
    """The documents of a home, closed at the end."""
    wanted = settings.knowledge
    choice = EmbedderChoice(kind=wanted.embedder, base_url=wanted.embedding_base_url, model=wanted.embedding_model)
    library = Library.open(home.documents, choice)
    try:
        yield library
    finally:
        library.close()


def open_graph(home: Home) -> KnowledgeGraph:
    """The knowledge graph of a home."""
    return KnowledgeGraph.open(home.graph)


@asynccontextmanager
async def open_agent(settings: Settings, *, warm: bool = False) -> AsyncIterator[Agent]:
    """An agent over a home; `warm` loads all its models before the first question."""
    home = Home(settings.home)
    with open_documents(home, settings) as library:
        graph = open_graph(home)
        if warm:
            await asyncio.gather(asyncio.to_thread(library.warm), asyncio.to_thread(graph.warm))
        phrases = open_phrases(settings)
        sentiment = default_sentiment()
        tools = load_tools(home.tools_file)
        yield Agent(
            understander=StagedUnderstander(
                languages=ScriptLanguages(),
                rewriter=RuleRewriter(graph, library.terms),
                intents=load_intents(home.intents) if home.intents.is_dir() else None,
                sentiment=sentiment,
                linker=graph,
            ),
            policy=load_policy(home.policy_file, sentiment, phrases=phrases.names, tools=tools.keys()),
            retriever=KnowledgeRetriever(library, graph, passages=settings.knowledge.passages),
            generator=ExtractiveComposer(library),
            guard=GroundingGuard(phrases, wrong_answer_cost=settings.guard.wrong_answer_cost),
            phrases=phrases,
            tools=tools,
        )


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


def load_suggestions(home: Home, language: Language = "en") -> tuple[str, ...]:
    """Questions to offer to someone who has not asked anything yet."""
    if not home.suggestions_file.is_file():
        return ()
    return tuple(yaml.safe_load(home.suggestions_file.read_text("utf-8")).get(language, ()))
