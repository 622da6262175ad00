"""How fast retrieval is when there is much: `python -m evals.benchmarks.retrieval_scale ARTICLES --questions FILE…`.

Makes a corpus by varying ARTICLES (`rho_bank/articles.jsonl` of the shared data), ingests it as any operator would, and
asks it the questions. Prints rates, times, memory and disk, and how often the right article is in the first five.
"""

import argparse
import json
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from evals.benchmarks.varied import varied
from evals.cases import load_cases
from evals.metrics.ranking import recall_at
from knowledge.cutting import chunking
from knowledge.library import Library
from knowledge.loaders.registry import load
from knowledge.types import Document

_PER_FILE = 2000


def main() -> None:
    """Runs the benchmark and prints what it measured."""
    arguments = _arguments()
    folder = Path(tempfile.mkdtemp(prefix="parley-scale-", dir=arguments.folder))
    try:
        measured = _measure(arguments, folder)
    finally:
        if not arguments.keep:
            shutil.rmtree(folder, ignore_errors=True)
    if arguments.json:
        print(json.dumps(measured))
        return
    for name, value in measured.items():
        print(f"{name:28}{value}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--questions", type=Path, nargs="+", default=[])
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--embedder", choices=("minilm", "corpus"), default="corpus")
    parser.add_argument("--ask", type=int, default=300, help="how many questions")
    parser.add_argument("--folder", type=Path, help="where the corpus and the library are made; default: temporary")
    parser.add_argument("--keep", action="store_true", help="leave the library there")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _measure(arguments: argparse.Namespace, folder: Path) -> dict[str, object]:
    corpus = folder / "corpus"
    corpus.mkdir()
    documents = _write(corpus, arguments.articles, arguments.passages)
    library = Library.open(folder / "library", arguments.embedder)
    if arguments.embedder == "minilm":
        library.embed_query("a warm start")
    started = time.perf_counter()
    stages: dict[str, float] = {}

    def progress(stage: str, done: int, total: int) -> None:
        stages.setdefault(stage, time.perf_counter() - started)
        print(f"\r{stage} {done} of {total}, {time.perf_counter() - started:.0f} s   ", end="", file=sys.stderr)

    library.ingest([corpus], progress=progress)
    taken = time.perf_counter() - started
    print(file=sys.stderr)
    measured: dict[str, object] = {
        "embedder": arguments.embedder,
        "documents": documents,
        "passages": library.size,
        "ingest_s": round(taken, 1),
        "stage_starts_s": {stage: round(at, 1) for stage, at in stages.items()},
        "passages_per_s": round(library.size / taken, 1),
        "rss_after_ingest_mb": _rss(),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "disk_mb": sum(file.stat().st_size for file in (folder / "library").rglob("*") if file.is_file()) >> 20,
    }
    small = folder / "new.md"
    small.write_text("# Zebra loans\n\nA zebra loan runs for 24 months.\n", "utf-8")
    started = time.perf_counter()
    library.ingest([small])
    library.search("how long does a zebra loan run", 1, "en")
    measured["one_more_article_s"] = round(time.perf_counter() - started, 2)
    library.close()
    return measured | _asked(folder, arguments)


def _asked(folder: Path, arguments: argparse.Namespace) -> dict[str, object]:
    """What opening and asking costs, as after a restart."""
    cases = [case for file in arguments.questions for case in load_cases(file) if case.gold_docs and not case.history]
    if not cases:
        return {}
    started = time.perf_counter()
    library = Library.open(folder / "library", arguments.embedder)
    library.warm()
    opened = time.perf_counter() - started
    times, found = [], []
    for case in cases[: arguments.ask]:
        before = time.perf_counter()
        passages = library.search(case.question, 8, case.lang).passages
        times.append(1000 * (time.perf_counter() - before))
        found.append(recall_at([one.passage.source_id for one in passages], case.gold_docs, 5))
    library.close()
    return {
        "open_s": round(opened, 1),
        "questions": len(times),
        "search_p50_ms": round(float(np.percentile(times, 50)), 1),
        "search_p95_ms": round(float(np.percentile(times, 95)), 1),
        "recall@5": round(float(np.mean(found)), 3),
        "rss_serving_mb": _rss(),
    }


def _write(folder: Path, articles: Path, passages: int) -> int:
    """Writes files of articles until they give so many passages; returns the number of articles."""
    documents = [one for one in load(articles.name, ".jsonl", articles.read_bytes()) if isinstance(one, Document)]
    written = cut = 0
    lines: list[str] = []
    for document in varied(documents):
        lines.append(_line(document))
        written += 1
        cut += len(chunking.split(document))
        if len(lines) == _PER_FILE or cut >= passages:
            (folder / f"{written:07}.jsonl").write_text("\n".join(lines), "utf-8")
            lines = []
        if cut >= passages:
            break
    return written


def _line(document: Document) -> str:
    fields = {"id": document.source_id, "title": document.title, "content": document.content}
    return json.dumps(fields, ensure_ascii=False)


def _rss() -> int:
    """Megabytes in memory now."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) >> 10


if __name__ == "__main__":
    main()
