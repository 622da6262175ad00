"""The stores that conversations are kept in, and the sample shop, made once: it takes as long as a dozen tests."""

from pathlib import Path

import pytest

from tests.support.homes import sample_shop
from tests.support.postgres_server import PostgresServer


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'parley.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture(scope="session")
def corpus_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Over the embedder that needs no model."""
    return sample_shop(tmp_path_factory.mktemp("sample") / "corpus", "corpus")
