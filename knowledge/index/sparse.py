"""Products of sparse rows, such as texts counted by their terms."""

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_FEW = 16


def times(rows: "csr_matrix", dense: npt.NDArray[np.floating]) -> npt.NDArray[Any]:
    """[n, d]: rows [n, terms] times [terms, d].

    Of few rows only the terms that they hold are looked up: scipy brings the whole to one form before it begins.
    Raises ValueError where they do not fit together.
    """
    if rows.shape[0] > _FEW:
        return np.asarray(rows @ dense)
    if rows.shape[1] != dense.shape[0]:
        raise ValueError(f"{rows.shape[1]} terms cannot be multiplied with {dense.shape[0]}")
    found = np.zeros((rows.shape[0], dense.shape[1]), dtype=np.result_type(rows.dtype, dense.dtype))
    for row, (start, end) in enumerate(zip(rows.indptr[:-1], rows.indptr[1:], strict=True)):
        found[row] = rows.data[start:end] @ dense[rows.indices[start:end]]
    return found
