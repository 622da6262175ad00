"""What the graph read from an article is said to whoever may read the article, and to nobody else."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from agent.build import open_agent
from agent.home import Home
from agent.homes import new_home, open_documents, open_graph
from agent.settings import load_settings
from agent.stated import StatedFacts, forget_hidden
from agent.types import STAFF_CHANNEL, Audience, InboundMessage, Reply
from knowledge.graph import KnowledgeGraph
from knowledge.graph.articles import consistent, sources_of
from knowledge.library import Library

TITLES = {
    "en": ("Nightjar card", "What is the override fee of Nightjar card?"),
    "zh": ("夜鹰卡", "夜鹰卡的越权费是多少？"),
}
TEXTS = {"en": "Override fee: $4417\n", "zh": "越权费：4417元\n"}


@pytest.fixture(params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def home(tmp_path: Path, language: str) -> Iterator[Home]:
    made = new_home(tmp_path / "home")
    made.settings_file.write_text('[knowledge]\nembedder = "corpus"\n', "utf-8")
    ingest(made, tmp_path, language)
    with open_documents(made, load_settings(made.root)) as library, closing(open_graph(made)) as graph:
        name = TITLES[language][0]
        found = sources_of(library.passages(), lambda passage: name if passage.title == name else "")
        assert graph.take_articles(list(consistent(found)))
    yield made


def ingest(home: Home, folder: Path, language: str, *, front: str = "", text: str = "") -> None:
    """The article, and another beside it, as they stand now."""
    articles = folder / "articles"
    articles.mkdir(exist_ok=True)
    title = TITLES[language][0]
    (articles / "card.md").write_text(f"---\n{front}\n---\n# {title}\n\n{text or TEXTS[language]}", "utf-8")
    (articles / "other.md").write_text("# Opening hours\n\nWe open at nine.\n", "utf-8")
    with open_documents(home, load_settings(home.root)) as library:
        library.ingest([articles])


async def answers(home: Home, language: str, audience: Audience = "public") -> bool:
    """Whether the fee is told, by text, fact or citation."""
    channel = STAFF_CHANNEL if audience == "internal" else "test"
    message = InboundMessage(conversation_id="", channel=channel, channel_message_id="1", text=TITLES[language][1])
    async with open_agent(load_settings(home.root), audience=audience) as agent:
        *_, reply = [step async for step in agent.run(message, ())]
    assert isinstance(reply, Reply)
    said = [reply.text, *(fact.tail for fact in reply.facts), *(citation.quote for citation in reply.citations)]
    return any("4417" in text for text in said)


async def test_while_its_article_is_public_a_fact_is_told(home: Home, language: str) -> None:
    assert await answers(home, language)


@pytest.mark.parametrize("front", ["audience: internal", "valid_until: 2020-01-01", "valid_from: 2999-01-01"])
async def test_once_its_article_may_not_be_read_a_fact_is_not_told(
    home: Home, tmp_path: Path, language: str, front: str
) -> None:
    ingest(home, tmp_path, language, front=front)
    assert not await answers(home, language)
    assert await answers(home, language, "internal") is (front == "audience: internal")


async def test_what_its_article_no_longer_says_is_not_told(home: Home, tmp_path: Path, language: str) -> None:
    ingest(home, tmp_path, language, text=TEXTS[language].replace("4417", "12"))
    assert not await answers(home, language)


def test_facts_of_hidden_articles_are_forgotten_and_those_of_tables_stay(
    home: Home, tmp_path: Path, language: str
) -> None:
    (tmp_path / "cards.csv").write_text("name,fee\nSparrow card,$3\n", "utf-8")
    with closing(open_graph(home)) as graph:
        graph.import_file(tmp_path / "cards.csv")
    assert _entities(home, tmp_path) == {TITLES[language][0], "Sparrow card"}
    ingest(home, tmp_path, language, front="audience: internal")
    assert _entities(home, tmp_path) == {"Sparrow card"}


def _entities(home: Home, folder: Path) -> set[str]:
    """Names in the graph once what is hidden was forgotten."""
    with open_documents(home, load_settings(home.root)) as library, closing(open_graph(home)) as graph:
        forget_hidden(graph, library)
        return {record.name for _, record in graph.records()}


def test_a_fact_of_a_table_needs_no_article(tmp_path: Path) -> None:
    (tmp_path / "cards.csv").write_text("name,fee\nSparrow card,$3\n", "utf-8")
    graph = KnowledgeGraph.open(tmp_path / "graph")
    graph.import_file(tmp_path / "cards.csv")
    library = Library.open(tmp_path / "library", "corpus", today=lambda: date(2026, 1, 1))
    answer = graph.answer("What is the fee of Sparrow card?")
    assert answer.facts
    assert StatedFacts(graph, library).hold(answer)
