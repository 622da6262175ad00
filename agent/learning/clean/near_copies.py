"""Utterances that say the same in nearly the same characters, found by MinHash and locality-sensitive hashing.

Broder, "On the resemblance and containment of documents" (1997): the share of common shingles, here of three characters
each, so that Chinese, which has no spaces, is treated like English. A pair that differs in a number, in a negation or in
the label that a person gave is never taken for copies.
"""

import re
from zlib import crc32

from datasketch import MinHash, MinHashLSH  # type: ignore[import-untyped]

THRESHOLD = 0.8
"""Share of common shingles from which on two utterances are near-copies."""
_PERMUTATIONS = 64
_SHINGLE = 3
_MARKS = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_NEGATION = re.compile(r"\b(?:not?|never|none|without|cannot|can't|un\w+)\b|n['’]t\b|[不没未无别非]", re.IGNORECASE)

_Guard = tuple[tuple[str, ...], int, str | None]


class NearCopies:
    """Remembers utterances, and tells of a new one whether it is a copy of one that was seen."""

    def __init__(self, threshold: float = THRESHOLD) -> None:
        self._threshold = threshold
        self._index = MinHashLSH(threshold=threshold, num_perm=_PERMUTATIONS)
        self._blank = MinHash(num_perm=_PERMUTATIONS, hashfunc=crc32)
        self._texts: dict[str, str] = {}
        self._same: dict[tuple[str, _Guard], str] = {}
        self._guards: dict[str, _Guard] = {}

    def original(self, id: str, text: str, label: str | None) -> tuple[str, bool] | None:
        """(id of the utterance that this is a copy of, whether it is the same word for word); None: it is remembered."""
        bare = _MARKS.sub(" ", text.lower()).strip()
        guard = _guard(text, label)
        if same := self._same.get((bare, guard)):
            return same, True
        shingles = _shingles(bare)
        hashed = self._blank.copy()  # with its permutations, which take long to draw
        hashed.update_batch([shingle.encode() for shingle in shingles])
        best, most = "", 0.0
        for other in self._index.query(hashed):
            if self._guards[other] == guard:
                theirs = _shingles(self._texts[other])
                share = len(shingles & theirs) / len(shingles | theirs)
                if share > most or (share == most and other < best):
                    best, most = other, share
        if most >= self._threshold:
            return best, False
        self._same[bare, guard] = id
        self._texts[id], self._guards[id] = bare, guard
        self._index.insert(id, hashed)
        return None


def _shingles(bare: str) -> set[str]:
    padded = f" {bare} "
    return {padded[at : at + _SHINGLE] for at in range(max(1, len(padded) - _SHINGLE + 1))}


def _guard(text: str, label: str | None) -> _Guard:
    return tuple(_NUMBER.findall(text)), len(_NEGATION.findall(text)), label
