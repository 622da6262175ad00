"""Small conversations about products and places whose graph is made in the test."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from agent.learning.graph.known import Known
from agent.learning.graph.speaking import Message, listen
from agent.learning.records import LoggedConversation, SaidTurn
from knowledge.graph import KnowledgeGraph
from knowledge.graph.entities import EntityRecord, Source, SourceHead

GREEK = ("Alpha", "Beta", "Gamma", "Delta", "Kappa", "Lambda", "Sigma", "Omega", "Zeta", "Theta")
STARS = ("织女", "牵牛", "天狼", "北落", "参宿", "角宿", "心宿", "轩辕", "毕宿", "昴宿")


def graph_of(folder: Path, records: Iterable[EntityRecord]) -> KnowledgeGraph:
    """A graph that states these records."""
    graph = KnowledgeGraph.open(folder)
    graph.take([Source(head=SourceHead(source_id="test", fingerprint=""), entities=list(records))])
    return graph


def conversation(id_: str, *said: str) -> LoggedConversation:
    """Customer and staff in turn."""
    turns = [SaidTurn(n=n, role="user" if n % 2 else "agent", text=text) for n, text in enumerate(said, 1)]
    return LoggedConversation(id=id_, source="test", turns=tuple(turns))


def heard(graph: KnowledgeGraph, conversations: Sequence[LoggedConversation]) -> tuple[Known, list[list[Message]]]:
    """What the graph states, and the conversations as the finders see them."""
    return Known.of(record for _, record in graph.records()), list(listen(conversations, graph))


def products(prices: Mapping[str, float | None]) -> list[EntityRecord]:
    """Products with prices; None for one whose price the graph lacks."""
    return [
        EntityRecord(name=name, type="product", values={"price": [price]} if price is not None else {})
        for name, price in prices.items()
    ]


def english(without: Sequence[str] = ()) -> tuple[list[EntityRecord], list[LoggedConversation]]:
    """Speakers and what they cost."""
    prices = {f"{name} Speaker": 100.0 + 7 * n for n, name in enumerate(GREEK)}
    talks = [
        conversation(f"en{n}", f"How much is the {name}?", f"The price of the {name} is ${price:g} today.")
        for n, (name, price) in enumerate(prices.items())
    ]
    return products({name: None if name in without else price for name, price in prices.items()}), talks


def chinese(without: Sequence[str] = ()) -> tuple[list[EntityRecord], list[LoggedConversation]]:
    """Speakers and what they cost, in Chinese."""
    prices = {f"{name}音箱": 200.0 + 3 * n for n, name in enumerate(STARS)}
    talks = [
        conversation(f"zh{n}", f"{name}的价格是多少？", f"您好，{name}的价格是{price:g}元。")
        for n, (name, price) in enumerate(prices.items())
    ]
    return products({name: None if name in without else price for name, price in prices.items()}), talks
