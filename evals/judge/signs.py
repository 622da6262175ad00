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
from knowledge.embedders.embedder import Embedder
from knowledge.spans import split_spans
from knowledge.words import words

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
class Read:
    """Passages read once for many claims. counts: how many sentences hold each term; vectors: [sentences, d] where an
    embedder read them, else None.
    """

    passages: tuple[str, ...]
    sentences: tuple[str, ...]
    owners: tuple[int, ...]
    counts: Mapping[str, int]
    vectors: "np.typing.NDArray[np.float32] | None"

    @classmethod
    def of(cls, passages: Sequence[str], embed: "Embed | None" = None) -> "Read":
        """embed: that of an embedder that understands the language of these passages, or None."""
        pairs = [(n, sentence) for n, text in enumerate(passages) for sentence in _sentences(text)]
        texts = tuple(text for _, text in pairs)
        vectors = np.concatenate([embed(_sentences(text)) for text in passages]) if embed and passages else None
        counts = Counter(chain.from_iterable(map(terms_of, texts)))
        owners = tuple(owner for owner, _ in pairs)
        return cls(passages=tuple(passages), sentences=texts, owners=owners, counts=counts, vectors=vectors)


def grounded_signs(claim: str, read: Read) -> list[float]:
    """GROUNDED of a claim, all 0 without passages."""
    if not read.passages:
        return [0.0] * len(GROUNDED)
    terms, weights = terms_of(claim), _weights(claim, read)
    held = [terms & terms_of(sentence) for sentence in read.sentences]
    by_sentence = [_cover(found, weights) for found in held]
    best = int(np.argmax(by_sentence))
    two = max((_cover(one | other, weights) for one, other in pairwise(held)), default=max(by_sentence))
    by_passage = [_cover(terms & terms_of(passage), weights) for passage in read.passages]
    whole, said = "\n".join(read.passages), numbers_of(claim)
    own = read.sentences[best]
    return [
        by_sentence[best],
        max(two, by_sentence[best]),
        max(by_passage),
        max(_pairs(claim, passage) for passage in read.passages),
        _share(said, numbers_of(whole)),
        _share(said, numbers_of(own)),
        _names(claim, whole),
        min(1.0, len(terms) / 20),
        float(_denies(claim) != _denies(own)),
    ]


def answer_signs(question: str, read: Read) -> list[float]:
    """ANSWERS of a question, all 0 without passages."""
    if not read.passages:
        return [0.0] * len(ANSWERS)
    terms, weights = terms_of(question), _weights(question, read)
    by_passage = [_cover(terms & terms_of(passage), weights) for passage in read.passages]
    whole = "\n".join(read.passages)
    best = read.passages[int(np.argmax(by_passage))]
    rare = sorted(terms, key=lambda term: (-weights.get(term, 0.0), term))[: max(1, len(terms) // 3)]
    return [
        max(_cover(terms & terms_of(sentence), weights) for sentence in read.sentences),
        max(by_passage),
        _cover(terms & terms_of(whole), weights),
        max(_pairs(question, passage) for passage in read.passages),
        _share(frozenset(rare), terms_of(best)),
        _names(question, whole),
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


def _weights(text: str, read: Read) -> dict[str, float]:
    """Of the words of a text: the rarer among the sentences, the more."""
    return {term: math.log1p(len(read.sentences) / (1 + read.counts.get(term, 0))) + 0.5 for term in terms_of(text)}


def _cover(found: frozenset[str], weights: dict[str, float]) -> float:
    total = sum(weights.values())
    return sum(weights[term] for term in found) / total if total else 0.0


def _share(said: frozenset[str], known: frozenset[str]) -> float:
    return len(said & known) / len(said) if said else 1.0


def _pairs(text: str, passage: str) -> float:
    """Share of neighbouring words that are neighbours in the passage, too."""
    said, known = _neighbours(text), _neighbours(passage)
    return len(said & known) / len(said) if said else 0.0


def _names(text: str, whole: str) -> float:
    said = {name.casefold() for name in names_in(text)}
    return sum(name in whole.casefold() for name in said) / len(said) if said else 1.0


def _denies(text: str) -> bool:
    return any(mark in text for mark in _DENIES if not mark.isascii()) or bool(_DENIES & set(text.lower().split()))
