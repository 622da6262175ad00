"""The lexical index: BM25 over the text of passages and, apart, over what stands above it (title, headings, path)."""

import json
import re
import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import bm25s  # type: ignore[import-untyped]
import numpy as np
import numpy.typing as npt

from knowledge.types import Passage
from knowledge.words import words

_FORMAT = "lexical-3"


@dataclass(frozen=True, slots=True, kw_only=True)
class LexicalScores:
    """BM25 of every passage in the index's order, each ≥ 0: of its text, and of its title, headings and path."""

    body: npt.NDArray[np.float32]
    head: npt.NDArray[np.float32]


class LexicalIndex:
    """Immutable; a change of passages makes a new one."""

    def __init__(self, ids: Sequence[str], body: "bm25s.BM25 | None", head: "bm25s.BM25 | None") -> None:
        self.ids = list(ids)
        self.rows = {passage_id: row for row, passage_id in enumerate(ids)}
        self._body, self._head = body, head

    @classmethod
    def build(cls, passages: Sequence[Passage]) -> "LexicalIndex":
        """The index of these passages."""
        if not passages:
            return cls([], None, None)
        body = _bm25([words(passage.text) for passage in passages], b=0.75)
        head = _bm25([with_pairs(words(head_of(passage))) for passage in passages], b=0.4)
        return cls([passage.id for passage in passages], body, head)

    @classmethod
    def load(cls, folder: Path, revision: int) -> "LexicalIndex | None":
        """The saved index, None when there is none of this revision or it is damaged."""
        try:
            stamp = json.loads((folder / "stamp.json").read_text("utf-8"))
            if stamp["format"] != _FORMAT or stamp["revision"] != revision:
                return None
            parts = [bm25s.BM25.load(folder / name) if stamp["ids"] else None for name in ("body", "head")]
            return cls(stamp["ids"], *parts)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def save(self, folder: Path, revision: int) -> None:
        """Writes the index; its stamp goes last, so that a half-written one is not taken for whole."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, part in (("body", self._body), ("head", self._head)):
            if part is not None:
                part.save(folder / name)
        stamp = {"format": _FORMAT, "revision": revision, "ids": self.ids}
        (folder / "stamp.json").write_text(json.dumps(stamp, ensure_ascii=False), "utf-8")

    def scores(self, question: str) -> LexicalScores:
        """Scores of all passages for a question."""
        terms = words(question)
        return LexicalScores(
            body=_scores(self._body, terms, self.ids), head=_scores(self._head, with_pairs(terms), self.ids)
        )

    def known_share(self, terms: Collection[str]) -> float:
        """Share of terms that some passage holds, in its text or above it; 1 without terms."""
        parts = [part.vocab_dict for part in (self._body, self._head) if part is not None]
        return sum(any(term in part for part in parts) for term in terms) / len(terms) if terms else 1.0

    def holds(self, term: str, rows: npt.NDArray[np.bool_]) -> bool:
        """Whether one of these rows ([n], true for those meant) holds a term, in its text or above it."""
        for part in (self._body, self._head):
            column = None if part is None else part.vocab_dict.get(term)
            if part is not None and column is not None:
                start, end = part.scores["indptr"][column : column + 2]
                if rows[part.scores["indices"][start:end]].any():
                    return True
        return False


def head_of(passage: Passage) -> str:
    """What stands above a passage: title, headings, and the words of its id or path, which often name the product."""
    path = re.sub(r"[#/_.\d-]+", " ", passage.source_id) if passage.source_id != passage.title else ""
    return "\n".join([passage.title, *passage.section, path])


def with_pairs(terms: Sequence[str]) -> list[str]:
    """Terms and pairs of neighbours, so that "Silver Plus" is more than "silver" and "plus"."""
    return [*terms, *(f"{left} {right}" for left, right in pairwise(terms))]


def _bm25(corpus: Sequence[Sequence[str]], b: float) -> "bm25s.BM25":
    index = bm25s.BM25(method="lucene", k1=1.2, b=b)
    # One empty document at least must have a term, or the vocabulary is empty.
    index.index([list(terms) or ["\x00"] for terms in corpus], show_progress=False)
    return index


def _scores(index: "bm25s.BM25 | None", terms: Sequence[str], ids: Sequence[str]) -> npt.NDArray[np.float32]:
    known = [term for term in terms if index is not None and term in index.vocab_dict]
    if index is None or not known:
        return np.zeros(len(ids), dtype=np.float32)
    return np.asarray(index.get_scores(known), dtype=np.float32)
