"""A fake Slack, and a store of its own, for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.slack_server import FakeSlack, fake_slack


@pytest.fixture(params=["http", "socket"])
async def slack(request: pytest.FixtureRequest) -> AsyncIterator[FakeSlack]:
    """In both modes; `@HTTP` and `@SOCKET` of `tests.support.slack_home` leave one."""
    async with fake_slack(request.param) as server:
        yield server


@pytest.fixture
def store(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'parley.db'}"
