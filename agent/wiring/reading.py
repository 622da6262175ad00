"""How the agent for one audience reads a message, and how it finds evidence for it."""

from typing import TYPE_CHECKING

from agent.bundles import BundlesInUse
from agent.ports import Languages, Understander
from agent.retrieval import KnowledgeRetriever
from agent.rewording.alone import Alone
from agent.rewording.contact import how_to_reach_us
from agent.rewording.kinds import ByKind
from agent.rewording.per_unit import price_of_one
from agent.rewording.pieces import first_piece, in_instalments
from agent.rewording.second_wording import SecondWording
from agent.stated import StatedFacts
from agent.understand.by_model import ModelUnderstander
from agent.understand.choosing import ChoiceRewriter
from agent.understand.readings import SurerReading
from agent.understand.rewriting.rewriter import RuleRewriter
from agent.understand.standing import Standing
from agent.understand.understander import StagedUnderstander
from agent.wiring.sources import Sources

if TYPE_CHECKING:
    from agent.understand.one_call import OneCall


def understander(
    sources: Sources, bundles: BundlesInUse, languages: Languages, reader: "OneCall | None", *, composes: bool
) -> Understander:
    """composes: not where a model answers, and the composer's own need not take memory."""
    graph, shelf = sources.graph, sources.shelf
    staged = StagedUnderstander(
        languages=languages,
        rewriter=ChoiceRewriter(RuleRewriter(graph, shelf.terms, Standing(graph, shelf)), graph),
        intents=bundles.intents,
        sentiment=bundles.sentiment,
        linker=graph,
        ahead=None if reader else shelf.read_ahead,  # a model may say what is asked in other words
    )
    compose = sources.composer.compose if composes else None
    read = SurerReading(staged, shelf.search, compose, lambda said: graph.outline(said).asks)
    return ModelUnderstander(read, reader, graph) if reader else read


def retriever(sources: Sources, passages: int, *, least: float | None) -> KnowledgeRetriever:
    """passages: how many it gives; least: the support below which what is composed of them is declined, None where a model answers."""
    graph, shelf = sources.graph, sources.shelf
    wordings = (
        how_to_reach_us,
        in_instalments,
        first_piece,
        price_of_one,
        ByKind(graph, shelf.known_share, shelf.entitles),
        Alone(shelf.known_share),
    )
    second = SecondWording(shelf.search, sources.composer.compose, wordings, least) if least is not None else None
    standing = Standing(graph, shelf)
    return KnowledgeRetriever(
        shelf,
        graph,
        passages=passages,
        covered=standing.covered,
        about_more=standing.about_more,
        hold=StatedFacts(graph, shelf).hold,
        otherwise=second.of if second else None,
    )
