"""What the agent for one audience answers from: its shelf, its graph, and what quotes them."""

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import partial

from agent.bundles import known_utterances
from agent.checking import agreement
from agent.generate.extractive.composer import ExtractiveComposer
from agent.generate.extractive.precedents import Precedents
from agent.generate.extractive.verifier import Verifier
from agent.home import Home
from agent.titles import Titles
from agent.types import Audience
from knowledge.graph import KnowledgeGraph
from knowledge.library import Library
from knowledge.shelf import Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Of one audience: what it may not read it cannot reach."""

    shelf: Shelf
    graph: KnowledgeGraph
    titles: Titles
    precedents: Precedents
    composer: ExtractiveComposer


def sources_for(audience: Audience, home: Home, library: Library, graph: KnowledgeGraph, verifier: Verifier) -> Sources:
    """The part of a home's documents and graph that an audience may read."""
    shelf = library.shelf(audience)
    precedents = Precedents(partial(_examples, home), shelf)
    return Sources(
        shelf=shelf,
        graph=graph.shown_to(audience),
        titles=Titles(shelf),
        precedents=precedents,
        composer=ExtractiveComposer(shelf, verifier=verifier, precedents=precedents),
    )


async def warm_up(each: Collection[Sources], *, composers: bool) -> None:
    """Loads what the first question needs.

    composers: whether they answer; behind a model they are called when that fails, and until then need not take memory.
    """
    await asyncio.gather(
        asyncio.to_thread(_all_warm, [sources.shelf for sources in each]),
        asyncio.to_thread(_all_warm, [sources.graph for sources in each]),
        asyncio.to_thread(_all_warm, [sources.composer for sources in each])
        if composers
        else asyncio.to_thread(agreement.warm),
    )


def _all_warm(parts: Iterable[Shelf | KnowledgeGraph | ExtractiveComposer]) -> None:
    for part in parts:
        part.warm()


def _examples(home: Home) -> list[tuple[str, str]]:
    """Utterances with their intents, as far as the home knows them."""
    known = known_utterances(home)
    return list(zip(known.texts, known.labels, strict=True))
