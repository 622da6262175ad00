"""The spaces that a mood is read in: words, characters, opinions, and sentence vectors where MiniLM is installed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from agent.training.mood.tokens import folded, words
from agent.training.term_counting import Cut, TermCounter, runs, runs_in_words
from agent.types import Emotion
from agent.understand.sentiment.lexicon import LexiconSentiment, default_sentiment
from agent.understand.sentiment.opinions import opinions_of
from knowledge.embedders import minilm
from knowledge.index.sparse import SparseRows

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats: TypeAlias = npt.NDArray[np.float64]
Space: TypeAlias = "csr_matrix | Floats"
"""Of the texts that a model is fitted on; those of messages are `SparseRows` in place of scipy's."""

_RAREST = 2  # texts that a term must occur in
OPINIONS, SENTENCES = "opinions", "sentences"
_SHOWN = [emotion for emotion in Emotion if emotion is not Emotion.NEUTRAL]
_OPINION_FEATURES = 6 + len(_SHOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class TermSpace:
    """Counts of terms, seen twice: weighed by rarity (`weighed`), and as there or not there (`present`).

    idf: [terms], float16 where a bundle holds them.
    """

    name: str
    counter: TermCounter
    idf: Floats | npt.NDArray[np.float16]

    def weighed(self, counts: SparseRows) -> SparseRows:
        """Sublinear TF-IDF, rows of length 1."""
        weights = (1 + np.log(counts.data)) * self.idf[counts.indices]
        return counts.of(weights / np.sqrt(counts.sums(weights**2))[counts.rows])

    def present(self, counts: SparseRows) -> SparseRows:
        """Terms there or not, over the root of how many there are."""
        sizes = np.diff(counts.indptr)
        return counts.of(np.repeat(1 / np.sqrt(1 + sizes), sizes))


def cut_of(name: str, *, chinese: bool) -> Cut:
    """What cuts texts into terms of one kind, "words" or "characters"."""
    if name == "words":
        return words
    if chinese:
        return lambda text: runs(folded(text), 1, 4)
    return lambda text: runs_in_words(folded(text), 2, 5)


def opinion_features(texts: Sequence[str]) -> Floats:
    """[n, features]: praise and complaint, the emotions of the lexicon, marks of exclamation and question."""
    rows = np.zeros((len(texts), _OPINION_FEATURES))
    scored = _lexicon().score(texts)
    for row, text, felt in zip(rows, texts, scored, strict=True):
        found = opinions_of(folded(text))
        said = np.sqrt(1 + found.praise + found.complaint)
        marks = (min(text.count("!") + text.count("！"), 3) / 3, float("?" in text or "？" in text))
        row[:6] = found.balance, found.praise / said, found.complaint / said, felt.polarity, *marks
        if felt.emotion in _SHOWN:  # a text that shows nothing is all noughts, and leans to neither side
            row[6 + _SHOWN.index(felt.emotion)] = 1.0
    return rows


def sentence_vectors(texts: Sequence[str]) -> Floats:
    """[n, 384] of MiniLM."""
    return minilm.packaged().embed_documents([folded(text).replace("#", "") for text in texts]).astype(np.float64)


def read_spaces(texts: Sequence[str], terms: Sequence[TermSpace], *, sentences: bool) -> dict[str, SparseRows | Floats]:
    """Every space by the name of the voice that speaks from it."""
    counted = [space.counter.count(texts) for space in terms]
    return _spaces(texts, terms, counted, sentences=sentences)


def fit_spaces(texts: Sequence[str], *, chinese: bool, sentences: bool) -> tuple[list[TermSpace], dict[str, Space]]:
    """The term spaces that these texts span, and every space of the texts."""
    terms: list[TermSpace] = []
    counted: list[SparseRows] = []
    for name in ("words", "characters"):
        counter = TermCounter.learn(cut_of(name, chinese=chinese), texts, rarest=_RAREST)
        counts = counter.count(texts)
        held = np.bincount(counts.indices, minlength=counts.shape[1])
        rarity = np.log((1 + len(texts)) / (1 + held)) + 1
        terms.append(TermSpace(name=name, counter=counter, idf=rarity))
        counted.append(counts)
    spaces = _spaces(texts, terms, counted, sentences=sentences)
    return terms, {name: space.matrix() if isinstance(space, SparseRows) else space for name, space in spaces.items()}


def _spaces(
    texts: Sequence[str], terms: Sequence[TermSpace], counted: Sequence[SparseRows], *, sentences: bool
) -> dict[str, SparseRows | Floats]:
    spaces: dict[str, SparseRows | Floats] = {}
    for space, counts in zip(terms, counted, strict=True):
        spaces[space.name] = space.weighed(counts)
        spaces[f"{space.name} present"] = space.present(counts)
    spaces[OPINIONS] = opinion_features(texts)
    if sentences:
        spaces[SENTENCES] = sentence_vectors(texts)
    return spaces


@cache
def _lexicon() -> LexiconSentiment:
    return default_sentiment()
