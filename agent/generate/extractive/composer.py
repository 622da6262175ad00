"""Composes an answer from quoted spans, each with its citation, and from the facts of the graph."""

import asyncio
import math
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import replace

from agent.generate.extractive.best_record import asks_for_the_best_record, best_records
from agent.generate.extractive.candidates import Candidate, Candidates, SpanSource, candidates
from agent.generate.extractive.confirming import plainly
from agent.generate.extractive.free_of_charge import priced
from agent.generate.extractive.nowhere import SURE_OF_NONE, nowhere
from agent.generate.extractive.of_all import of_all
from agent.generate.extractive.of_another_place import tells_of_another_place
from agent.generate.extractive.of_the_best import side_by_side, tells_of_few
from agent.generate.extractive.overview import SURE_OF_OVERVIEW, overview
from agent.generate.extractive.precedents import Precedents
from agent.generate.extractive.products import unsaid
from agent.generate.extractive.records import SingledOut, of_the_record, read_as, singled_out, tells_of_the_whole
from agent.generate.extractive.selection import SURE as SURE_OF_SELECTION
from agent.generate.extractive.selection import Selection, room_for, select
from agent.generate.extractive.subject import content_terms
from agent.generate.extractive.verifier import Verifier
from agent.generate.extractive.weights import Array, ReaderWeights, default_weights
from agent.generate.extractive.wording import worded
from agent.generate.graph.composer import SURE
from agent.generate.graph.composer import compose as compose_facts
from agent.generate.together import together
from agent.ports import GenerationRequest
from agent.types import DecisionKind, Draft, Understanding
from knowledge.embedders import glosses
from knowledge.question.parts import QuestionPart
from knowledge.text.han import HAN
from knowledge.text.words import words
from knowledge.types import GraphStatus, PassageEvidence

_READ = 7  # spans that the verifier reads
_PRECEDENT = 0.8  # logits: what an article counts that answers the intent, or another one that does not
# How much the ranking's logit counts, and the verifier's: chosen on questions that it had not seen.
_RANKED, _TRUST = 0.6, 0.9


class ExtractiveComposer:
    """Implements `agent.ports.Generator`; knows its whole answer at once, so it yields just the Draft."""

    def __init__(
        self,
        source: SpanSource,
        weights: ReaderWeights | None = None,
        verifier: Verifier | None = None,
        precedents: Precedents | None = None,
    ) -> None:
        self._source = source
        self._weights = weights or default_weights()
        self._verifier = verifier or Verifier()
        self._precedents = precedents

    def warm(self) -> None:
        """Loads the verifier, where it is used."""
        if self._compares("en"):
            self._verifier.warm()

    def _compares(self, language: str) -> bool:
        """Whether vectors are gone by: the verifier and they were fitted together, and neither is used without the other."""
        return self._verifier.is_available and self._source.compares(language)

    async def generate(self, request: GenerationRequest) -> AsyncIterator[Draft]:
        """One Draft, from the graph where it answers, else from passages."""
        yield await asyncio.to_thread(self.compose, request)

    def compose(self, request: GenerationRequest) -> Draft:
        """The Draft; with support 0 and no text when there is nothing to quote."""
        if request.retrieval.parts:
            return self._of_parts(request)
        graph, language = request.retrieval.graph, request.understanding.language
        if graph is not None and graph.status is not GraphStatus.NONE and graph.score >= SURE:
            return compose_facts(graph, language)
        draft = self._from_passages(request)
        if graph is not None and graph.status is not GraphStatus.NONE and draft.support < graph.score:
            return compose_facts(graph, language)
        return draft

    def _of_parts(self, request: GenerationRequest) -> Draft:
        """Several questions: what the graph answers, and at the place of the first that it does not, all others from passages."""
        language, parts = request.understanding.language, request.retrieval.parts
        others = " ".join(part.question for part in parts if part.graph is None)
        drafts = []
        for part in parts:
            if part.graph is not None:
                drafts.append(compose_facts(part.graph, language))
            elif others:
                asked = replace(request.understanding, question=others, parts=())
                drafts.append(self._from_passages(replace(request, understanding=asked)))
                others = ""
        return together(drafts)

    def _from_passages(self, request: GenerationRequest) -> Draft:
        language = request.understanding.language
        parts = self._source.question_parts(request.retrieval.asked or request.understanding.question)
        if named := overview(parts, request.retrieval.passages, self._source):
            text, citations = worded([named])
            return Draft(text=text, citations=citations, support=SURE_OF_OVERVIEW)
        if none := nowhere(parts[0], request.understanding, request.retrieval.passages, self._source):
            text, citations = worded([none[1]])
            return Draft(text=f"{none[0]}\n\n{text}", citations=citations, support=SURE_OF_NONE)
        asked = [replace(part, things=_things(part, request.understanding)) for part in parts[1:] or parts]
        selections = self.selections(asked, request.retrieval.passages, language)
        if not selections or any(selection.void for selection in selections):
            return Draft(text="", support=0.0, decision=DecisionKind.DECLINE)
        text, citations = worded(selections)
        support = self.support(selections, language)
        if self._precedents and len(selections) == 1:
            agreed = self._precedents.agree(request.understanding, [one.source_id for one in citations])
            support = _moved(support, _PRECEDENT * agreed)
        if any(selection.sure for selection in selections):
            support = max(support, SURE_OF_SELECTION)
        return Draft(text=text, citations=citations, support=support)

    def support(self, selections: Sequence[Selection], language: str) -> float:
        """Probability 0…1 that what is selected answers a question in this language; Chinese on either side is read by its glosses."""
        quoted = {one.passage.language for selection in selections for one in selection.spans}
        read_as = "zh" if "zh" in quoted else language
        weights = self._weights.of(has_vectors=self._compares(language), language=read_as)
        return weights.support_of([selection.features for selection in selections])

    def selections(
        self, parts: Sequence[QuestionPart], evidence: Sequence[PassageEvidence], language: str
    ) -> list[Selection]:
        """What answers each part; shorter where there are several."""
        room, compared = room_for(len(parts)), self._compares(language)
        found = [(part, candidates(part, evidence, self._source, has_vectors=compared)) for part in parts]
        return [
            self.selection(part, evidence, spans, self._ranked(spans, language), room)
            for part, spans in found
            if spans is not None
        ]

    def _ranked(self, found: Candidates, language: str) -> Array:
        return self._weights.of(has_vectors=found.has_vectors, language=language).rank.scores(found.features)

    def selection(
        self,
        part: QuestionPart,
        evidence: Sequence[PassageEvidence],
        found: Candidates,
        logits: Array,
        room: int,
    ) -> Selection:
        """What answers one part, in `room` words, by a ranking's logits [n] and the verifier's say on the best."""
        verified, ranked = 0.0, float(logits.max())
        found = replace(found, singled_out=singled_out(part, found.spans, self._source))
        logits = of_the_record(part, found, logits)
        if found.has_vectors:
            logits, verified = self._read(part, found, logits)
        known = self._source.known_share(_terms_for(part, found))
        selected = select(
            part,
            evidence,
            found,
            logits,
            verified=verified,
            ranked=ranked,
            known_share=known,
            max_words=room,
            article=lambda source_id: self._source.passages_shown([source_id]),
        )
        first = (*selected.spans, found.spans[int(logits.argmax())])[0].passage
        if asks_for_the_best_record(part, first):
            best = best_records(part, first, self._source)
            return replace(selected, spans=tuple(best), left=(), void=not best, sure=bool(best))
        products = unsaid(part, selected.spans, evidence, self._source)
        if tells_of_few(part, selected.spans, products, [one.passage.title for one in evidence]):
            beside = side_by_side(selected.spans, self._source)
            selected = replace(selected, spans=beside or selected.spans, void=selected.void or not beside, left=())
        void = (
            selected.void
            or tells_of_another_place(part, selected.spans, self._source)
            or tells_of_the_whole(part, selected.spans, self._source)
        )
        return replace(selected, products=products, void=void)

    def _read(self, part: QuestionPart, found: Candidates, logits: Array) -> tuple[Array, float]:
        """The ranking [n] with the verifier's say on the best few spans, and its highest logit."""
        best = (-logits).argsort()[:_READ]
        texts = [_as_read(part, found.spans[place], found.singled_out) for place in best]
        said = self._verifier.scores(plainly(part.text), texts)
        read = _RANKED * logits
        read[best] += _TRUST * (said - said.mean())
        return read, float(said.max())


def _as_read(part: QuestionPart, one: Candidate, singled: SingledOut) -> str:
    """A span as the verifier reads it: in its context, and with what follows from it for what is asked about."""
    text = of_all(read_as(one, singled), part)
    return text if content_terms(part.text).isdisjoint(one.facets.context) else priced(text, part)


def _things(part: QuestionPart, understanding: Understanding) -> tuple[tuple[str, str], ...]:
    """What a part of the question names of the graph, as it says it, with its kind."""
    named = ((understanding.question[slice(*one.span)], one.type) for one in understanding.entities)
    return tuple((said, kind) for said, kind in named if kind and said and said in part.text)


def _moved(probability: float, logits: float) -> float:
    """A probability, by so many logits surer."""
    odds = probability * math.exp(logits)
    return odds / (odds + 1 - probability)


def _terms_for(part: QuestionPart, found: Candidates) -> Collection[str]:
    """The words of a question that passages may be expected to hold; of Chinese, asked of English passages alone, its glosses.

    Of English, asked of Chinese passages alone, none: they say nothing either way.
    """
    asked = "zh" if HAN.search(part.text) else "en"
    if not found.has_vectors or any(candidate.passage.language in {asked, ""} for candidate in found.spans):
        return part.terms
    return frozenset(words(glosses.shared().english(part.text))) if asked == "zh" and glosses.is_available() else ()
