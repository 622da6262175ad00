"""The stores that conversations are kept in."""

from pathlib import Path

import pytest

from tests.support.postgres_server import PostgresServer


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'parley.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()
