"""For all tests: examples that Hypothesis tries may take their time, as other work may hold up the machine; PostgreSQL."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.support.postgres_server import PostgresServer, postgres_server

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session", autouse=True)
def _feelings_by_words_alone() -> Iterator[None]:
    """Homes that tests make train no sentiment models, which takes half a minute; those of the machine are not read."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARLEY_UNDERSTANDING__SENTIMENT", "words")
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One server for all tests; each takes a database of its own."""
    with postgres_server() as server:
        yield server
