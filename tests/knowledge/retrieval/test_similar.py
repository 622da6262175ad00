"""What vectors tell of all candidates at once is what they tell of each."""

import numpy as np
import pytest

from knowledge.embedders.embedder import unit
from knowledge.retrieval.search import _PartVectors, _similar


def test_each_candidate_has_its_own_cosines() -> None:
    random = np.random.default_rng(0)
    stored = {str(n): unit(random.normal(size=(n, 8)).astype(np.float32)) for n in (1, 2, 4, 9)}
    asked = _PartVectors(
        whole=unit(random.normal(size=8).astype(np.float32)), bare=unit(random.normal(size=8).astype(np.float32))
    )
    ids = [*stored, "without vectors"]
    found = _similar(ids, stored, asked)
    for at, id_ in enumerate(ids):
        matrix = stored.get(id_, np.zeros((1, 8), dtype=np.float32))
        spans = matrix[1:] if len(matrix) > 1 else matrix
        assert found["passage"][at] == pytest.approx(matrix[0] @ unit(asked.whole + asked.bare), abs=1e-6)
        assert found["span"][at] == pytest.approx((spans @ asked.whole).max(), abs=1e-6)
        assert found["span_bare"][at] == pytest.approx((spans @ asked.bare).max(), abs=1e-6)
        assert found["best_spans"][at] == pytest.approx(np.sort(spans @ asked.whole)[-3:].mean(), abs=1e-6)
