"""Searches: candidates from each arm, then one fused score over all of them."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock

import numpy as np

from knowledge.embedders.embedder import Vectors, unit
from knowledge.errors import KnowledgeError
from knowledge.hybrid import ArmScores, FusionWeights, Scores, fuse, interleave
from knowledge.indexing import Indexing
from knowledge.lexical import LexicalIndex, LexicalScores
from knowledge.loaders.registry import language_of
from knowledge.parts import QuestionPart, take_apart
from knowledge.passages import PassageStore
from knowledge.types import PassageEvidence, Retrieval

_CANDIDATES = 40
_REMEMBERED = 256
_MAX_QUESTION = 2000


class Search:
    """Hybrid search over the indexes."""

    def __init__(self, store: PassageStore, indexing: Indexing, weights: FusionWeights | None = None) -> None:
        self._store = store
        self._indexing = indexing
        self._weights = weights or FusionWeights()
        self._queries: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()

    def embed_query(self, text: str) -> Vectors:
        """[d] float32; the last few are remembered."""
        return self._embed([text])[0]

    def _embed(self, texts: Sequence[str]) -> list[Vectors]:
        """Vectors of questions: those not remembered in one call of the model."""
        keys = [text[:_MAX_QUESTION] for text in texts]
        with self._lock:
            known = {key: self._queries[key] for key in keys if key in self._queries}
        new = list(dict.fromkeys(key for key in keys if key not in known))
        if len(new) == 1:
            known[new[0]] = self._indexing.embedder().embed_query(new[0])
        elif new:
            known.update(zip(new, self._indexing.embedder().embed_documents(new), strict=True))
        with self._lock:
            for key in new:
                self._queries[key] = known[key]
            while len(self._queries) > _REMEMBERED:
                self._queries.popitem(last=False)
        return [known[key] for key in keys]

    def search(self, question: str, k: int, language: str) -> Retrieval:
        """The k best passages by the fused score."""
        question = question[:_MAX_QUESTION]
        if not self._store.count():
            return Retrieval()
        failed: dict[str, str] = {}
        vectors: list[Vectors] = []
        lexical: LexicalIndex | None = None
        # Either arm may fail for reasons of its own (model, file, server); the other must still answer.
        try:
            lexical = self._indexing.lexical()
        except Exception as error:  # noqa: BLE001
            failed["lexical"] = str(error) or type(error).__name__
        parts = take_apart(question, self._indexing.names())
        try:
            vectors = self._vectors([part.text for part in parts], [part.bare for part in parts], language)
            nearest = [self._indexing.vectors().search(vector, _CANDIDATES) for vector in vectors]
        except Exception as error:  # noqa: BLE001
            failed["vector"] = str(error) or type(error).__name__
            vectors, nearest = [], []
        if len(failed) == 2:
            raise KnowledgeError(f"No search works: {'; '.join(f'{arm}: {why}' for arm, why in failed.items())}")
        ranked = [
            self._ranked(part, vectors[row] if vectors else None, nearest[row] if nearest else {}, lexical)
            for row, part in enumerate(parts)
        ]
        best = interleave([list(one) for one in ranked], k)
        found = {passage.id: passage for passage in self._store.passages(best)}
        evidence: dict[str, PassageEvidence] = {}
        for one in ranked:
            for passage_id, (score, arms) in one.items():
                if passage_id in found and (passage_id not in evidence or score > evidence[passage_id].score):
                    passage = found[passage_id]
                    evidence[passage_id] = PassageEvidence(passage=passage, score=score, arm_scores=arms)
        return Retrieval(passages=tuple(evidence[id_] for id_ in best if id_ in evidence), failed_arms=failed)

    def search_arm(self, arm: str, question: str, k: int, language: str) -> tuple[PassageEvidence, ...]:
        """The k best passages of one arm alone. Raises KnowledgeError for an arm that does not exist."""
        if arm == "vector":
            scores: Mapping[str, float] = dict(list(self._nearest(question, language).items())[:k])
        elif arm == "lexical":
            index = self._indexing.lexical()
            both = index.scores(question)
            total = both.body + both.head
            scores = {index.ids[row]: float(total[row]) for row in _best(total, k)}
        else:
            raise KnowledgeError(f"There is no arm {arm!r}; the arms are vector and lexical.")
        passages = self._store.passages(list(scores))
        return tuple(
            PassageEvidence(passage=passage, score=scores[passage.id], arm_scores={arm: scores[passage.id]})
            for passage in passages
        )

    def _nearest(self, question: str, language: str) -> dict[str, float]:
        vectors = self._vectors([question], [question], language)
        return self._indexing.vectors().search(vectors[0], _CANDIDATES) if vectors else {}

    def _vectors(self, texts: Sequence[str], bare: Sequence[str], language: str) -> list[Vectors]:
        """A vector for each text, half of it from the text without names; none in a language the embedder lacks."""
        embedder = self._indexing.embedder()
        if (language or language_of(texts[0])) not in embedder.languages:
            return []
        whole, rest, *parts = self._embed([texts[0], *bare])
        return [unit(whole + rest), *parts]

    def _ranked(
        self, part: QuestionPart, vector: Vectors | None, nearest: Mapping[str, float], lexical: LexicalIndex | None
    ) -> dict[str, tuple[float, dict[str, float]]]:
        """Passage ids with fused score and arm scores, best first."""
        both = lexical.scores(part.text) if lexical is not None else None
        ids = list(nearest)
        if lexical is not None and both is not None:
            ids += [
                found for row in _best(both.body + both.head, _CANDIDATES) if (found := lexical.ids[row]) not in nearest
            ]
        if not ids:
            return {}
        scores = self.arm_scores(ids, part, vector, lexical, both)
        fused = fuse(scores, self._weights)
        order = np.argsort(-fused, kind="stable")
        return {ids[row]: (float(fused[row]), _arms(scores, int(row))) for row in order}

    def arm_scores(
        self,
        ids: Sequence[str],
        part: QuestionPart,
        vector: Vectors | None,
        lexical: LexicalIndex | None,
        both: LexicalScores | None,
    ) -> ArmScores:
        """What each arm says of each candidate."""
        cosine = span = body = head = name = None
        if vector is not None:
            stored = self._store.vectors(ids)
            blank = np.zeros((1, len(vector)), dtype=np.float32)
            similar = [stored.get(passage_id, blank) @ vector for passage_id in ids]
            cosine = np.array([values[0] for values in similar], dtype=np.float32)
            span = np.array([values[1:].max(initial=values[0]) for values in similar], dtype=np.float32)
        if lexical is not None and both is not None:
            at = np.array([lexical.rows.get(passage_id, -1) for passage_id in ids])
            body = np.where(at >= 0, both.body[at], 0).astype(np.float32)
            head = np.where(at >= 0, both.head[at], 0).astype(np.float32)
        if part.names:
            names = self._indexing.names()
            name = np.array([names.match(passage_id, part.names) for passage_id in ids], dtype=np.float32)
        tops = (float(both.body.max()), float(both.head.max())) if both is not None else (1.0, 1.0)
        return ArmScores(vector=cosine, span=span, body=body, head=head, name=name, tops=tops)


def _best(scores: Scores, k: int) -> list[int]:
    """Rows of the k highest positive scores, best first."""
    count = min(k, len(scores))
    if not count:
        return []
    top = np.argpartition(-scores, count - 1)[:count]
    return [int(row) for row in top[np.argsort(-scores[top], kind="stable")] if scores[row] > 0]


def _arms(scores: ArmScores, row: int) -> dict[str, float]:
    found = {"vector": scores.vector, "span": scores.span}
    arms = {name: float(values[row]) for name, values in found.items() if values is not None}
    if scores.body is not None and scores.head is not None:
        arms["lexical"] = float(scores.body[row] + scores.head[row])
    return arms
