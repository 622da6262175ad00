"""Whether a short message leans on what was said before, or stands by itself, is told by what the documents know."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from agent.types import Language, PassageEvidence, Retrieval, Understanding, Utterance
from agent.understand.language import ScriptLanguages
from agent.understand.pointing import points_back
from agent.understand.readings import SurerReading
from agent.understand.rewriting.rewriter import RuleRewriter
from agent.understand.understander import StagedUnderstander
from knowledge.embedders.choose import EmbedderChoice
from knowledge.graph import KnowledgeGraph
from knowledge.library import Library
from tests.support.evidence import passage


class _Silent:
    def of(self, conversation_id: str) -> None:
        return None


def _fitting(score: float) -> Retrieval:
    return Retrieval(passages=(PassageEvidence(passage=passage("What is known."), score=score),))


def _read(
    tmp_path: Path, search: Callable[[str, int, Language], Retrieval], said: Sequence[str], message: str
) -> Understanding:
    graph = KnowledgeGraph.open(tmp_path / "graph")
    staged = StagedUnderstander(
        languages=ScriptLanguages("en"),
        rewriter=RuleRewriter(graph),
        intents=_Silent(),
        sentiment=_Silent(),
        linker=graph,
    )
    history = [Utterance(role="user", content=one) for one in said]
    return asyncio.run(SurerReading(staged, search).understand(message, history))


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("articles")
    texts = {
        "shipping.md": "# Shipping\n\nA parcel takes three to five working days to arrive. Shipping to Germany costs 9 dollars.",
        "paying.md": "# Ways to pay\n\nYou can use PayPal, cards and Apple Pay to pay for an order.",
        "运费.md": "# 运费与时效\n\n普通快递运费五元，三到五个工作日送达。",
        "付款.md": "# 付款方式\n\n线上可以用支付宝、微信支付和银行卡付款。",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    library = Library.open(folder / "library", EmbedderChoice(kind="auto"))
    library.ingest([folder / name for name in texts])
    return library


@pytest.mark.parametrize(
    ("said", "message", "question"),
    [
        ("How much is shipping to Germany?", "can I use paypal", "can I use paypal"),
        ("How much is shipping?", "how many days?", "how many days? (shipping)"),
        ("运费多少", "能用支付宝吗", "能用支付宝吗"),
        ("普通快递运费多少", "要几天", "要几天（普通快递运费）"),
    ],
)
def test_a_short_message_is_read_as_the_articles_know_it(
    articles: Library, tmp_path: Path, said: str, message: str, question: str
) -> None:
    assert _read(tmp_path, articles.search, [said], message).question == question


@pytest.mark.parametrize(
    "message", ["and is that insured?", "what about gifts?", "is there parking there?", "它保险吗", "那保险呢"]
)
def test_what_points_back_is_never_read_by_itself(tmp_path: Path, message: str) -> None:
    def search(question: str, k: int, language: Language) -> Retrieval:
        return _fitting(float(question == message))

    assert points_back(message)
    assert _read(tmp_path, search, ["Shipping 运费 to Germany 德国 costs what 多少钱?"], message).question != message


@pytest.mark.parametrize(
    "message", ["can I use paypal", "gift cards?", "is there a minimum term", "能用支付宝吗", "学生打折吗"]
)
def test_what_is_only_short_does_not_point(message: str) -> None:
    assert not points_back(message)


def test_a_search_that_fails_leaves_the_message_with_what_was_carried(tmp_path: Path) -> None:
    def broken(question: str, k: int, language: Language) -> Retrieval:
        raise OSError("no such index")

    read = _read(tmp_path, broken, ["How much is shipping to Germany?"], "can I use paypal")
    assert read.question.startswith("can I use paypal (")


def test_the_language_stays_that_of_the_conversation(tmp_path: Path) -> None:
    read = _read(tmp_path, lambda question, k, language: _fitting(1.0), ["运费多少"], "PayPal?")
    assert (read.question, read.language) == ("PayPal?", "zh")


@pytest.mark.parametrize(
    ("said", "message", "question"),
    [
        ("refund for LO-10500, mei21@example.com, I changed my mind", "how long", "how long (refund changed mind)"),
        ("What does the code TV-204 mean?", "and TV-500?", "What does the code TV-500 mean?"),
        ("May I return it after 10 days?", "and after 40 days?", "May I return it after 40 days?"),
        ("我17岁能自己住吗", "13岁呢", "我13岁能自己住吗"),
        ("What does the annual pass cost?", "for students?", "for students? (annual pass cost)"),
    ],
)
def test_what_is_carried_is_what_it_was_about(tmp_path: Path, said: str, message: str, question: str) -> None:
    assert _read(tmp_path, lambda *_: _fitting(0.0), [said], message).question == question
