"""Vectors of many passages are made beside this process: the same ones, and also when that one is ended."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge.embedders.corpus import CorpusEmbedder
from knowledge.embedders.embedder import embed_passages
from knowledge.index import embed_beside
from knowledge.index.embed_beside import embedding
from knowledge.index.generation import Embedded, digest
from knowledge.passages import CutDocument, PassageStore
from knowledge.types import Passage

TEXTS = (
    "Returns take thirty days.",
    "退货需要三十天。",
    "Parcels go out at noon.",
    "营业时间是九点到六点。",
    "Ask at the desk.",
)


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[PassageStore, CorpusEmbedder, list[list[str]]]:
    """Five passages in three parts, an id that is not there among them, and an embedder fitted on them."""
    monkeypatch.setattr(embed_beside, "MANY", 1)
    store = PassageStore(tmp_path / "passages.db")
    passages = [
        Passage(id=f"{n}#0", source_id=str(n), title=f"Title {n}", section=(), text=text, position=0, language="en")
        for n, text in enumerate(TEXTS)
    ]
    with store.transaction():
        for passage in passages:
            store.put_documents(
                "default",
                "a.md",
                [CutDocument(source_id=passage.source_id, digest="hash", passages=[passage])],
                there=(),
            )
    embedder = CorpusEmbedder.fit(list(TEXTS))
    embedder.save(tmp_path / "corpus.npz")
    ids = [passage.id for passage in passages]
    return store, embedder, [ids[:2], ["unknown"], ids[2:]]


def embedded(
    tmp_path: Path, store: PassageStore, embedder: CorpusEmbedder, parts: Sequence[Sequence[str]]
) -> list[list[Embedded]]:
    with embedding(embedder, tmp_path / "corpus.npz", store, parts) as embed:
        return [embed(part) for part in parts]


def test_they_are_the_same_as_if_made_here(
    tmp_path: Path,
    stored: tuple[PassageStore, CorpusEmbedder, list[list[str]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store, embedder, parts = stored
    passages = [store.passages(part) for part in parts]
    here = [[one.vector for one in embed_passages(embedder, part)] for part in passages]
    with monkeypatch.context() as patch:
        patch.setattr(CorpusEmbedder, "embed_documents", lambda *_: pytest.fail("made here"))
        beside = embedded(tmp_path, store, embedder, parts)
    assert [len(part) for part in beside] == [2, 0, 3]
    for one, other, read in zip(beside, here, passages, strict=True):
        assert np.allclose([each.matrix[0] for each in one], other, atol=1e-6)
        said = [(each.id, each.language, each.digest) for each in one]
        assert said == [(passage.id, passage.language, digest(passage)) for passage in read]


def test_where_the_other_process_dies_they_are_made_here(
    tmp_path: Path, stored: tuple[PassageStore, CorpusEmbedder, list[list[str]]]
) -> None:
    store, embedder, parts = stored
    (tmp_path / "corpus.npz").write_bytes(b"broken")
    assert [len(part) for part in embedded(tmp_path, store, embedder, parts)] == [2, 0, 3]


def test_it_ends_when_nobody_reads_any_more(
    tmp_path: Path, stored: tuple[PassageStore, CorpusEmbedder, list[list[str]]]
) -> None:
    _, _, parts = stored
    command = [sys.executable, "-m", "knowledge.index.embed_beside", str(tmp_path / "passages.db")]
    with subprocess.Popen(
        [*command, str(tmp_path / "corpus.npz")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.close()
        process.stdin.write(json.dumps(parts * 50).encode())
        process.stdin.close()
        assert process.wait(60) == 1
