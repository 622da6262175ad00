"""What the examples of an intent are answered from makes an answer surer, or less sure."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Event

import pytest

from agent.generate.extractive.precedents import Precedents, looking_ahead
from agent.types import IntentScore, Language, Understanding
from knowledge.types import Passage, PassageEvidence, Retrieval

EXAMPLES = [
    *((f"can I trade in my phone {n}", "trade_in") for n in range(6)),
    *((f"旧手机能换钱吗{n}", "trade_in") for n in range(6)),
    *((f"hello {n}", "greeting") for n in range(6)),
]


@dataclass
class Documents:
    """Finds the article on trade-in for whoever says "trade" or 旧, and for others each time another one."""

    revision: int = 1
    found: str = "trade-in"
    asked: list[str] = field(default_factory=list)

    def search(self, question: str, k: int, language: str) -> Retrieval:
        self.asked.append(question)
        known = "trade" in question or "旧" in question
        sources = [f"{language}-{self.found}", "other"] if known else [f"any-{len(self.asked)}"]
        return Retrieval(passages=tuple(map(evidence, sources[:k])))


def evidence(source: str) -> PassageEvidence:
    passage = Passage(id=f"{source}#0", source_id=source, title=source, section=(), text="Text.", position=0)
    return PassageEvidence(passage=passage, score=1.0)


def meant(intent: str, confidence: float = 0.95, language: Language = "en", version: str = "1") -> Understanding:
    intents = (IntentScore(name=intent, confidence=confidence),)
    return Understanding(text="?", question="?", language=language, intents=intents, versions={"intent": version})


@pytest.mark.parametrize(
    ("understanding", "sources", "agreed"),
    [
        (meant("trade_in"), ["en-trade-in", "gift-cards"], 1),
        (meant("trade_in", language="zh"), ["zh-trade-in"], 1),
        (meant("trade_in"), ["gift-cards"], -1),
        (meant("trade_in"), ["gift-cards", "en-trade-in"], 0),
        (meant("trade_in", confidence=0.5), ["gift-cards"], 0),
        (meant("greeting"), ["gift-cards"], 0),
        (meant("unheard_of"), ["gift-cards"], 0),
        (meant("trade_in"), [], 0),
        (Understanding(text="?", question="?", language="en"), ["gift-cards"], 0),
    ],
)
def test_an_answer_agrees_with_what_answers_the_intent(
    understanding: Understanding, sources: Sequence[str], agreed: int
) -> None:
    assert Precedents(lambda: EXAMPLES, Documents()).agree(understanding, sources) == agreed


def test_an_intent_is_looked_up_once_for_each_state_of_the_documents_and_version_of_the_intents() -> None:
    documents, read = Documents(), list[int]()

    def examples() -> list[tuple[str, str]]:
        read.append(1)
        return EXAMPLES

    precedents = Precedents(examples, documents)
    for _ in range(3):
        assert precedents.agree(meant("trade_in"), ["en-trade-in"]) == 1
    assert len(documents.asked) == 6
    assert len(read) == 1
    documents.revision, documents.found = 2, "swaps"
    assert precedents.agree(meant("trade_in"), ["en-trade-in"]) == -1
    assert precedents.agree(meant("trade_in"), ["en-swaps"]) == 1
    precedents.agree(meant("trade_in", version="2"), ["en-swaps"])
    assert len(read) == 2


async def test_intents_are_looked_up_ahead() -> None:
    documents = Documents()
    precedents = Precedents(lambda: EXAMPLES, documents)
    async with looking_ahead([precedents], "1"):
        while len(documents.asked) < len(EXAMPLES):
            await asyncio.sleep(0.01)
    precedents.agree(meant("trade_in"), ["en-trade-in"])
    assert len(documents.asked) == len(EXAMPLES)


def test_looking_ahead_ends_when_it_is_told_to() -> None:
    documents, stop = Documents(), Event()
    stop.set()
    Precedents(lambda: EXAMPLES, documents).look_ahead("1", stop)
    assert not documents.asked
