"""Sentence vectors for clustering: meaning where a model for it is installed, words and characters always."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from agent.learning.intents.words import clustering_words
from agent.types import Language
from knowledge.embedders import minilm, use
from knowledge.progress import Progress, silent

Vectors: TypeAlias = npt.NDArray[np.float32]
"""[n, dimensions], rows of unit length; a text without any word is all zeros."""

Embed: TypeAlias = Callable[[Sequence[str]], Vectors]

_DIMENSIONS: Mapping[Language, int] = {"en": 200, "zh": 100}
_WEIGHT_OF_WORDS = 0.4  # beside MiniLM's 1.0; best of 0, .35, .5, .7 and 1 on CLINC150, where .35 and .5 are alike
_BATCH = 4096


def default_embed(language: Language) -> Embed | None:
    """MiniLM where it is installed; for Chinese, of which it has the glosses, the multilingual encoder beside it."""
    if not minilm.is_available():
        return None
    return _by_both if language == "zh" and use.is_available() else minilm.packaged().embed_documents


def _by_both(texts: Sequence[str]) -> Vectors:
    """[n, 896]: MiniLM and the multilingual encoder, weighing the same."""
    return unit(np.hstack([minilm.packaged().embed_documents(texts), use.shared().read(texts)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences:
    """Texts of one language as vectors, in the order of the texts. meaning: None where no model tells it."""

    wording: Vectors
    meaning: Vectors | None = None

    def __len__(self) -> int:
        return len(self.wording)

    @property
    def joined(self) -> Vectors:
        """Meaning and wording beside each other, weighted."""
        if self.meaning is None:
            return self.wording
        return unit(np.hstack([self.meaning, _WEIGHT_OF_WORDS * self.wording]))

    @property
    def views(self) -> tuple[Vectors, ...]:
        """Each by itself."""
        return (self.wording,) if self.meaning is None else (self.meaning, self.wording)

    def take(self, rows: Sequence[int] | npt.NDArray[np.integer]) -> "Sentences":
        """Those at these positions."""
        chosen = np.asarray(rows, dtype=np.int64)
        meaning = None if self.meaning is None else self.meaning[chosen]
        return Sentences(wording=self.wording[chosen], meaning=meaning)


def sentences(
    texts: Sequence[str], language: Language, embed: Embed | None, *, seed: int = 0, progress: Progress = silent
) -> Sentences:
    """Vectors of texts of one language.

    Wording is TF-IDF of words, their pairs and characters, reduced by truncated SVD (latent semantic analysis,
    Deerwester et al. 1990), fitted on these texts; meaning is what `embed` makes of them.
    """
    wording = _latent(texts, language, seed)
    if embed is None or not texts:
        return Sentences(wording=wording)
    meant = []
    for start in range(0, len(texts), _BATCH):
        progress("embedding", start, len(texts))
        meant.append(embed(texts[start : start + _BATCH]))
    return Sentences(wording=wording, meaning=np.vstack(meant))


def unit(vectors: npt.NDArray[np.floating]) -> Vectors:
    """Rows scaled to length 1; rows of zeros stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def _latent(texts: Sequence[str], language: Language, seed: int) -> Vectors:
    from scipy.sparse import hstack
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    rarest = 2 if len(texts) >= 50 else 1
    by_words = TfidfVectorizer(
        analyzer=lambda text: clustering_words(text, language), sublinear_tf=True, min_df=rarest, dtype=np.float32
    )
    by_characters = TfidfVectorizer(
        analyzer="char_wb" if language == "en" else "char",
        ngram_range=(3, 5) if language == "en" else (1, 2),
        sublinear_tf=True,
        min_df=rarest,
        max_features=30_000,
        dtype=np.float32,
    )
    parts = []
    for vectorizer in (by_words, by_characters):
        try:
            parts.append(vectorizer.fit_transform(texts))
        except ValueError:  # no word at all, or none twice
            continue
    if not parts:
        return np.zeros((len(texts), 1), dtype=np.float32)
    features = hstack(parts).tocsr()
    dimensions = min(_DIMENSIONS[language], len(texts) - 1, features.shape[1] - 1)
    if dimensions < 2:
        return unit(features.toarray())
    return unit(TruncatedSVD(dimensions, random_state=seed).fit_transform(features))
