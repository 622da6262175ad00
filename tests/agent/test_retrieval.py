"""Evidence from documents and graph: what the graph lacks is refused only where the documents do not know it either."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from agent.retrieval import GraphSearch, KnowledgeRetriever
from agent.types import EntityMention, GraphAnswer, Language, Retrieval, Understanding
from knowledge.types import GraphStatus, Passage, PassageEvidence

PASSAGE = Passage(id="p", source_id="express", title="Express", section=(), position=0, text="Express costs $12.90.")


class Articles:
    def search(self, question: str, k: int, language: str) -> Retrieval:
        return Retrieval(passages=(PassageEvidence(passage=PASSAGE, score=1.0),))


class LackingGraph:
    def answer(self, question: str, mentions: Sequence[EntityMention] | None, language: Language) -> GraphAnswer:
        return GraphAnswer(status=GraphStatus.UNKNOWN, score=0.6)


class PricedGraph:
    def answer(self, question: str, mentions: Sequence[EntityMention] | None, language: Language) -> GraphAnswer:
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
    def answer(self, question: str, mentions: Sequence[EntityMention] | None, language: Language) -> GraphAnswer:
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


async def retrieved(graph: GraphSearch) -> GraphAnswer | None:
    """What comes of a graph's answer about a thing that may not be meant."""
    guess = EntityMention(id="n", name="Parcel box", type="box", span=(0, 1), score=0.6)
    asked = Understanding(text="q", question="q", language="en", entities=(guess,))
    return (await KnowledgeRetriever(Articles(), graph, passages=8).retrieve(asked)).graph


async def test_articles_that_are_sure_go_before_an_answer_about_what_may_not_be_meant() -> None:
    graph = await retrieved(PricedGraph())
    assert graph is not None
    assert graph.score == 0.62


async def test_what_may_not_be_meant_is_not_said_to_lack_anything() -> None:
    assert await retrieved(UnsupportingGraph()) is None


class AnswersOnlyOfP5:
    def answer(self, question: str, mentions: Sequence[EntityMention] | None, language: Language) -> GraphAnswer:
        status = GraphStatus.ANSWERED if "P5" in question else GraphStatus.NONE
        return GraphAnswer(status=status, form="attribute", relation="price", results=("9",), score=0.95)


class Searched(Articles):
    asked = ""

    def search(self, question: str, k: int, language: str) -> Retrieval:
        self.asked = question
        return super().search(question, k, language)


async def test_articles_are_asked_what_the_graph_does_not_answer_of_several_questions() -> None:
    articles = Searched()
    parts = ("What is the P5?", "Do you deliver?")
    understanding = Understanding(text="q", question="q", language="en", parts=parts)
    found = await KnowledgeRetriever(articles, AnswersOnlyOfP5(), passages=8).retrieve(understanding)
    assert [part.graph is not None for part in found.parts] == [True, False]
    assert articles.asked == "Do you deliver?"


async def test_questions_of_which_the_graph_answers_none_are_asked_as_one() -> None:
    articles = Searched()
    understanding = Understanding(text="q", question="q", language="en", parts=("Do you deliver?", "And on Sundays?"))
    found = await KnowledgeRetriever(articles, AnswersOnlyOfP5(), passages=8).retrieve(understanding)
    assert found.parts == ()
    assert articles.asked == "q"


async def test_what_documents_say_to_other_words_is_taken_where_the_graph_has_no_answer() -> None:
    def otherwise(understanding: Understanding, found: Retrieval, passages: int) -> Retrieval:
        return replace(found, asked=f"{understanding.question}, in other words")

    asked = Understanding(text="q", question="q", language="en")
    lacking = KnowledgeRetriever(Articles(), LackingGraph(), passages=8, otherwise=otherwise)
    assert (await lacking.retrieve(asked)).asked == "q, in other words"
    priced = KnowledgeRetriever(Articles(), PricedGraph(), passages=8, otherwise=otherwise)
    assert not (await priced.retrieve(asked)).asked


@pytest.mark.parametrize(
    ("question", "answers"),
    [("I bought the mug and its price was wrong", False), ("what is the price of the mug", True)],
)
async def test_who_only_tells_what_happened_hears_no_value(question: str, *, answers: bool) -> None:
    retriever = KnowledgeRetriever(Articles(), PricedGraph(), passages=8)
    found = await retriever.retrieve(Understanding(text=question, question=question, language="en"))
    assert (found.graph is not None) is answers
    assert found.passages
