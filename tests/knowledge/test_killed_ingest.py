"""An ingest that is killed again and again ends up as one that was left alone."""

import asyncio
import signal
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from agent.homes import new_home
from knowledge.library import Library
from tests.support.commands import PARLEY, environment
from tests.support.commands import parley_here as parley

FILES = 600
READ, EMBEDDED = (
    "select count(*) from passage",
    "select count(*) from passage where id not in (select passage_id from outbox)",
)
KILLS = [(READ, 1), (READ, 80), (READ, 200), (READ, 350), (READ, 500), (READ, FILES)] + [
    (EMBEDDED, many) for many in (1, 250, 300, 520)
]
"""When it is killed: as soon as so many passages were read, or embedded."""


def count(store: Path, query: str) -> int:
    if not store.exists():
        return 0
    connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=10)
    try:
        return int(connection.execute(query).fetchone()[0])
    except sqlite3.OperationalError:  # its tables are not made yet
        return 0
    finally:
        connection.close()


async def killed_at(home: Path, articles: Path, query: str, many: int) -> int:
    process = await asyncio.create_subprocess_exec(
        PARLEY,
        *("--home", str(home), "ingest", str(articles)),
        env=environment({"PARLEY_KNOWLEDGE__EMBEDDER": "corpus"}),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    while process.returncode is None and count(home / "documents" / "passages.db", query) < many:
        await asyncio.sleep(0.002)
    if process.returncode is None:
        process.kill()
    return await process.wait()


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_ten_kills_change_nothing(tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    for number in range(FILES):
        text = (
            f"# Tariff {number}\n\nTariff {number} costs {number % 97} crowns a month and covers zone {number % 13}.\n"
        )
        (articles / f"{number:04}.md").write_text(text)
    homes = tmp_path / "killed", tmp_path / "whole"
    for home in homes:
        new_home(home)
    statuses = [await killed_at(homes[0], articles, query, many) for query, many in KILLS]
    assert statuses.count(-signal.SIGKILL) >= 6, statuses
    for home in homes:
        assert (await parley(home, "ingest", str(articles), KNOWLEDGE__EMBEDDER="corpus")).status == 0
    killed, whole = (Library.open(home / "documents", "corpus") for home in homes)
    assert killed._store.is_settled()
    assert killed.all_passages() == whole.all_passages()
    ids = whole._store.passage_ids()
    assert killed._indexing.vectors().index.ids() == set(ids)
    vectors, wanted = killed._indexing.passage_vectors(ids), whole._indexing.passage_vectors(ids)
    assert all(np.array_equal(vectors[one], wanted[one]) for one in ids)
    for question in ("What does tariff 500 cost?", "zone 5"):
        by_words = [[found.passage.id for found in one.search_arm("lexical", question)] for one in (killed, whole)]
        assert by_words[0] == by_words[1]
        # The vector index finds its neighbours by a graph that depends on the order in which they came.
        likeness = [[found.score for found in one.search_arm("vector", question)] for one in (killed, whole)]
        assert likeness[0] == pytest.approx(likeness[1], abs=0.02)
    killed.close()
    whole.close()
