"""Searches: candidates from each arm, then one fused score over all of them."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock

import numpy as np

from knowledge.embedders.embedder import Vectors
from knowledge.errors import KnowledgeError
from knowledge.hybrid import ArmScores, FusionWeights, Scores, fuse
from knowledge.indexing import Indexing
from knowledge.lexical import LexicalScores
from knowledge.loaders.registry import language_of
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
        key = text[:_MAX_QUESTION]
        with self._lock:
            if key in self._queries:
                self._queries.move_to_end(key)
                return self._queries[key]
        vector = self._indexing.embedder().embed_query(key)
        with self._lock:
            self._queries[key] = vector
            while len(self._queries) > _REMEMBERED:
                self._queries.popitem(last=False)
        return vector

    def search(self, question: str, k: int, language: str) -> Retrieval:
        """The k best passages by the fused score."""
        question = question[:_MAX_QUESTION]
        if not self._store.count():
            return Retrieval()
        failed: dict[str, str] = {}
        nearest: dict[str, float] = {}
        lexical: LexicalScores | None = None
        vector: Vectors | None = None
        # Either arm may fail for reasons of its own (model, file, server); the other must still answer.
        try:
            vector, nearest = self._nearest(question, language)
        except Exception as error:  # noqa: BLE001
            failed["vector"] = str(error) or type(error).__name__
        try:
            lexical = self._indexing.lexical().scores(question)
        except Exception as error:  # noqa: BLE001
            failed["lexical"] = str(error) or type(error).__name__
        if len(failed) == 2:
            raise KnowledgeError(f"No search works: {'; '.join(f'{arm}: {why}' for arm, why in failed.items())}")
        return Retrieval(passages=self._fused(vector, nearest, lexical, k), failed_arms=failed)

    def search_arm(self, arm: str, question: str, k: int, language: str) -> tuple[PassageEvidence, ...]:
        """The k best passages of one arm alone. Raises KnowledgeError for an arm that does not exist."""
        if arm == "vector":
            _, found = self._nearest(question, language)
            scores: Mapping[str, float] = dict(list(found.items())[:k])
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

    def _nearest(self, question: str, language: str) -> tuple[Vectors | None, dict[str, float]]:
        """The question's vector and the nearest passages; nothing for a language the embedder does not know."""
        if (language or language_of(question)) not in self._indexing.embedder().languages:
            return None, {}
        vector = self.embed_query(question)
        return vector, self._indexing.vectors().search(vector, _CANDIDATES)

    def _fused(
        self, vector: Vectors | None, nearest: Mapping[str, float], lexical: LexicalScores | None, k: int
    ) -> tuple[PassageEvidence, ...]:
        rows = self._rows() if lexical is not None else {}
        ids = list(nearest)
        if lexical is not None:
            total = lexical.body + lexical.head
            index_ids = self._indexing.lexical().ids
            ids += [index_ids[row] for row in _best(total, _CANDIDATES) if index_ids[row] not in nearest]
        if not ids:
            return ()
        scores = self._arm_scores(ids, vector, lexical, rows)
        tops = {"body": float(lexical.body.max()), "head": float(lexical.head.max())} if lexical is not None else {}
        fused = fuse(scores, self._weights, tops)
        order = np.argsort(-fused, kind="stable")[:k]
        passages = {passage.id: passage for passage in self._store.passages([ids[row] for row in order])}
        return tuple(
            PassageEvidence(passage=passages[ids[row]], score=float(fused[row]), arm_scores=_arms(scores, int(row)))
            for row in order
            if ids[row] in passages
        )

    def _arm_scores(
        self,
        ids: Sequence[str],
        vector: Vectors | None,
        lexical: LexicalScores | None,
        rows: Mapping[str, int],
    ) -> ArmScores:
        cosine = span = body = head = None
        if vector is not None:
            stored = self._store.vectors(ids)
            blank = np.zeros((1, len(vector)), dtype=np.float32)
            similar = [stored.get(passage_id, blank) @ vector for passage_id in ids]
            cosine = np.array([values[0] for values in similar], dtype=np.float32)
            span = np.array([values[1:].max(initial=values[0]) for values in similar], dtype=np.float32)
        if lexical is not None:
            at = np.array([rows.get(passage_id, -1) for passage_id in ids])
            body = np.where(at >= 0, lexical.body[at], 0).astype(np.float32)
            head = np.where(at >= 0, lexical.head[at], 0).astype(np.float32)
        return ArmScores(vector=cosine, span=span, body=body, head=head)

    def _rows(self) -> dict[str, int]:
        return {passage_id: row for row, passage_id in enumerate(self._indexing.lexical().ids)}


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
