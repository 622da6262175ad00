"""Retrieval over the real bank articles: floors on questions that nothing was fitted to."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from knowledge.embedders import minilm
from knowledge.embedders.choose import EmbedderKind
from knowledge.library import Library, spans_of

DATA = Path(os.environ.get("PARLEY_DATA", Path(__file__).parents[3] / "shared" / "data"))

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not (DATA / "rho_bank").is_dir(), reason="needs ../shared/data or PARLEY_DATA"),
]


def hits(library: Library) -> float:
    """Share of answerable questions with a right document among the first five passages."""
    lines = (DATA / "questions" / "bank_dev.jsonl").read_text("utf-8").splitlines()
    found = []
    for case in map(json.loads, lines):
        if case["answerable"]:
            said = [turn["content"] for turn in case["history"] if turn["role"] == "user"]
            passages = library.search(" ".join([*said, case["question"]]), 5, "en").passages
            found.append(any(one.passage.source_id in case["gold_docs"] for one in passages))
    return float(np.mean(found))


@pytest.mark.parametrize(
    ("embedder", "floor"),
    [
        ("corpus", 0.7),
        pytest.param(
            "minilm",
            0.85,
            marks=[
                pytest.mark.slow,
                pytest.mark.timeout(400),
                pytest.mark.skipif(not minilm.is_available(), reason="needs the extra `embeddings`"),
            ],
        ),
    ],
)
def test_the_right_article_is_among_the_first_five(tmp_path: Path, embedder: EmbedderKind, floor: float) -> None:
    library = Library.open(tmp_path / "library", embedder)
    report = library.ingest([DATA / "rho_bank" / "articles.jsonl"])
    assert (report.added, report.broken) == (698, ())
    assert library.ingest([DATA / "rho_bank" / "articles.jsonl"]).unchanged == 698
    passages = library.passages()[:20]
    vectors = library.span_vectors([passage.id for passage in passages])
    assert all(len(vectors[passage.id]) == len(spans_of(passage)) for passage in passages)
    assert hits(library) >= floor
