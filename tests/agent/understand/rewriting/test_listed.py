"""Follow-ups on the things that a reply listed, and choices after a choice."""

from pathlib import Path

import pytest

from agent.types import Utterance
from agent.understand.rewriting.rewriter import RuleRewriter
from agent.understand.standing import Standing
from knowledge.graph import KnowledgeGraph

BOATS = """name,type,beds,price,heated,rating,aliases
Heron,boat,4,500,yes,4.1,苍鹭号
Otter,boat,6,800,no,4.7,水獭号
Pike,boat,2,300,yes,4.4,梭鱼号
Swan,boat,8,900,no,3.9,天鹅号
"""


class NoDocuments:
    def known_share(self, _: object) -> float:
        return 0.0

    def entitles(self, _: str) -> bool:
        return False


@pytest.fixture
def boats(tmp_path: Path) -> KnowledgeGraph:
    (tmp_path / "boats.csv").write_text(BOATS, "utf-8")
    graph = KnowledgeGraph.open(tmp_path / "boats")
    graph.import_file(tmp_path / "boats.csv")
    return graph


def found(graph: KnowledgeGraph, *messages: str) -> tuple[str, ...]:
    """The results for the last message, each answered by the graph in turn."""
    rewriter = RuleRewriter(graph, tuple, Standing(graph, NoDocuments()))
    history: list[Utterance] = []
    for message in messages:
        answer = graph.answer(rewriter.standalone(message, history))
        told = tuple(dict.fromkeys(fact.head for fact in answer.facts))
        history += [
            Utterance(role="user", content=message),
            Utterance(role="assistant", content=", ".join(told), told=frozenset(told)),
        ]
    return answer.results


@pytest.mark.parametrize(
    ("messages", "results"),
    [
        (("which boats cost less than 850", "which of them are heated"), ("Heron", "Pike")),
        (("which boats cost less than 850", "which of those has the best rating?"), ("Otter",)),
        (("which boats cost less than 850", "which of them are heated", "the cheapest of them?"), ("Pike",)),
        (("which boats are not heated", "the cheapest of those"), ("Otter",)),
        (("which boat is the cheapest", "which has the best rating"), ("Otter",)),
        (("which boat is the cheapest", "which has the best rating", "and which one has the worst rating"), ("Swan",)),
        (("which is cheaper, the Heron or the Otter", "are they both heated"), ("Heron",)),
        (("600以下的boat有哪些", "评分最高的是哪个"), ("Pike",)),
        (("850以下的boat有哪些", "其中评分最高的是哪个"), ("Otter",)),
        (("which boats cost less than 850", "what is the rating of the Swan"), ("3.9",)),
    ],
)
def test_of_those_keeps_to_them(boats: KnowledgeGraph, messages: tuple[str, ...], results: tuple[str, ...]) -> None:
    assert found(boats, *messages) == results
