"""A segment of the lexical index: some passages' postings, written once and never changed."""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4
from zipfile import BadZipFile

import numpy as np
from scipy.sparse import csc_matrix

from knowledge.errors import IndexMismatch
from knowledge.index.postings import Mask, Postings
from knowledge.text.words import head_of, with_pairs, words
from knowledge.types import Passage

FIELDS = ("body", "head")


@dataclass(frozen=True, kw_only=True)
class Segment:
    """name: of its file; ids: of its passages; fields: the postings of their text, and of what stands above it."""

    name: str
    ids: Sequence[str]
    fields: Sequence[Postings]

    @classmethod
    def of(cls, passages: Sequence[Passage]) -> "Segment":
        """A new segment of these passages."""
        body = Postings.of(words(passage.text) for passage in passages)
        head = Postings.of(with_pairs(words(head_of(passage))) for passage in passages)
        return cls(name=uuid4().hex, ids=[passage.id for passage in passages], fields=(body, head))

    @classmethod
    def join(cls, parts: Sequence[tuple["Segment", Mask]]) -> "Segment":
        """A new segment of what the masks keep of others."""
        ids = [id_ for segment, kept in parts for id_, keep in zip(segment.ids, kept.tolist(), strict=True) if keep]
        fields = [Postings.join([(s.fields[field], kept) for s, kept in parts]) for field in range(len(FIELDS))]
        return cls(name=uuid4().hex, ids=ids, fields=fields)

    def save(self, folder: Path) -> None:
        """Writes its file, whole or not at all, unless it is there."""
        path = folder / f"{self.name}.npz"
        if path.exists():
            return
        arrays = {"ids": _packed(self.ids)}
        for name, field in zip(FIELDS, self.fields, strict=True):
            arrays[f"{name}_terms"] = _packed(field.terms)
            arrays[f"{name}_data"], arrays[f"{name}_rows"] = field.counts.data, field.counts.indices
            arrays[f"{name}_ends"], arrays[f"{name}_lengths"] = field.counts.indptr, field.lengths
        partial = folder / f"{self.name}.partial"
        with partial.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)

    @classmethod
    def load(cls, folder: Path, name: str) -> "Segment":
        """A saved segment. Raises IndexMismatch when it is missing or damaged."""
        try:
            with (folder / f"{name}.npz").open("rb") as file, np.load(file, allow_pickle=False) as stored:
                ids = _unpacked(stored["ids"])
                fields = []
                for field in FIELDS:
                    terms, lengths = _unpacked(stored[f"{field}_terms"]), stored[f"{field}_lengths"]
                    parts = (stored[f"{field}_data"], stored[f"{field}_rows"], stored[f"{field}_ends"])
                    counts = csc_matrix(parts, shape=(len(ids), len(terms)))
                    fields.append(Postings(terms=terms, counts=counts, lengths=lengths))
                return cls(name=name, ids=ids, fields=fields)
        except (OSError, ValueError, KeyError, BadZipFile) as error:
            raise IndexMismatch(f"The lexical index is damaged ({name}). It is made anew by itself.") from error


def _packed(texts: Iterable[str]) -> np.ndarray:
    return np.frombuffer(json.dumps(list(texts), ensure_ascii=True).encode("ascii"), dtype=np.uint8)


def _unpacked(data: np.ndarray) -> list[str]:
    return [str(text) for text in json.loads(data.tobytes())]
