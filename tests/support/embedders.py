"""The embedders that a home can have without a server, for fixtures that are made with each."""

import pytest

from knowledge.embedders import minilm

EMBEDDERS = [
    "corpus",
    pytest.param("minilm", marks=pytest.mark.skipif(not minilm.is_available(), reason="needs the embeddings extra")),
]
