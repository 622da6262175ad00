"""`parley eval run` beside inspect_ai, deepeval and promptfoo: the same cases, the same scripted model, one run.

`python -m evals.benchmarks.harness_throughput [--cases 1000] [--inspect PYTHON] [--deepeval PYTHON] [--promptfoo BIN]`

Each peer is given by the Python, or the command, of a folder of its own where it is installed; one that is not given is left
out. All ask the model over HTTP, 16 cases at once, and score without a model: by words that a reply must hold, and by
likeness to a reference (inspect_ai: includes, exact, f1; deepeval: exact and pattern match; promptfoo: icontains, rouge-n;
Parley: everything that it counts). Printed are seconds of the whole command, start and report included, of its processor
time, and of what a case costs beyond a run of ten cases, which leaves the start out. Rounds are interleaved; the median counts.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from evals.benchmarks.scripted_server import scripted_server

_AT_ONCE, _FEW = 16, 10
_PEERS = Path(__file__).with_name("harness_peers")

Command = Callable[[Path, Path, str], list[str]]
"""Of a file of cases, an empty folder and the server's address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """Seconds on the clock and of processors, of a whole command."""

    clock: float
    processor: float


def main() -> None:
    """Measures and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--inspect", help="Python that has inspect_ai.")
    parser.add_argument("--deepeval", help="Python that has deepeval.")
    parser.add_argument("--promptfoo", help="The command promptfoo.")
    arguments = parser.parse_args()
    contenders = _contenders(arguments.inspect, arguments.deepeval, arguments.promptfoo)
    rows = _cases(arguments.cases)
    took: dict[str, dict[int, list[Took]]] = {name: {_FEW: [], len(rows): []} for name in contenders}
    with scripted_server({str(row["question"]): str(row["reference"]) for row in rows}) as url:
        for _ in range(arguments.rounds):
            for size in (_FEW, len(rows)):
                for name, command in contenders.items():
                    took[name][size].append(_run(name, command, rows[:size], url))
    _print(took, len(rows))


def _cases(count: int) -> list[dict[str, object]]:
    """In both languages; every reply is the reference, and all are right."""
    found: list[dict[str, object]] = []
    for n in range(count):
        chinese = n % 2
        question = (
            f"第 {n} 号商品的退货期限是多久？" if chinese else f"How long may I keep product {n} before I return it?"
        )
        reply = (
            f"第 {n} 号商品可在 30 天内退货，运费由我们承担。"
            if chinese
            else f"You may return product {n} within 30 days, free of charge."
        )
        found.append(
            {"id": f"c{n}", "lang": "zh" if chinese else "en", "question": question, "reference": reply, "must_include": [["30"]]}
        )  # fmt: skip
    return found


def _contenders(inspect: str | None, deepeval: str | None, promptfoo: str | None) -> dict[str, Command]:
    found: dict[str, Command] = {"parley": _parley}
    if inspect:
        script = str(_PEERS / "inspect_cases.py")
        found["inspect_ai"] = lambda cases, out, _: [inspect, script, str(cases), str(_AT_ONCE), str(out)]
    if deepeval:
        script_of_deepeval = str(_PEERS / "deepeval_cases.py")
        found["deepeval"] = lambda cases, _out, _url: [deepeval, script_of_deepeval, str(cases), str(_AT_ONCE)]
    if promptfoo:
        found["promptfoo"] = lambda cases, out, url: _promptfoo(promptfoo, cases, out, url)
    return found


def _parley(cases: Path, out: Path, url: str) -> list[str]:
    start = "from agent.cli import main; main()"
    asked = ["--openai", url, "--model", "scripted", "--at-once", str(_AT_ONCE)]
    return [
        sys.executable,
        "-c",
        start,
        "eval",
        "run",
        "--cases",
        str(cases),
        "--out",
        str(out / "run"),
        *asked,
        "--json",
    ]


def _promptfoo(command: str, cases: Path, out: Path, url: str) -> list[str]:
    rows = [json.loads(line) for line in cases.read_text("utf-8").splitlines()]
    provider = {"id": "openai:chat:scripted", "config": {"apiBaseUrl": url, "apiKey": "none"}}
    tests = [
        {
            "vars": {"question": row["question"]},
            "assert": [
                {"type": "icontains", "value": row["must_include"][0][0]},
                {"type": "rouge-n", "value": row["reference"], "threshold": 0.5},
            ],
        }
        for row in rows
    ]
    config = out / "promptfooconfig.json"
    config.write_text(json.dumps({"prompts": ["{{question}}"], "providers": [provider], "tests": tests}), "utf-8")
    given = ["-c", str(config), "-o", str(out / "out.json"), "-j", str(_AT_ONCE)]
    return [command, "eval", *given, "--no-cache", "--no-progress-bar", "--no-table"]


def _run(name: str, command: Command, rows: Sequence[dict[str, object]], url: str) -> Took:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        cases, out = root / "cases.jsonl", root / "out"
        out.mkdir()
        cases.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
        before, begun = os.times(), perf_counter()
        ended = subprocess.run(  # noqa: S603 - the commands are those above, the paths the caller's
            command(cases, out, url), env=_environment(root, url), cwd=root, capture_output=True, text=True, check=False
        )
        clock, after = perf_counter() - begun, os.times()
        if ended.returncode:
            raise SystemExit(f"{name} ended with {ended.returncode}: {ended.stderr[-2000:]}{ended.stdout[-500:]}")
        _check(name, ended.stdout, out, len(rows))
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return Took(clock=clock, processor=processor)


def _environment(root: Path, url: str) -> dict[str, str]:
    """No peer may tell anybody what it does, or find what an earlier round left."""
    quiet = {
        "DEEPEVAL_TELEMETRY_OPT_OUT": "1", "DEEPEVAL_UPDATE_WARNING_OPT_IN": "0", "PROMPTFOO_DISABLE_TELEMETRY": "1",
        "PROMPTFOO_DISABLE_UPDATE": "1", "PROMPTFOO_SELF_HOSTED": "1", "PROMPTFOO_CONFIG_DIR": str(root / "promptfoo"),
    }  # fmt: skip
    peer = {
        "SCRIPTED_BASE_URL": url,
        "SCRIPTED_API_KEY": "none",
        "OPENAI_API_KEY": "none",
        "PARLEY_HOME": str(root / "home"),
    }
    return {**os.environ, **quiet, **peer}


def _check(name: str, said: str, out: Path, count: int) -> None:
    """That the contender did all of it: every case has its reply, and is right."""
    if name == "promptfoo":
        found = json.loads((out / "out.json").read_text("utf-8"))["results"]["stats"]
        seen, right = found["successes"] + found["failures"], found["successes"] / count
    else:
        told = json.loads(said.splitlines()[-1])
        seen, right = told["cases"], told["right"]
    if (seen, right) != (count, 1.0):
        raise SystemExit(f"{name} saw {seen} of {count} cases, {right:.0%} of them right; expected all")


def _print(took: dict[str, dict[int, list[Took]]], count: int) -> None:
    sys.stdout.write(f"{'':12}{'s in all':>10}{'s of cpu':>10}{'cases/s':>10}{'ms a case':>11}   of parley\n")
    own = median(one.clock for one in took["parley"][count])
    for name, of in took.items():
        clock, few = (median(one.clock for one in of[size]) for size in (count, _FEW))
        processor = median(one.processor for one in of[count])
        each = 1000 * (clock - few) / (count - _FEW)
        sys.stdout.write(
            f"{name:12}{clock:10.2f}{processor:10.2f}{count / clock:10.0f}{each:11.2f}{clock / own:10.2f}×\n"
        )


if __name__ == "__main__":
    main()
