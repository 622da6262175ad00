"""Evidence from documents and graph: what the graph lacks is refused only where the documents do not know it either."""

import pytest

from agent.retrieval import KnowledgeRetriever
from agent.types import EntityMention, GraphAnswer, Language, Retrieval, Understanding
from knowledge.types import GraphStatus, Passage, PassageEvidence

PASSAGE = Passage(id="p", source_id="express", title="Express", section=(), position=0, text="Express costs $12.90.")


class Articles:
    def search(self, question: str, k: int, language: str) -> Retrieval:
        return Retrieval(passages=(PassageEvidence(passage=PASSAGE, score=1.0),))


class LackingGraph:
    def answer(self, question: str, mentions: tuple[EntityMention, ...], language: Language) -> GraphAnswer:
        return GraphAnswer(status=GraphStatus.UNKNOWN, score=0.6)


class PricedGraph:
    def answer(self, question: str, mentions: tuple[EntityMention, ...], language: Language) -> GraphAnswer:
        return GraphAnswer(status=GraphStatus.ANSWERED, form="attribute", relation="price", results=("9",), score=0.95)


async def found(*, covered: bool) -> Retrieval:
    retriever = KnowledgeRetriever(Articles(), LackingGraph(), passages=8, covered=lambda _: covered)
    return await retriever.retrieve(Understanding(text="q", question="q", language="en"))


async def test_what_the_graph_lacks_is_left_to_articles_that_know_the_words() -> None:
    assert (await found(covered=True)).graph is None


async def test_what_no_article_knows_is_said_to_be_lacking() -> None:
    graph = (await found(covered=False)).graph
    assert graph is not None
    assert graph.status is GraphStatus.UNKNOWN


class UnsupportingGraph:
    def answer(self, question: str, mentions: tuple[EntityMention, ...], language: Language) -> GraphAnswer:
        return GraphAnswer(status=GraphStatus.UNSUPPORTED, subjects=("P5",), score=0.6)


async def test_articles_go_first_where_the_graph_knows_the_thing_and_not_what_is_asked_of_it() -> None:
    retriever = KnowledgeRetriever(Articles(), UnsupportingGraph(), passages=8)
    graph = (await retriever.retrieve(Understanding(text="q", question="q", language="en"))).graph
    assert graph is not None
    assert graph.score == 0.45


@pytest.mark.parametrize(("more", "score"), [(True, 0.45), (False, 0.95)])
async def test_articles_go_first_where_the_question_is_about_more_than_the_graph_answers(
    more: bool,
    score: float,
) -> None:
    retriever = KnowledgeRetriever(
        Articles(), PricedGraph(), passages=8, about_more=lambda _, relation: more and relation == "price"
    )
    graph = (await retriever.retrieve(Understanding(text="q", question="q", language="en"))).graph
    assert graph is not None
    assert graph.score == score


class Searched(Articles):
    """Notes what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def search(self, question: str, k: int, language: str) -> Retrieval:
        self.asked.append(question)
        return super().search(question, k, language)


class OneFactGraph:
    """Knows prices and colours, of all questions together one of them, as a graph does."""

    def answer(self, question: str, mentions: tuple[EntityMention, ...], language: Language) -> GraphAnswer:
        for relation in ("price", "colour"):
            if relation in question:
                return GraphAnswer(status=GraphStatus.ANSWERED, form="attribute", relation=relation, score=0.95)
        return GraphAnswer(status=GraphStatus.NONE)


async def asked_apart(*questions: str) -> tuple[GraphAnswer | None, list[str]]:
    """What the graph says of a message with these questions, and what articles were searched for."""
    articles = Searched()
    retriever = KnowledgeRetriever(
        articles, OneFactGraph(), passages=8, apart=lambda _: [(question, ()) for question in questions]
    )
    whole = " ".join(questions)
    found = await retriever.retrieve(Understanding(text=whole, question=whole, language="en"))
    return found.graph, articles.asked


async def test_what_the_graph_leaves_of_several_questions_is_asked_of_the_articles() -> None:
    graph, searched = await asked_apart("its price", "how do I pay")
    assert graph is not None
    assert (graph.relation, graph.beside, searched) == ("price", "how do I pay", ["how do I pay"])


async def test_all_that_the_graph_knows_of_several_questions_is_told() -> None:
    graph, searched = await asked_apart("its price", "its colour")
    assert graph is not None
    assert [graph.relation, *(one.relation for one in graph.also)] == ["price", "colour"]
    assert (graph.beside, searched) == ("", ["its price its colour"])


async def test_questions_of_which_the_graph_knows_none_are_asked_as_one() -> None:
    graph, searched = await asked_apart("how do I pay", "by when")
    assert graph is not None
    assert (graph.status, searched) == (GraphStatus.NONE, ["how do I pay by when"])
