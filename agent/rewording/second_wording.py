"""Looks a question up in other words, where what answers it as it is put would be declined."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

from agent.ports import GenerationRequest
from agent.rewording.reworded import Quoted, Reworded
from agent.types import Draft, Language, Retrieval, Understanding

Wordings = Callable[[Understanding], Iterator[Reworded]]
_TRIES = 3
_BEGINNING = 40  # characters of a quote by which it is found


class SecondWording:
    """search: the documents; compose: what would be answered from them, with its support; least: support below which that is
    declined.
    """

    def __init__(
        self,
        search: Callable[[str, int, Language], Retrieval],
        compose: Callable[[GenerationRequest], Draft],
        wordings: Sequence[Wordings],
        least: float,
    ) -> None:
        self._search, self._compose, self._wordings, self._least = search, compose, wordings, least

    def of(self, understanding: Understanding, found: Retrieval, passages: int) -> Retrieval:
        """What was found, or what is found for the first other wording that has an answer where this one has none."""
        others = chain.from_iterable(each(understanding) for each in self._wordings)
        first = next(others, None)
        if first is None or self._composed(understanding, found).support >= self._least:
            return found
        for other in islice(chain((first,), others), _TRIES):
            again = replace(self._search(other.question, passages, understanding.language), asked=other.question)
            if not other.may_be_answered_from([one.passage.text for one in again.passages]):
                continue
            draft = self._composed(understanding, again)
            if draft.support >= max(self._least, other.least) and other.is_answered_by(_quoted(draft, again)):
                return again
        return found

    def _composed(self, understanding: Understanding, found: Retrieval) -> Draft:
        """The answer from documents alone."""
        return self._compose(
            GenerationRequest(understanding=understanding, retrieval=found, history=(), conversation_id="")
        )


def _quoted(draft: Draft, found: Retrieval) -> dict[str, Quoted]:
    """What is quoted, by the ids of articles."""
    texts: dict[str, list[str]] = {}
    for one in found.passages:
        texts.setdefault(one.passage.source_id, []).append(one.passage.text)
    quotes: dict[str, list[str]] = {}
    for citation in draft.citations:
        above = next((_heading(text, citation.quote) for text in texts.get(citation.source_id, ())), "")
        quotes.setdefault(citation.source_id, []).extend((above, citation.quote))
    return {
        source: Quoted(said="\n".join(said), article="\n".join(texts.get(source, ())))
        for source, said in quotes.items()
    }


def _heading(text: str, quote: str) -> str:
    """The heading right above a quote in a text."""
    at = text.find(quote[:_BEGINNING])
    return next((line for line in reversed(text[: max(at, 0)].splitlines()) if line.startswith("#")), "")
