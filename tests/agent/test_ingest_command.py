"""`parley ingest` and `parley knowledge check` as their users run them."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from agent.homes import new_home
from tests.support.commands import PARLEY, environment
from tests.support.commands import parley_here as parley


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = new_home(tmp_path / "home")
    made.settings_file.write_text('[knowledge]\nembedder = "corpus"\n', "utf-8")
    return made.root


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "old.md").write_text(
        "---\nvalid_from: 2024-01-01\n---\n# Returns\n\nYou can return a product within 30 days of delivery.\n"
    )
    (folder / "new.md").write_text(
        "---\nvalid_from: 2025-01-01\n---\n# Returns\n\nYou can return a product within 14 days of delivery.\n"
    )
    return folder


async def test_contradictions_are_reported_after_an_ingest_and_by_a_command(home: Path, docs: Path) -> None:
    read = json.loads((await parley(home, "ingest", str(docs), "--json")).out)
    checked = await parley(home, "knowledge", "check", "--json")
    assert checked.status == 1
    assert json.loads(checked.out)["contradictions"] == read["contradictions"]
    (pair,) = read["contradictions"]
    assert (pair["kind"], pair["newer"]) == ("numbers", "docs/new.md")
    assert [one["quote"] for one in pair["statements"]] == [
        "You can return a product within 30 days of delivery.",
        "You can return a product within 14 days of delivery.",
    ]
    shown = await parley(home, "knowledge", "check")
    assert "docs/new.md (newer): Returns" in shown.out
    (docs / "old.md").unlink()
    assert json.loads((await parley(home, "ingest", str(docs), "--prune", "--json")).out)["contradictions"] == []
    assert (await parley(home, "knowledge", "check")).status == 0


async def test_an_ingest_tells_of_internal_articles_that_customers_may_read_and_can_hide_them(
    home: Path, docs: Path
) -> None:
    for name, title in (("freeze", "Internal: Freezing a card"), ("bypass", "解冻银行卡（内部）")):
        (docs / f"{name}.md").write_text(f"# {title}\n\nThe override code is 4711. 解锁代码是4711。\n", "utf-8")
    told = await parley(home, "ingest", str(docs))
    assert "Customers may read 2 that call themselves internal (解冻银行卡（内部）)" in told.err
    diagnosis = json.loads((await parley(home, "doctor", "--json")).out)["findings"]
    assert any("may read 2 articles that call themselves internal" in finding["detail"] for finding in diagnosis)
    hidden = json.loads((await parley(home, "ingest", str(docs), "--internal-titles", "--json")).out)
    assert (hidden["changed"], hidden["seemingly_internal"]) == (2, [])
    for question in ("What is the override code?", "解锁代码是什么？"):
        assert "4711" not in (await parley(home, "ask", question)).out


async def test_an_ingest_says_where_to_name_the_company_until_it_has_a_name(home: Path, docs: Path) -> None:
    hint = "under [company] in"
    assert hint in (await parley(home, "ingest", str(docs / "old.md"))).err
    assert hint not in (await parley(home, "ingest", str(docs / "old.md"))).err  # nothing new came
    named = (await parley(home, "ingest", str(docs / "new.md"), COMPANY__NAME="Acme", COMPANY__NAME_ZH="顶点")).err
    assert hint not in named


async def test_a_folder_without_anything_to_read_is_named(home: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert f"in {tmp_path / 'empty'}." in (await parley(home, "ingest", str(tmp_path / "empty"))).err
    assert "Nothing was read" not in (await parley(home, "ingest", "--rebuild")).err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--valid-until", "soon"], "--valid-until: 'soon' is no date; write it as 2026-01-31"),
        (["--audience", "secrit"], "'secrit' is not one of 'public', 'internal'"),
        (["--watch", "https://shop.example/"], "only files and folders can be watched"),
    ],
)
async def test_wrong_options_are_refused_with_what_is_allowed(
    home: Path, docs: Path, options: list[str], said: str
) -> None:
    finished = await parley(home, "ingest", str(docs), *options)
    assert finished.status == 2
    assert said in " ".join(finished.err.replace("│", " ").split())
    assert "Traceback" not in finished.err


@asynccontextmanager
async def watching(home: Path, docs: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        PARLEY,
        *("ingest", str(docs), "--watch", "--prune", "--json"),
        env=environment({"PARLEY_HOME": str(home)}),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_watched_folder_is_read_again_as_it_changes_until_ctrl_c(home: Path, docs: Path) -> None:
    async with watching(home, docs) as process, asyncio.timeout(100):
        assert process.stdout is not None and process.stderr is not None
        assert json.loads(await process.stdout.readline())["added"] == 2
        while b"Watching" not in await process.stderr.readline():
            pass
        await asyncio.sleep(0.5)  # the watch itself begins after it is announced
        (docs / "delivery.md").write_text("# Delivery\n\nDelivery takes 3 days.\n")
        assert json.loads(await process.stdout.readline())["added"] == 1
        (docs / "delivery.md").unlink()
        assert json.loads(await process.stdout.readline())["removed"] == 1
        process.send_signal(signal.SIGINT)
        said = (await process.stderr.read()).decode()
        assert await process.wait() == 0
    assert "added" in said and str(docs / "delivery.md") in said
    assert "Stopped watching" in said and "Traceback" not in said
