"""Evidence from documents and graph: what the graph lacks is refused only where the documents do not know it either."""

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


async def found(*, covered: bool) -> Retrieval:
    retriever = KnowledgeRetriever(Articles(), LackingGraph(), passages=8, covered=lambda _: covered)
    return await retriever.retrieve(Understanding(text="q", question="q", language="en"))


async def test_what_the_graph_lacks_is_left_to_articles_that_know_the_words() -> None:
    assert (await found(covered=True)).graph is None


async def test_what_no_article_knows_is_said_to_be_lacking() -> None:
    graph = (await found(covered=False)).graph
    assert graph is not None
    assert graph.status is GraphStatus.UNKNOWN
