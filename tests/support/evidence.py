"""Evidence made by hand, for tests of what is said about it."""

from collections.abc import Sequence

from agent.ports import GenerationRequest
from agent.types import Language, Understanding, Utterance
from knowledge.types import Fact, GraphAnswer, GraphStatus, Passage, PassageEvidence, Retrieval

RETURNS = "You can send a product back within 30 days. Return shipping is free. Opened laptops: 14 days."
DELIVERY = "Standard delivery takes 3 days and costs $4.50."


def passage(text: str, number: int = 1, *, title: str = "", url: str | None = None) -> Passage:
    return Passage(
        id=f"p{number}",
        source_id=f"article-{number}",
        title=title or f"Article {chr(64 + number)}",
        section=(),
        text=text,
        position=0,
        url=url,
    )


def retrieved(*texts: str, facts: Sequence[Fact] = ()) -> Retrieval:
    passages = tuple(
        PassageEvidence(passage=passage(text, number), score=1 / number) for number, text in enumerate(texts, start=1)
    )
    graph = GraphAnswer(status=GraphStatus.ANSWERED, form="attribute", facts=tuple(facts), score=0.9) if facts else None
    return Retrieval(passages=passages, graph=graph)


def asked(
    question: str = "How long can I return it?",
    retrieval: Retrieval | None = None,
    *,
    language: Language = "en",
    history: Sequence[Utterance] = (),
) -> GenerationRequest:
    understanding = Understanding(text=question, question=question, language=language)
    found = retrieved(RETURNS, DELIVERY) if retrieval is None else retrieval
    return GenerationRequest(understanding=understanding, retrieval=found, history=history)
