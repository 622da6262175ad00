"""Sparse rows, such as texts counted by their terms, and products of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FEW = 16
"""Rows, as many as a turn asks for."""


@dataclass(frozen=True, slots=True)
class SparseRows:
    """What scipy's csr_matrix holds, which takes longer to be made than a message to be read.

    data, indices: of each value that is held, the columns of each row in order; indptr: [rows + 1], where each row begins.
    """

    data: npt.NDArray[np.float64]
    indices: npt.NDArray[np.int64]
    indptr: npt.NDArray[np.int64]
    shape: tuple[int, int]

    @classmethod
    def counted(
        cls, rows: npt.NDArray[np.int64], columns: npt.NDArray[np.integer[Any]], shape: tuple[int, int]
    ) -> "SparseRows":
        """How often each column occurs in each row."""
        places, counts = np.unique(rows * max(shape[1], 1) + columns, return_counts=True)
        held, indices = np.divmod(places, max(shape[1], 1))
        return cls(counts.astype(np.float64), indices, np.searchsorted(held, np.arange(shape[0] + 1)), shape)

    @classmethod
    def beside(cls, parts: "Sequence[SparseRows]") -> "SparseRows":
        """Parts with as many rows, each row's values one part after the other."""
        starts = np.cumsum([0, *(part.shape[1] for part in parts)])
        order = np.argsort(np.concatenate([part.rows for part in parts]), kind="stable")
        return cls(
            np.concatenate([part.data for part in parts])[order],
            np.concatenate([part.indices + start for part, start in zip(parts, starts, strict=False)])[order],
            np.sum([part.indptr for part in parts], axis=0),
            (parts[0].shape[0], int(starts[-1])),
        )

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """In which row each value is."""
        return np.repeat(np.arange(self.shape[0]), np.diff(self.indptr))

    def of(self, data: npt.NDArray[np.float64]) -> "SparseRows":
        """Other values at the same places."""
        return SparseRows(data, self.indices, self.indptr, self.shape)

    def sums(self, data: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """[n] of other values at these places."""
        return np.asarray(np.bincount(self.rows, data, minlength=self.shape[0]), dtype=np.float64)

    def matrix(self) -> "csr_matrix":
        """As scipy has it."""
        from scipy.sparse import csr_matrix

        return csr_matrix((self.data, self.indices, self.indptr), shape=self.shape)


def times(rows: "csr_matrix | SparseRows", dense: npt.NDArray[np.floating]) -> npt.NDArray[Any]:
    """[n, d]: rows [n, terms] times [terms, d].

    Of few rows only the terms that they hold are looked up: scipy brings the whole to one form before it begins, and does not
    know half precision.
    Raises ValueError where they do not fit together.
    """
    if rows.shape[0] > FEW:
        wide = dense.astype(np.float32) if dense.dtype == np.float16 else dense
        return np.asarray((rows.matrix() if isinstance(rows, SparseRows) else rows) @ wide)
    if rows.shape[1] != dense.shape[0]:
        raise ValueError(f"{rows.shape[1]} terms cannot be multiplied with {dense.shape[0]}")
    found = np.zeros((rows.shape[0], dense.shape[1]), dtype=np.result_type(rows.data.dtype, dense.dtype))
    for row, (start, end) in enumerate(zip(rows.indptr[:-1], rows.indptr[1:], strict=True)):
        found[row] = rows.data[start:end] @ dense[rows.indices[start:end]]
    return found
