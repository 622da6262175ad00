"""Commands given wrongly, and files that are broken: one line that says what to do, and nothing else."""

import json
import socket
from collections.abc import Sequence
from pathlib import Path

import pytest

from agent.errors import CallerError
from tests.support.commands import in_process, parley_here

CASE = '{"id": "1", "question": "How long?", "must_include": [["30 days"]]}'


async def spoken(question: str) -> str:
    """A bot that knows one answer."""
    return "Within 30 days."


@pytest.fixture
def given(tmp_path: Path) -> list[str]:
    """A run that goes well."""
    (tmp_path / "cases.jsonl").write_text(CASE, "utf-8")
    return ["eval", "run", "--cases", str(tmp_path / "cases.jsonl"), "--function", f"{__name__}:spoken",
            "--out", str(tmp_path / "out")]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "status", "told"),
    [
        (["--url", "http://127.0.0.1:9"], 2, "give one of them"),
        (["--lang", "fr"], 2, "reports speak en or zh"),
        (["--judge", "model.example/v1"], 2, "an address begins with http:// or https://"),
        (["--judge", "http://127.0.0.1:9/v1", "--tries", "1"], 1, "the judge gave no grade"),
        (["--out", "/proc/nowhere/run"], 2, "/proc/nowhere: no such file or directory"),
        (["--rated", "nowhere.jsonl"], 2, "nowhere.jsonl: no such file or directory"),
        (["--cases", "nowhere.csv"], 2, "nowhere.csv: no such file or directory"),
    ],
)
async def test_wrong_use_is_told_in_one_line(
    given: Sequence[str], more: Sequence[str], status: int, told: str, tmp_path: Path
) -> None:
    found = await parley_here(tmp_path, *given, *more)
    assert (found.status, told in " ".join(found.err.split())) == (status, True), found.err
    assert "Traceback" not in found.err


async def test_simulated_customers_of_a_server_that_is_not_there(tmp_path: Path) -> None:
    found = await parley_here(
        tmp_path, "eval", "simulate", "--url", "http://127.0.0.1:9", "--out", str(tmp_path / "out")
    )
    assert (found.status, "Traceback" in found.err) == (1, False)
    assert "http://127.0.0.1:9" in found.err


async def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    (tmp_path / "summary.json").write_text("{}", "utf-8")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        found = await parley_here(tmp_path, "eval", "serve", str(tmp_path), "--port", port)
    assert (found.status, "choose another with --port" in found.err) == (2, True), found.err


def test_what_a_suite_says_wrongly_is_told_in_one_line(tmp_path: Path) -> None:
    suite = tmp_path / "suite.yaml"
    for text, told in (
        ("name: [", "no YAML: while parsing"),
        (
            "name: x\ncases: [{file: x.jsonl}]\ntarget: {url: 'http://x', function: 'a:b'}",
            "target: .* give one of them",
        ),
    ):
        suite.write_text(text, "utf-8")
        with pytest.raises(CallerError, match=told) as found:
            in_process("eval", "run", "--suite", str(suite), "--out", str(tmp_path / "out"))
        assert "\n" not in str(found.value)


def test_cases_of_several_files_keep_names_of_their_own(given: Sequence[str], tmp_path: Path) -> None:
    chinese = "问题;答案\n多久可以退货？;30天\n怎么退货？;上网\n"
    (tmp_path / "sheet.csv").write_bytes(chinese.encode("gb18030"))  # as Chinese spreadsheets write it
    (tmp_path / "more.jsonl").write_text(f"{CASE}\n{CASE}", "utf-8")
    (tmp_path / "other.jsonl").write_text('{"input": "How?", "expectedOutput": "So."}', "utf-8")
    files = [part for name in ("sheet.csv", "more.jsonl", "other.jsonl") for part in ("--cases", str(tmp_path / name))]
    summary = json.loads(in_process(*given, *files, "--json").splitlines()[-1])
    lines = (tmp_path / "out" / "results.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["1", "case-1", "case-2", "more/1", "more/1#2", "other/case-1"]
    assert summary["cases"] == 6 and "pass^2" not in summary
