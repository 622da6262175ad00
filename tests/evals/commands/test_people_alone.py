"""Old logs that people answered: no containment is told, and why."""

import json
from pathlib import Path

import pytest

from tests.support.commands import parley_here

BY_PEOPLE = [{"role": "user", "content": "When do you open?"}, {"role": "agent", "content": "At nine."}]
BY_BOT = [{"role": "user", "content": "When do you open?"}, {"role": "assistant", "content": "At nine."}]


@pytest.mark.parametrize(
    ("talks", "told", "containment"),
    [
        ([BY_PEOPLE] * 3, "People answered all 3 conversations", None),
        ([BY_PEOPLE, BY_BOT, BY_BOT], "People answered 1 of 3 conversations", 1.0),
        ([BY_BOT] * 2, "", 1.0),
    ],
)
async def test_who_answered_is_told(
    tmp_path: Path, talks: list[list[dict[str, str]]], told: str, containment: float | None
) -> None:
    file = tmp_path / "logs.jsonl"
    lines = [json.dumps({"id": str(n), "messages": talk}) for n, talk in enumerate(talks)]
    file.write_text("\n".join(lines), "utf-8")
    done = await parley_here(tmp_path, "eval", "conversations", str(file), "--json", "--out", str(tmp_path / "out"))
    assert done.status == 0, done.err
    assert json.loads(done.out).get("containment") == containment
    assert told in done.err and ("People" in done.err) is bool(told)
    assert (tmp_path / "out" / "report.html").is_file()
