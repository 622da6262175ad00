"""Searches: candidates from each arm, then one fused score over all of them."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
import numpy.typing as npt

from knowledge.embedders.embedder import Vectors, unit
from knowledge.errors import KnowledgeError
from knowledge.index.indexing import Indexing
from knowledge.index.lexical import LexicalIndex, LexicalScores
from knowledge.index.names import OTHER_NAME, Names
from knowledge.index.nearest import CANDIDATES, Nearest, ahead, nearest, shown
from knowledge.index.visible import Visible
from knowledge.loaders.registry import language_of
from knowledge.passages import PassageStore
from knowledge.question.harm import what_to_do
from knowledge.question.parts import QuestionPart, take_apart
from knowledge.rerankers.reranker import Reranker
from knowledge.retrieval.expansion import Expansion
from knowledge.retrieval.fusion import SHIPPED, Situation, situation
from knowledge.retrieval.hybrid import SIGNALS, FusionWeights, Scores, diversify, fuse, interleave
from knowledge.retrieval.neighbours import Neighbours
from knowledge.types import PassageEvidence, Retrieval

Ranked = dict[str, tuple[float, dict[str, float]]]
"""Passage ids, best first, with fused score and arm scores."""

_NEIGHBOURS = 10
_REFINED = 20
_BEST_SPANS = 3
_REMEMBERED = 256
_MAX_QUESTION = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """What the arms found for one question: passage ids, [n, len(SIGNALS)] what is known of each, and what arms say.

    situation: what the fusion has to weigh. foreign: those left out that are in another language, though nearer than all,
    with their fused scores.
    """

    question: str
    ids: Sequence[str]
    signals: Scores
    arms: Sequence[dict[str, float]]
    situation: Situation
    foreign: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _PartVectors:
    """[d] of a part of the question, with its names and without."""

    whole: Vectors
    bare: Vectors


_NOTHING = Candidates(
    question="", ids=(), signals=np.zeros((0, len(SIGNALS)), dtype=np.float32), arms=(), situation=Situation.WORDS_ONLY
)


class Search:
    """Hybrid search over the indexes."""

    def __init__(
        self,
        store: PassageStore,
        indexing: Indexing,
        fitted: Mapping[Situation, FusionWeights],
        expansion: Expansion,
        reranker: Reranker | None = None,
        diversity: float = 0.0,
        neighbours: Neighbours | None = None,
    ) -> None:
        self._store = store
        self._indexing = indexing
        self._expansion = expansion
        self._reranker = reranker
        self._diversity = diversity
        self._neighbours = neighbours
        self._fitted = dict(fitted)
        self._queries: OrderedDict[tuple[str, str], Vectors] = OrderedDict()
        self._lock = Lock()

    def embed_query(self, text: str) -> Vectors:
        """[d] float32; the last few are remembered."""
        return self._embed([text])[0]

    def _embed(self, texts: Sequence[str]) -> list[Vectors]:
        """Vectors of questions: those not remembered in one call of the model."""
        embedder = self._indexing.embedder()
        keys = [(embedder.name, text[:_MAX_QUESTION]) for text in texts]
        with self._lock:
            known = {key: self._queries[key] for key in keys if key in self._queries}
        new = list(dict.fromkeys(key for key in keys if key not in known))
        if len(new) == 1:
            known[new[0]] = embedder.embed_query(new[0][1])
        elif new:
            known.update(zip(new, embedder.embed_documents([text for _, text in new]), strict=True))
        with self._lock:
            for key in new:
                self._queries[key] = known[key]
            while len(self._queries) > _REMEMBERED:
                self._queries.popitem(last=False)
        return [known[key] for key in keys]

    def search(self, question: str, k: int, language: str, visible: Visible) -> Retrieval:
        """The k best of the visible passages by the fused score."""
        if self._store.is_empty():
            return Retrieval()
        parts, failed = self._found(question[:_MAX_QUESTION], language, visible)
        ranked = [self._refined(part, self._fused(part), failed) for part in parts]
        best = interleave([list(one) for one in ranked], k)
        found = {passage.id: passage for passage in self._store.passages(best) if visible.allows(passage)}
        evidence: dict[str, PassageEvidence] = {}
        for one in ranked:
            for passage_id, (score, arms) in one.items():
                if passage_id in found and (passage_id not in evidence or score > evidence[passage_id].score):
                    passage = found[passage_id]
                    evidence[passage_id] = PassageEvidence(passage=passage, score=score, arm_scores=arms)
        return Retrieval(
            passages=tuple(evidence[id_] for id_ in best if id_ in evidence),
            foreign=self._foreign(parts, visible),
            failed_arms=failed,
        )

    def _foreign(self, parts: Sequence[Candidates], visible: Visible) -> tuple[PassageEvidence, ...]:
        """What is in another language and before all in the question's own, for each of its parts."""
        scores = {id_: score for part in parts for id_, score in part.foreign.items()}
        found = self._store.passages(list(scores)) if scores else []
        return tuple(
            PassageEvidence(passage=passage, score=scores[passage.id]) for passage in found if visible.allows(passage)
        )

    def read_ahead(self, question: str, language: str, visible: Visible) -> None:
        """Makes the vectors that a search for a question is going to want."""
        self._vectors(take_apart(question[:_MAX_QUESTION], visible.names(self._indexing)), language)

    def candidates(self, question: str, language: str, visible: Visible) -> Candidates:
        """What is known of each passage that an arm found for the whole question: all that the fusion may weigh."""
        if self._store.is_empty():
            return _NOTHING
        return self._found(question[:_MAX_QUESTION], language, visible, measured=True)[0][0]

    def _found(
        self, question: str, language: str, visible: Visible, *, measured: bool = False
    ) -> tuple[list[Candidates], dict[str, str]]:
        """Candidates for the question and each of its parts, and the arms that failed. Raises when all did.

        measured: ask the graph, too, where its word has no weight.
        """
        failed: dict[str, str] = {}
        vectors: list[_PartVectors] = []
        lexical: LexicalIndex | None = None
        # Either arm may fail for reasons of its own (model, file, server); the other must still answer.
        try:
            lexical = self._indexing.lexical()
        except Exception as error:  # noqa: BLE001
            failed["lexical"] = str(error) or type(error).__name__
        parts = (*take_apart(question, visible.names(self._indexing)), *what_to_do(question))
        try:
            vectors = self._vectors(parts, language)
            asked_in = language or language_of(question)
            near = [nearest(self._indexing, visible, unit(v.whole + v.bare), asked_in) for v in vectors]
        except Exception as error:  # noqa: BLE001
            failed["vector"] = str(error) or type(error).__name__
            vectors, near = [], []
        if len(failed) == 2:
            raise KnowledgeError(f"No search works: {'; '.join(f'{arm}: {why}' for arm, why in failed.items())}")
        found = [
            self._of_part(
                part,
                vectors[row] if vectors else None,
                near[row] if near else Nearest(),
                lexical,
                visible,
                measured=measured,
            )
            for row, part in enumerate(parts)
        ]
        return found, failed

    def search_arm(
        self, arm: str, question: str, k: int, language: str, visible: Visible
    ) -> tuple[PassageEvidence, ...]:
        """The k best passages of one arm alone. Raises KnowledgeError for an arm that does not exist."""
        if arm == "vector":
            scores: Mapping[str, float] = dict(list(self._nearest(question, language, visible).items())[:k])
        elif arm == "lexical":
            index = self._indexing.lexical()
            both = visible.scores(index, question, self._expansion)
            total = both.body + both.head
            scores = {index.ids[row]: float(total[row]) for row in _best(total, k)}
        else:
            raise KnowledgeError(f"There is no arm {arm!r}; the arms are vector and lexical.")
        passages = [passage for passage in self._store.passages(list(scores)) if visible.allows(passage)]
        return tuple(
            PassageEvidence(passage=passage, score=scores[passage.id], arm_scores={arm: scores[passage.id]})
            for passage in passages
        )

    def _nearest(self, question: str, language: str, visible: Visible) -> Mapping[str, float]:
        vectors = self._vectors([QuestionPart(text=question, names=())], language)
        if not vectors:
            return {}
        near = nearest(self._indexing, visible, vectors[0].whole, language or language_of(question))
        return near.own or near.foreign

    def _vectors(self, parts: Sequence[QuestionPart], language: str) -> list[_PartVectors]:
        """Vectors of each part, all in one call of the model; none in a language the embedder lacks."""
        if (language or language_of(parts[0].text)) not in self._indexing.embedder().languages:
            return []
        found = self._embed([text for part in parts for text in (part.text, part.bare)])
        return [_PartVectors(whole=found[at], bare=found[at + 1]) for at in range(0, len(found), 2)]

    def _of_part(
        self,
        part: QuestionPart,
        vectors: _PartVectors | None,
        near: Nearest,
        lexical: LexicalIndex | None,
        visible: Visible,
        *,
        measured: bool,
    ) -> Candidates:
        kind = Situation.WORDS_ONLY if vectors is None else situation(self._indexing.embedder(), language_of(part.text))
        expansion = self._expansion
        whole = visible.scores(lexical, part.text, expansion) if lexical is not None else None
        bare = whole if lexical is None or part.bare == part.text else visible.scores(lexical, part.bare, expansion)
        ids = [*near.own, *near.foreign]
        if lexical is not None and whole is not None:
            both = whole.body + whole.head
            known = set(ids)
            ids += [found for row in _best(both, CANDIDATES) if (found := lexical.ids[row]) not in known]
        close = None
        if lexical is not None and whole is not None and (measured or self.weights(kind).graph):
            close = self._close(part.text, lexical, visible)
            beside = _best(close * (1 + both / max(float(both.max(initial=0)), 1e-6)), _NEIGHBOURS)
            ids += [found for row in beside if (found := lexical.ids[row]) not in set(ids)]
        if not ids:
            return _NOTHING
        rows = np.array([lexical.rows.get(passage_id, -1) for passage_id in ids]) if lexical is not None else None
        signals = self._signals(ids, part, vectors, rows, (whole, bare), visible.names(self._indexing))
        if close is not None and rows is not None:
            signals[:, SIGNALS.index("graph")] = np.where(rows >= 0, close[rows], 0)
        foreign: dict[str, float] = {}
        if near.foreign:
            fused = fuse(signals, self.weights(kind))
            kept = shown(ids, fused, near)
            shown_ids = {ids[row] for row in kept}
            foreign = {id_: float(fused[ids.index(id_)]) for id_ in ahead(near) if id_ not in shown_ids}
            ids, signals, rows = [ids[row] for row in kept], signals[kept], rows[kept] if rows is not None else None
        arms = _arms(signals, whole, rows)
        return Candidates(question=part.text, ids=ids, signals=signals, arms=arms, situation=kind, foreign=foreign)

    def _close(self, question: str, lexical: LexicalIndex, visible: Visible) -> Scores:
        """[rows] how close each passage is to the question by the graph; zeros where there is none."""
        names = self._neighbours.near(question, visible.audience) if self._neighbours else {}
        return visible.mentions(lexical, names)

    def _refined(self, found: Candidates, fused: Ranked, failed: dict[str, str]) -> Ranked:
        """The best few anew in order: by the reranker where there is one, and so that near-copies do not crowd."""
        first = list(fused)[:_REFINED]
        if self._reranker is not None and first:
            try:
                first = self._reranked(self._reranker, found.question, first)
            except Exception as error:  # noqa: BLE001 — a model or a server may fail in any way; the fusion stands.
                failed["reranker"] = str(error) or type(error).__name__
        if self._diversity and found.situation is not Situation.WORDS_ONLY:
            held = self._indexing.passage_vectors(first)
            blank = np.zeros_like(next(iter(held.values()))[0]) if held else np.zeros(1, dtype=np.float32)
            vectors = np.stack([held[id_][0] if id_ in held else blank for id_ in first])
            first = diversify(first, [fused[id_][0] for id_ in first], vectors, self._diversity)
        return {id_: fused[id_] for id_ in (*first, *list(fused)[_REFINED:])}

    def _reranked(self, reranker: Reranker, question: str, ids: Sequence[str]) -> list[str]:
        passages = self._store.passages(ids)  # of what was found, so visible
        texts = [". ".join([passage.title, *passage.section]) + f"\n{passage.text}" for passage in passages]
        scores = np.array(reranker.scores(question, texts))
        return [passages[row].id for row in np.argsort(-scores, kind="stable")]

    def _fused(self, found: Candidates) -> Ranked:
        """Passage ids with fused score and arm scores, best first."""
        fused = fuse(found.signals, self.weights(found.situation))
        order = np.argsort(-fused, kind="stable").tolist()
        return {found.ids[row]: (float(fused[row]), found.arms[row]) for row in order}

    def weights(self, kind: Situation) -> FusionWeights:
        """The weights in use: the home's own, else the shipped."""
        return self._fitted.get(kind, SHIPPED[kind])

    def close(self) -> None:
        """Lets go of the reranker."""
        if self._reranker is not None:
            self._reranker.close()

    def use_expansion(self, expansion: Expansion) -> None:
        """Takes other associations for expanding questions."""
        self._expansion = expansion

    def use_neighbours(self, neighbours: Neighbours) -> None:
        """Takes a graph to ask for the surroundings of questions."""
        self._neighbours = neighbours

    def use_reranker(self, reranker: Reranker | None) -> None:
        """Takes another reranker, or none."""
        self._reranker = reranker

    def use_weights(self, fitted: Mapping[Situation, FusionWeights]) -> None:
        """Takes fitted weights in place of the shipped ones."""
        self._fitted = dict(fitted)

    def _signals(
        self,
        ids: Sequence[str],
        part: QuestionPart,
        vectors: _PartVectors | None,
        rows: npt.NDArray[np.int64] | None,
        lexical: tuple[LexicalScores | None, LexicalScores | None],
        names: Names,
    ) -> Scores:
        """[n, len(SIGNALS)]: what is known of each candidate."""
        columns = {name: np.zeros(len(ids), dtype=np.float32) for name in SIGNALS}
        if vectors is not None:
            columns |= _similar(ids, self._indexing.passage_vectors(ids), vectors)
        whole, bare = lexical
        if rows is not None and whole is not None and bare is not None:
            columns["body"] = _of_rows(whole.body, rows)
            columns["body_bare"] = _of_rows(bare.body, rows)
            columns["head"] = _of_rows(whole.head, rows)
        columns["name"] += 0.5
        if part.names:
            columns["name"] = np.array([names.match(passage_id, part.names) for passage_id in ids], dtype=np.float32)
        return np.stack([columns[name] for name in SIGNALS], axis=1)


def _similar(ids: Sequence[str], stored: Mapping[str, Vectors], asked: _PartVectors) -> dict[str, Scores]:
    """The signals of vectors, for all candidates at once: [n] cosines of passages, and of their spans where they have any."""
    blank = np.zeros((1, len(asked.whole)), dtype=np.float32)
    matrices = [stored.get(passage_id, blank) for passage_id in ids]
    counts = np.array([len(matrix) for matrix in matrices])
    both = np.stack([unit(asked.whole + asked.bare), asked.whole, asked.bare], axis=1)
    similar = np.concatenate([matrix @ both for matrix in matrices])  # small arrays: the system is asked for no memory
    padded = np.full((len(ids), int(counts.max()), 3), -np.inf, dtype=np.float32)
    padded[np.arange(padded.shape[1]) < counts[:, None]] = similar
    passage = padded[:, 0, 0].copy()
    padded[counts > 1, 0] = -np.inf  # the passage's own vector; where there are no spans, it stands for one
    best = -np.sort(-padded[:, :, 1], axis=1)[:, :_BEST_SPANS]
    known = np.minimum(np.maximum(counts - 1, 1), _BEST_SPANS)
    return {
        "passage": passage,
        "span": best[:, 0],
        "span_bare": padded[:, :, 2].max(axis=1),
        "best_spans": np.where(np.isfinite(best), best, 0).sum(axis=1) / known.astype(np.float32),
    }


def _of_rows(scores: Scores, rows: npt.NDArray[np.int64]) -> Scores:
    """Scores of these rows (-1: not indexed) over the best of all."""
    return np.asarray(np.where(rows >= 0, scores[rows], 0) / max(float(scores.max(initial=0)), 1e-6), dtype=np.float32)


def _best(scores: Scores, k: int) -> list[int]:
    """Rows of the k highest positive scores, best first."""
    count = min(k, len(scores))
    if not count:
        return []
    top = np.argpartition(-scores, count - 1)[:count]
    return [int(row) for row in top[np.argsort(-scores[top], kind="stable")] if scores[row] > 0]


def _arms(signals: Scores, lexical: LexicalScores | None, rows: npt.NDArray[np.int64] | None) -> list[dict[str, float]]:
    """For each candidate what the arms say, and how well the best candidate under another name does ("rival")."""
    at = {name: column for column, name in enumerate(SIGNALS)}
    other = signals[signals[:, at["name"]] < OTHER_NAME]
    rival = {f"rival_{name}": float(other[:, at[name]].max(initial=0)) for name in ("span_bare", "body_bare")}
    found = []
    for row, values in enumerate(signals):
        arms = {"vector": float(values[at["passage"]]), **rival}
        arms |= {name: float(values[at[name]]) for name in ("span", "span_bare", "body_bare")}
        if lexical is not None and rows is not None and rows[row] >= 0:
            arms["lexical"] = float(lexical.body[rows[row]] + lexical.head[rows[row]])
        found.append(arms)
    return found
