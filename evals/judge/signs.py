"""Signs that a claim stands in passages, or that passages answer a question; what the fitted judge weighs. Pure.

Words are weighed by how rare they are among the passages at hand; the embedder, where there is one that understands the
language, adds likeness in meaning. Every sign is a number of about 0…1, so that one set of weights fits all texts.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise

import numpy as np

from evals.metrics.grounding import names_in, numbers_of, terms_of
from knowledge.cutting.spans import split_spans
from knowledge.embedders.embedder import Embedder
from knowledge.text.words import words

GROUNDED = (
    "words in one sentence", "words in two sentences", "words in one passage", "pairs in one passage", "numbers",
    "numbers in that sentence", "names", "length", "denial differs",
)  # fmt: skip
ANSWERS = (
    "words in one sentence", "words in one passage", "words in all passages", "pairs in one passage",
    "rare words in one passage", "names",
)  # fmt: skip
MEANING = ("nearest sentence", "second nearest", "nearest passage")
Embed = Callable[[tuple[str, ...]], "np.typing.NDArray[np.float32]"]
"""Vectors [sentences, d], unit length, of the sentences of one passage."""

_PASSAGES = 2_000
_DENIES = frozenset({"not", "no", "never", "cannot", "without", "不", "没", "无", "未", "非", "别"})


class PassageVectors:
    """Vectors of passages' sentences, each embedded once, as many questions are asked of one."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[tuple[str, ...], np.typing.NDArray[np.float32]] = {}

    def __call__(self, sentences: tuple[str, ...]) -> "np.typing.NDArray[np.float32]":
        """[sentences, d] of one passage."""
        if sentences not in self._known:
            self._known[sentences] = self._embedder.embed_documents(sentences)
        return self._known[sentences]

    def prepare(self, passages: Iterable[str]) -> None:
        """Embeds all of them in one go, which takes half as long as one after the other."""
        new = [one for one in dict.fromkeys(map(_sentences, passages)) if one not in self._known]
        vectors = self._embedder.embed_documents([sentence for one in new for sentence in one])
        ends = np.cumsum([len(one) for one in new])
        self._known |= {one: vectors[end - len(one) : end] for one, end in zip(new, ends, strict=True)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Passage:
    """What is asked of a passage again and again, by every claim of every answer that it is evidence of.

    terms: of each sentence; counts: how many sentences hold each term; folded: its text whatever the case.
    """

    sentences: tuple[str, ...]
    terms: tuple[frozenset[str], ...]
    counts: Mapping[str, int]
    numbers: frozenset[str]
    folded: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Passages read once for many claims. vectors: [sentences, d] where an embedder read them, else None."""

    passages: tuple[str, ...]
    sentences: tuple[str, ...]
    owners: tuple[int, ...]
    vectors: "np.typing.NDArray[np.float32] | None"

    @classmethod
    def of(cls, passages: Sequence[str], embed: "Embed | None" = None) -> "Read":
        """embed: that of an embedder that understands the language of these passages, or None."""
        pairs = [(n, sentence) for n, text in enumerate(passages) for sentence in _passage(text).sentences]
        vectors = np.concatenate([embed(_sentences(text)) for text in passages]) if embed and passages else None
        return cls(
            passages=tuple(passages),
            sentences=tuple(text for _, text in pairs),
            owners=tuple(owner for owner, _ in pairs),
            vectors=vectors,
        )

    @property
    def parts(self) -> list[_Passage]:
        """The passages, each as it was read."""
        return [_passage(text) for text in self.passages]


def grounded_signs(claim: str, read: Read) -> list[float]:
    """GROUNDED of a claim, all 0 without passages."""
    if not read.passages:
        return [0.0] * len(GROUNDED)
    parts, terms = read.parts, terms_of(claim)
    cover = _Cover.of(terms, parts)
    held = [terms & sentence for part in parts for sentence in part.terms]
    by_sentence = [cover.share(found) for found in held]
    best = int(np.argmax(by_sentence))
    two = max((cover.share(one | other) for one, other in pairwise(held)), default=max(by_sentence))
    by_passage = [cover.share(terms & terms_of(passage)) for passage in read.passages]
    said, own = numbers_of(claim), read.sentences[best]
    return [
        by_sentence[best],
        max(two, by_sentence[best]),
        max(by_passage),
        max(_pairs(claim, passage) for passage in read.passages),
        _share(said, frozenset[str]().union(*(part.numbers for part in parts))),
        _share(said, numbers_of(own)),
        _names(claim, parts),
        min(1.0, len(terms) / 20),
        float(_denies(claim) != _denies(own)),
    ]


def answer_signs(question: str, read: Read) -> list[float]:
    """ANSWERS of a question, all 0 without passages."""
    if not read.passages:
        return [0.0] * len(ANSWERS)
    parts, terms = read.parts, terms_of(question)
    cover = _Cover.of(terms, parts)
    by_passage = [terms & terms_of(passage) for passage in read.passages]
    shares = [cover.share(found) for found in by_passage]
    best = read.passages[int(np.argmax(shares))]
    rare = sorted(terms, key=lambda term: (-cover.weights.get(term, 0.0), term))[: max(1, len(terms) // 3)]
    return [
        max(cover.share(terms & sentence) for part in parts for sentence in part.terms),
        max(shares),
        cover.share(frozenset[str]().union(*by_passage)),
        max(_pairs(question, passage) for passage in read.passages),
        _share(frozenset(rare), terms_of(best)),
        _names(question, parts),
    ]


def meaning_signs(text: str, read: Read, embedder: Embedder) -> list[float]:
    """MEANING of a claim or question, all 0 without passages that were read by the embedder."""
    if read.vectors is None:
        return [0.0] * len(MEANING)
    near = read.vectors @ embedder.embed_query(text)
    ordered = np.sort(near)[::-1]
    passages = [float(near[[o == n for o in read.owners]].mean()) for n in sorted(set(read.owners))]
    second = float(ordered[1]) if len(ordered) > 1 else float(ordered[0])
    return [float(ordered[0]), second, max(passages)]


@lru_cache(maxsize=_PASSAGES)
def _sentences(passage: str) -> tuple[str, ...]:
    return tuple(span.text for span in split_spans(passage) if span.text.strip()) or (passage,)


@lru_cache(maxsize=5_000)
def _neighbours(text: str) -> frozenset[tuple[str, str]]:
    return frozenset(pairwise(words(text)))


@lru_cache(maxsize=_PASSAGES)
def _passage(text: str) -> _Passage:
    sentences = _sentences(text)
    terms = tuple(map(terms_of, sentences))
    return _Passage(
        sentences=sentences,
        terms=terms,
        counts=Counter(chain.from_iterable(terms)),
        numbers=numbers_of(text),
        folded=text.casefold(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cover:
    """How much of a text's words is found. weights: of each, the rarer among the sentences, the more; total: of all."""

    weights: Mapping[str, float]
    total: float

    @classmethod
    def of(cls, terms: frozenset[str], parts: Sequence[_Passage]) -> "_Cover":
        size = sum(len(part.sentences) for part in parts)
        weights = {
            term: math.log1p(size / (1 + sum(part.counts.get(term, 0) for part in parts))) + 0.5 for term in terms
        }
        return cls(weights=weights, total=sum(weights.values()))

    def share(self, found: frozenset[str]) -> float:
        return sum(self.weights[term] for term in found) / self.total if found else 0.0


def _share(said: frozenset[str], known: frozenset[str]) -> float:
    return len(said & known) / len(said) if said else 1.0


def _pairs(text: str, passage: str) -> float:
    """Share of neighbouring words that are neighbours in the passage, too."""
    said, known = _neighbours(text), _neighbours(passage)
    return len(said & known) / len(said) if said else 0.0


def _names(text: str, parts: Sequence[_Passage]) -> float:
    said = {name.casefold() for name in names_in(text)}
    return sum(any(name in part.folded for part in parts) for name in said) / len(said) if said else 1.0


def _denies(text: str) -> bool:
    return any(mark in text for mark in _DENIES if not mark.isascii()) or bool(_DENIES & set(text.lower().split()))
