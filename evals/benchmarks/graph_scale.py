"""How long a graph of a million edges takes to load and to answer, and what it weighs: varied real records.

    python -m evals.benchmarks.graph_scale RECORDS.jsonl --edges 1000000

Each copy of the records gives every name another ending, mixes the values within a relation and shuffles part of the
links to the same kind of thing in other copies, by one seed: the same records always give the same graph.
"""

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from knowledge.graph import KnowledgeGraph

Record: TypeAlias = dict[str, object]

_MARKS = "东西南北甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥春夏秋冬"
_ELSEWHERE = 0.1  # share of links that lead into another copy


def varied(records: list[Record], name: str, edges: int, seed: int = 4) -> Iterator[Record]:
    """Copies of the records, varied, until they link and state as much as wanted. edges: links between entities."""
    chance = random.Random(seed)
    names = {str(record[name]) for record in records}
    links = {k for r in records for k, v in r.items() if isinstance(v, list) and v and all(str(x) in names for x in v)}
    a_copy = sum(len(v) for r in records for k, v in r.items() if k in links and isinstance(v, list))
    copies = max(1, -(-edges // a_copy))
    pools = {k: [r[k] for r in records if r.get(k) not in (None, [])] for k in records[0] if k not in links}
    left = edges
    for copy in range(copies):
        for record in records:
            new: Record = {}
            for key, value in record.items():
                if key == name:
                    new[key] = _renamed(str(value), copy)
                elif key in links and isinstance(value, list):
                    to = (chance.randrange(copies) if chance.random() < _ELSEWHERE else copy for _ in value)
                    new[key] = [_renamed(str(item), c) for item, c in zip(value, to, strict=True)][: max(left, 0)]
                    left -= len(value)
                elif copy and key in pools and isinstance(value, int | float):
                    new[key] = chance.choice(pools[key])
                else:
                    new[key] = value
            yield new


def _renamed(name: str, copy: int) -> str:
    return f"{name}·{_MARKS[copy % len(_MARKS)]}{copy // len(_MARKS) or ''}" if copy else name


def questions(records: list[Record], n: int, seed: int = 5) -> list[str]:
    """Two-hop questions about things that have something near them."""
    chance = random.Random(seed)
    around = [r for r in records if r.get("周边酒店") and r.get("周边餐馆") and r.get("周边景点")]
    forms = [
        "{}附近评分最高的酒店叫什么？",
        "{}附近最便宜的餐馆是哪家",
        "{}周边那家豪华型酒店怎么联系",
        "{}附近评分4.5以上的景点有哪些？",
        "{}附近有几家经济型酒店？",
        "which is the cheapest hotel near {}?",
    ]
    return [chance.choice(forms).format(chance.choice(around)["名称"]) for _ in range(n)]


def _peak_mib() -> float:
    """Most memory that this process has held; what it was started by does not count."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


UNNAMED = (
    "你们几点下班？",
    "怎么申请退款",
    "上海外滩华尔道夫酒店的电话是多少",
    "how do I get a refund for my order?",
    "最便宜的酒店是哪家",
)
"""What names no entity is compared with all names; what asks for the best of all looks at all."""


def measure(folder: Path, asked: list[str]) -> dict[str, float]:
    """Load and questions, in a process of their own."""
    before, start = _peak_mib(), time.perf_counter()
    graph = KnowledgeGraph.open(folder)
    stats = graph.stats()
    found = {"load_s": time.perf_counter() - start, "entities": stats.entities, "facts": stats.facts}
    found |= {"sources": stats.sources, "load_mib": _peak_mib() - before}
    times, answered = _timed(graph, asked)
    unnamed, _ = _timed(graph, UNNAMED)
    found |= {"p50_ms": statistics.median(times), "p95_ms": times[int(0.95 * len(times))], "answered": answered}
    found |= {"unnamed_p50_ms": statistics.median(unnamed), "unnamed_max_ms": unnamed[-1]}
    return {**found, "questions": len(times), "peak_mib": _peak_mib()}


def _timed(graph: KnowledgeGraph, asked: Sequence[str]) -> tuple[list[float], int]:
    """Milliseconds of each question, in order, and how many were answered."""
    times, answered = [], 0
    for question in asked:
        start = time.perf_counter()
        answered += graph.answer(question).status == "answered"
        times.append(1000 * (time.perf_counter() - start))
    return sorted(times), answered


def _update(folder: Path, changed: Path, removed: str) -> dict[str, float]:
    """How long a graph in use takes to see one changed source, and one that is gone."""
    graph, other = KnowledgeGraph.open(folder), KnowledgeGraph.open(folder)
    graph.warm()
    found: dict[str, float] = {}
    for name, change in (
        ("import", lambda: other.import_file(changed, source_id="change")),
        ("remove", lambda: other.remove_source(removed)),
    ):
        start = time.perf_counter()
        change()
        found[f"{name}_s"] = time.perf_counter() - start
        start = time.perf_counter()
        graph.stats()
        found[f"{name}_seen_ms"] = 1000 * (time.perf_counter() - start)
    return found


def main() -> None:
    """Builds, loads, asks, changes; prints one JSON object a step."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", type=Path)
    parser.add_argument("--edges", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--folder", type=Path, help="keep the graph here, and use the one that is there")
    parser.add_argument("--measure", action="store_true", help="only load and ask")
    options = parser.parse_args()
    records = [json.loads(line) for line in options.records.read_text("utf-8").splitlines()]
    if options.measure:
        print(json.dumps(measure(options.folder, questions(records, options.questions))))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary) / "graph"
        if not folder.exists():
            data = Path(temporary) / "varied.jsonl"
            with data.open("w", encoding="utf-8") as file:
                file.writelines(
                    json.dumps(record, ensure_ascii=False) + "\n" for record in varied(records, "名称", options.edges)
                )
            start = time.perf_counter()
            KnowledgeGraph.open(folder).import_file(data)
            print(json.dumps({"built_s": time.perf_counter() - start, "source_mib": data.stat().st_size / 2**20}))
            print(json.dumps({"disk_mib": sum(f.stat().st_size for f in folder.iterdir()) / 2**20}))
        command = [sys.executable, "-m", "evals.benchmarks.graph_scale", str(options.records), "--measure"]
        command += ["--folder", str(folder), "--questions", str(options.questions)]
        print(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())  # noqa: S603
        change = Path(temporary) / "change.jsonl"
        few = [{**record, "评分": 1.0} for record in records[:200]]
        change.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in few), "utf-8")
        print(json.dumps(_update(folder, change, "change")))


if __name__ == "__main__":
    main()
