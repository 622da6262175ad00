"""Postings of one field: which passage holds which term how often. Immutable; several are joined by copying."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix, csc_matrix, csr_matrix

Rows = npt.NDArray[np.int32]
Counts = npt.NDArray[np.uint16]
Mask = npt.NDArray[np.bool_]

_MOST = np.iinfo(np.uint16).max
_NONE: tuple[Rows, Counts] = (np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.uint16))


@dataclass(frozen=True, kw_only=True)
class Postings:
    """counts: [passages, terms], how often; terms: the names of its columns; lengths: [passages], terms in each."""

    terms: Sequence[str]
    counts: csc_matrix
    lengths: npt.NDArray[np.int64]
    _columns: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_columns", {term: column for column, term in enumerate(self.terms)})

    @classmethod
    def of(cls, texts: Iterable[Sequence[str]]) -> "Postings":
        """The postings of texts given as terms with repetitions."""
        columns: defaultdict[str, int] = defaultdict()
        columns.default_factory = columns.__len__
        flat = array("i")
        ends = [0]
        for terms in texts:
            flat.extend(map(columns.__getitem__, terms))
            ends.append(len(flat))
        shape = (len(ends) - 1, len(columns))
        ones = np.ones(len(flat), dtype=np.int32)
        indices, indptr = np.frombuffer(flat, dtype=np.intc), np.array(ends, dtype=np.int64)
        return cls._counted(list(columns), csr_matrix((ones, indices, indptr), shape=shape).tocsc())

    @classmethod
    def join(cls, parts: Sequence[tuple["Postings", Mask]]) -> "Postings":
        """The postings of the passages of all parts that their masks keep, in order."""
        columns: dict[str, int] = {}
        places: list[tuple[npt.NDArray[np.int32], Rows, Rows]] = []
        above = 0
        for part, kept in parts:
            renamed = np.array([columns.setdefault(term, len(columns)) for term in part.terms], dtype=np.int32)
            entries = part.counts.tocoo()
            alive = kept[entries.row]
            rows = (np.cumsum(kept) - 1 + above).astype(np.int32)
            places.append((entries.data[alive], rows[entries.row[alive]], renamed[entries.col[alive]]))
            above += int(kept.sum())
        data, rows, cols = (np.concatenate(found) for found in zip(*places, strict=True))
        joined = coo_matrix((data, (rows, cols)), shape=(above, len(columns))).tocsc()
        used = np.diff(joined.indptr) > 0
        names = list(columns)
        return cls._counted([names[column] for column in np.flatnonzero(used)], joined[:, used])

    @classmethod
    def _counted(cls, terms: Sequence[str], counts: csc_matrix) -> "Postings":
        counts.sum_duplicates()
        counts.sort_indices()
        lengths = np.asarray(counts.sum(axis=1, dtype=np.int64)).ravel()
        clipped = np.minimum(counts.data, _MOST).astype(np.uint16)
        kept = csc_matrix((clipped, counts.indices.astype(np.int32), counts.indptr), shape=counts.shape)
        return cls(terms=terms, counts=kept, lengths=lengths)

    def holding(self, term: str) -> tuple[Rows, Counts]:
        """Rows of the passages that hold a term, and how often each does."""
        column = self._columns.get(term)
        if column is None:
            return _NONE
        start, end = self.counts.indptr[column], self.counts.indptr[column + 1]
        return self.counts.indices[start:end], self.counts.data[start:end]
