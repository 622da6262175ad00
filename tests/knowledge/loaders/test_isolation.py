"""The parsing worker: what hangs, blows up or crashes costs one file; a worker serves many."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.errors import UnreadableSource
from knowledge.library import Library
from knowledge.loaders.isolation import Workers
from knowledge.loaders.registry import Reading
from knowledge.loaders.wire import Job
from knowledge.types import Document
from tests.support.office_files import excel, samples

_TRAPS = """
import ctypes, time

def hang(source_id, data):
    while True:
        time.sleep(0.01)

def hang_in_c(source_id, data):
    import re
    re.match(r"(a+)+$", "a" * 64 + "b")
    yield

def grow(source_id, data):
    kept = []
    while True:
        kept.append(bytearray(2**24))

def crash(source_id, data):
    ctypes.string_at(0)

def fail(source_id, data):
    raise KeyError("nothing of mine")

def recurse(source_id, data):
    return recurse(source_id, data)

def print_much(source_id, data):
    print("x" * 100)
    from knowledge.types import Document
    yield Document(source_id=source_id, title="t", content="c")
"""


_TRAPPED = """
import sys
from knowledge.loaders import formats, worker

formats.LOADERS = {**formats.LOADERS, **{f".{name}": f"traps:{name}" for name in sys.argv[2:] or NAMES}}
worker.main(int(sys.argv[1]))
"""
_NAMES = ("hang", "hang_in_c", "grow", "crash", "fail", "recurse", "print_much")


@pytest.fixture
def traps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workers]:
    """Workers within 400 MiB that have loaders for .hang, .grow … which do so."""
    (tmp_path / "traps.py").write_text(_TRAPS)
    (tmp_path / "trapped.py").write_text(f"NAMES = {_NAMES}\n{_TRAPPED}")
    monkeypatch.syspath_prepend(str(tmp_path))
    workers = Workers(memory=400 * 2**20, module="trapped")
    yield workers
    workers.close()


def sprung(workers: Workers, suffix: str, data: bytes = b"x") -> object:
    seconds = 1.0 if suffix.startswith(".hang") else 30.0  # a busy machine may hold up what does not hang
    (found,) = workers.read(Job(source_id="bad", suffix=suffix, seconds=seconds), data)
    return found


@pytest.mark.parametrize(
    ("trap", "reason"),
    [
        ("hang", "longer than 1 s"),
        ("hang_in_c", "longer than 1 s"),
        ("grow", "more than 400 MiB of memory"),
        ("crash", "crashed"),
        ("fail", "it is broken (KeyError"),
        ("recurse", "nested too deeply"),
    ],
)
def test_a_bad_file_costs_itself_only(traps: Workers, trap: str, reason: str) -> None:
    found = sprung(traps, f".{trap}")
    assert isinstance(found, UnreadableSource) and found.source == "bad" and reason in found.reason
    after = sprung(traps, ".md", b"# T\n\nText.")
    assert isinstance(after, Document) and after.title == "T"


def test_what_a_parser_prints_does_no_harm(traps: Workers) -> None:
    assert isinstance(sprung(traps, ".print_much"), Document)


def test_one_worker_reads_many_files_and_threads_have_their_own() -> None:
    workers = Workers()
    reading = Reading(workers)
    found: list[object] = []

    def work() -> None:
        for number in range(20):
            found.extend(reading.read(f"{number}.md", ".md", b"# T\n\nText."))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 60 and all(isinstance(one, Document) for one in found)
    assert 1 <= workers.waiting <= 3
    workers.close()


def test_a_worker_that_ended_itself_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "impatient.py").write_text(
        "import sys\nfrom knowledge.loaders import worker\nworker.IDLE_SECONDS = 0.05\nworker.main(int(sys.argv[1]))\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    workers = Workers(module="impatient")
    for _ in range(3):
        assert isinstance(sprung(workers, ".md"), Document)
        time.sleep(0.1)
    workers.close()


def test_reading_that_is_left_half_way_ends_its_worker() -> None:
    rows = excel(lambda book: [book.active.append([f"a{at}", "some text"]) for at in range(2_000)])
    workers = Workers()
    reading = Reading(workers).read("a.xlsx", ".xlsx", rows)
    assert isinstance(next(reading), Document)
    reading.close()
    assert workers.waiting == 0
    workers.close()


@pytest.mark.slow
def test_a_folder_of_a_thousand_files_loses_its_three_broken_ones_only(tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    good = {suffix: data for suffix, data in samples().items() if suffix not in {".zip", ".json", ".jsonl", ".csv"}}
    kinds = [".md"] * 40 + [".txt"] * 40 + [".html"] * 18 + [".pdf", ".docx"]
    for number in range(997):
        suffix = kinds[number % len(kinds)]
        (folder / f"{number:04}{suffix}").write_bytes(good[suffix])
    (folder / "b.pdf").write_bytes(good[".pdf"][:300])
    (folder / "c.docx").write_bytes(good[".docx"][:300])
    (folder / "d.xlsx").write_bytes(b"<html>")
    library = Library.open(tmp_path / "library", "corpus")
    report = library.ingest([folder])
    library.close()
    assert report.added == 997
    assert sorted(broken.source for broken in report.broken) == ["docs/b.pdf", "docs/c.docx", "docs/d.xlsx"]
    assert all(broken.reason for broken in report.broken)
