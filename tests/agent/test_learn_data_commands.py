"""`parley learn collect`, `clean`, `forget`, `consent`, `correct` over a home, as their users run them."""

import asyncio
import json
from pathlib import Path

import pytest

from agent.errors import CallerError
from tests.agent.learning.test_collect import talk
from tests.support.commands import in_process
from tests.support.homes import small_home
from tests.support.slack_export import slack_zip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = small_home(tmp_path)
    monkeypatch.setenv("PARLEY_HOME", str(root))
    return root


def learn(*arguments: str, status: int = 0) -> str:
    return in_process("learn", *arguments, status=status)


def test_from_a_slack_export_and_the_homes_own_conversations(home: Path, tmp_path: Path) -> None:
    export = slack_zip(tmp_path / "slack.zip")
    with pytest.raises(CallerError, match="nobody agreed to it in 3 conversations"):
        learn("collect", str(export))
    ids = asyncio.run(talk(home))
    first = json.loads(learn("collect", str(export), "--consented", "--json"))
    assert (first["figures"]["conversations"], first["figures"]["left out: nobody agreed"]) == (4, 1)
    assert json.loads(learn("collect", str(export), "--consented", "--json"))["run"] == first["run"]
    cleaned = json.loads(learn("clean", "--json"))
    assert cleaned["figures"]["utterances kept"] >= 4
    report = Path(cleaned["report"])
    assert report.is_file()
    assert (report.parent / "kept.svg").is_file()

    learn("correct", ids["yes"], "1", "refund_request")
    again = json.loads(learn("collect", str(export), "--consented", "--json"))
    assert again["run"] != first["run"]
    learn("consent", ids["unasked"], "yes")
    learn("consent", ids["yes"], "no")
    third = json.loads(learn("collect", str(export), "--consented", "--json"))
    assert third["figures"]["conversations"] == 4
    assert ids["yes"] not in (home / "learning" / third["run"] / "1-collect" / "conversations.jsonl").read_text()


def test_forgetting_says_what_went(home: Path, tmp_path: Path) -> None:
    asyncio.run(talk(home))
    learn("collect", str(slack_zip(tmp_path / "slack.zip")), "--consented")
    learn("clean")
    gone = json.loads(learn("forget", "--customer", "U1", "--json"))
    assert len(gone["learning"]["conversations"]) == 2
    assert (gone["store"], gone["bundles"]) == ([], [])
    mine = json.loads(learn("forget", "--customer", "mei", "--delete", "--json"))
    assert len(mine["store"]) == 1
    assert len(mine["learning"]["conversations"]) == 1
    assert "0 taken out" in learn("forget")
    with pytest.raises(CallerError, match="nobody agreed"):
        learn("collect")


def test_wrong_use_is_one_line(home: Path, tmp_path: Path) -> None:
    learn("collect", "nowhere.jsonl", status=2)
    learn("collect", "--speaker", "x=king", status=2)
    learn("clean", "--run", "2020-01-01-1", status=2)
    learn("clean", status=2)
    learn("forget", "--customer", "a", "--conversation", "b", status=2)
    learn("forget", "--delete", status=2)
