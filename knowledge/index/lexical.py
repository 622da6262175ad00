"""The lexical index: BM25 over the text of passages and, apart, over what stands above it (title, headings, path).

Lucene's way (Robertson & Zaragoza 2009): segments that never change, a mask over the passages that have gone, small
segments joined into larger ones as they come. Scores are computed when asked, from the counts and the statistics of all
living passages, so that an index that grew by many updates answers as one made anew does.
"""

import json
import math
import os
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.errors import IndexMismatch
from knowledge.index.postings import Mask, Postings
from knowledge.index.segments import FIELDS, Segment
from knowledge.retrieval.expansion import Expansion
from knowledge.text.words import with_pairs, words
from knowledge.types import Passage

_FORMAT = "lexical-6"
_MANIFEST = "manifest.json"
_K1 = 1.2
_B = {"body": 0.75, "head": 0.4}
_MOST_DEAD = 0.25
_TRIES = 3
_NONE = Expansion()

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class LexicalScores:
    """BM25 of every passage in the index's order, each ≥ 0: of its text, and of its title, headings and path."""

    body: Scores
    head: Scores


class LexicalIndex:
    """Immutable; a change of passages makes a new one that shares what has not changed.

    ids:  of all rows in order, those of passages that have gone among them; rows: the living passages' rows.
    upto: number of the last change of passages that is in it.
    """

    def __init__(self, segments: Sequence[Segment], alive: Sequence[Mask], upto: int) -> None:
        self.upto = upto
        self._segments, self._alive = list(segments), list(alive)
        self.ids = [passage_id for segment in segments for passage_id in segment.ids]
        kept = np.concatenate([*alive, np.zeros(0, dtype=np.bool_)]).tolist()
        self.rows = {id_: row for row, (id_, keep) in enumerate(zip(self.ids, kept, strict=True)) if keep}
        self._fields = {
            name: _Field([segment.fields[at] for segment in segments], self._alive, _B[name])
            for at, name in enumerate(FIELDS)
        }

    @classmethod
    def build(cls, passages: Sequence[Passage], upto: int = 0) -> "LexicalIndex":
        """The index of these passages."""
        return cls([], [], 0).updated(passages, (), upto)

    def updated(self, passages: Sequence[Passage], gone: Collection[str], upto: int) -> "LexicalIndex":
        """The index with these passages added, or replaced where it has them, and without those that have gone."""
        alive = [mask.copy() for mask in self._alive]
        starts = np.cumsum([0, *map(len, alive)])
        for passage_id in {*gone, *(passage.id for passage in passages)}:
            if (row := self.rows.get(passage_id)) is not None:
                at = int(np.searchsorted(starts, row, side="right")) - 1
                alive[at][row - starts[at]] = False
        segments = list(zip(self._segments, alive, strict=True))
        if passages:
            segments.append((Segment.of(passages), np.ones(len(passages), dtype=np.bool_)))
        tidy = _joined([_compact(segment, mask) for segment, mask in segments if mask.any()])
        return LexicalIndex([segment for segment, _ in tidy], [mask for _, mask in tidy], upto)

    @staticmethod
    def saved_upto(folder: Path) -> int:
        """The last change that is in the saved index, -1 when there is none that can be read."""
        try:
            manifest = json.loads((folder / _MANIFEST).read_text("utf-8"))
            return int(manifest["upto"]) if manifest["format"] == _FORMAT else -1
        except (OSError, ValueError, KeyError, TypeError):
            return -1

    @classmethod
    def load(cls, folder: Path) -> "LexicalIndex | None":
        """The saved index, None when there is none, or it is damaged or of another format."""
        for _ in range(_TRIES):
            try:
                manifest = json.loads((folder / _MANIFEST).read_text("utf-8"))
                if manifest["format"] != _FORMAT:
                    return None
                segments = [Segment.load(folder, name) for name in manifest["segments"]]
                alive = [np.ones(len(segment.ids), dtype=np.bool_) for segment in segments]
                for mask, dead in zip(alive, manifest["dead"], strict=True):
                    mask[dead] = False
                return cls(segments, alive, int(manifest["upto"]))
            except IndexMismatch:
                continue  # Another process may have replaced the manifest and removed the segment meanwhile.
            except (OSError, ValueError, KeyError, TypeError, IndexError):
                return None
        return None

    def save(self, folder: Path) -> None:
        """Writes new segments, then the manifest that names them, then removes what it no longer names."""
        folder.mkdir(parents=True, exist_ok=True)
        for segment in self._segments:
            segment.save(folder)
        manifest = {
            "format": _FORMAT,
            "upto": self.upto,
            "segments": [segment.name for segment in self._segments],
            "dead": [np.flatnonzero(~mask).tolist() for mask in self._alive],
        }
        partial = folder / f"{_MANIFEST}.partial"
        with partial.open("w", encoding="utf-8") as file:
            json.dump(manifest, file)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(folder / _MANIFEST)
        kept = {_MANIFEST, *(f"{segment.name}.npz" for segment in self._segments)}
        for path in folder.iterdir():
            if path.name not in kept and path.is_file():
                path.unlink(missing_ok=True)

    def scores(self, question: str, expansion: Expansion = _NONE) -> LexicalScores:
        """Scores of all passages for a question, and for what its words are known to bring with them."""
        terms = words(question)
        return LexicalScores(
            body=self._fields["body"].scores({**Counter(terms), **expansion.of(set(terms))}),
            head=self._fields["head"].scores(Counter(with_pairs(terms))),
        )

    def holds(self, term: str, rows: Mask) -> bool:
        """Whether one of these rows ([n], true for those meant) holds a term, in its text or above it."""
        return any(field.holds(term, rows) for field in self._fields.values())

    def mentioning(self, terms: Collection[str]) -> Mask:
        """[rows] which passages hold all of these terms, in their text or above it; none without terms."""
        found = np.full(len(self.ids), bool(terms), dtype=np.bool_)
        for term in set(terms):
            body, head = (field.rows(term) for field in self._fields.values())
            found &= body | head
        return found

    def entitles(self, term: str, rows: Mask) -> bool:
        """Whether a term stands above the text of one of these rows, in title, headings or path."""
        return self._fields["head"].holds(term, rows)

    def known_share(self, terms: Collection[str]) -> float:
        """Share of terms that some passage holds, in its text or above it; 1 without terms."""
        everything = np.ones(len(self.ids), dtype=np.bool_)
        return sum(self.holds(term, everything) for term in terms) / len(terms) if terms else 1.0


class _Field:
    """BM25 of one field over all segments."""

    def __init__(self, parts: Sequence[Postings], alive: Sequence[Mask], b: float) -> None:
        self._parts = parts
        self._alive = [None if mask.all() else mask for mask in alive]
        self._count = sum(int(mask.sum()) for mask in alive)
        total = sum(int(part.lengths[mask].sum()) for part, mask in zip(parts, alive, strict=True))
        mean = max(total / max(self._count, 1), 1e-9)
        self._norms = [(_K1 * (1 - b + b * part.lengths / mean)).astype(np.float32) for part in parts]

    def holds(self, term: str, rows: Mask) -> bool:
        start = 0
        for part, alive in zip(self._parts, self._alive, strict=True):
            held, _ = part.holding(term)
            shown = rows[start : start + len(part.lengths)][held]
            if (shown if alive is None else shown & alive[held]).any():
                return True
            start += len(part.lengths)
        return False

    def rows(self, term: str) -> Mask:
        """[rows] which hold a term."""
        found = []
        for part, alive in zip(self._parts, self._alive, strict=True):
            held = np.zeros(len(part.lengths), dtype=np.bool_)
            held[part.holding(term)[0]] = True
            found.append(held if alive is None else held & alive)
        return np.concatenate(found) if found else np.zeros(0, dtype=np.bool_)

    def scores(self, terms: Mapping[str, float]) -> Scores:
        """[rows] sum over the terms, each times its weight."""
        found = [np.zeros(len(part.lengths), dtype=np.float32) for part in self._parts]
        for term, weight in terms.items():
            held = [part.holding(term) for part in self._parts]
            documents = sum(
                len(rows) if alive is None else int(alive[rows].sum())
                for (rows, _), alive in zip(held, self._alive, strict=True)
            )
            idf = weight * math.log(1 + (self._count - documents + 0.5) / (documents + 0.5))
            for (rows, counts), norms, scores in zip(held, self._norms, found, strict=True):
                if len(rows):
                    scores[rows] += np.float32(idf) * counts / (counts + norms[rows])
        for scores, alive in zip(found, self._alive, strict=True):
            if alive is not None:
                scores[~alive] = 0
        return np.concatenate(found) if found else np.zeros(0, dtype=np.float32)


def _compact(segment: Segment, alive: Mask) -> tuple[Segment, Mask]:
    """The segment, written anew without its dead where they are many."""
    if alive.mean() >= 1 - _MOST_DEAD:
        return segment, alive
    return Segment.join([(segment, alive)]), np.ones(int(alive.sum()), dtype=np.bool_)


def _joined(segments: list[tuple[Segment, Mask]]) -> list[tuple[Segment, Mask]]:
    """Largest first, each at least twice as large as the next: so few that asking is quick, and each passage is copied
    a logarithmic number of times.
    """
    tidy = sorted(segments, key=lambda one: -len(one[1]))
    while len(tidy) > 1 and len(tidy[-2][1]) < 2 * len(tidy[-1][1]):
        last = [tidy.pop(), tidy.pop()][::-1]
        joined = Segment.join(last)
        tidy.append((joined, np.ones(len(joined.ids), dtype=np.bool_)))
        tidy.sort(key=lambda one: -len(one[1]))
    return tidy
