"""Words that are counted while passages are written are those that are counted when all are there."""

import json
import os
import sys
from contextlib import closing
from pathlib import Path
from threading import Thread
from time import sleep

import pytest

from knowledge.index import count_words, indexing
from knowledge.index.count_words import CountingBeside
from knowledge.index.lexical import LexicalIndex
from knowledge.library import Library

ASKED = ("how long does parcel 17 take", "退货 3 天", "a refund of order 205")


def _write(folder: Path, name: str, numbers: range, days: int = 3) -> Path:
    lines = [
        {
            "id": f"a{n}",
            "title": f"Parcel {n}",
            "content": f"Parcel {n} takes {days} days. 退货 {n % 7} 天内退款。Order {n} too.",
        }
        for n in numbers
    ]
    file = folder / name
    file.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in lines), "utf-8")
    return file


def _found(library: Library) -> list[dict[str, float]]:
    """The scores of all that is found, which stand in no order where they are the same."""
    return [
        {one.passage.source_id: round(one.score, 4) for one in library.search_arm("lexical", question, 1000)}
        for question in ASKED
    ]


def test_a_large_ingest_is_counted_beside_as_a_small_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, numbers in (("1.jsonl", range(150)), ("2.jsonl", range(150, 300))):
        _write(tmp_path, name, numbers)
    files = [tmp_path / "1.jsonl", tmp_path / "2.jsonl"]
    with closing(Library.open(tmp_path / "one", "corpus")) as library:
        library.ingest(files)
        expected = _found(library)
    begun: list[int] = []

    class Counted(CountingBeside):
        def begin(self) -> None:
            if self._process is None:
                begun.append(1)
            super().begin()

    monkeypatch.setattr(indexing, "CountingBeside", Counted)
    monkeypatch.setattr(indexing, "_MANY", 100)
    with closing(Library.open(tmp_path / "other", "corpus")) as library:
        library.ingest(files)
        assert _found(library) == expected
    assert len(begun) == 1


def test_what_changes_while_it_counts_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(count_words, "_BATCH", 40)
    monkeypatch.setattr(count_words, "_LOOKS_EVERY_S", 0.02)
    reading, writing = os.pipe()
    with closing(Library.open(tmp_path / "library", "corpus")) as library, os.fdopen(reading) as told:
        library.ingest([_write(tmp_path, "1.jsonl", range(50))])
        monkeypatch.setattr(sys, "stdin", told)
        counting = Thread(target=count_words.main, args=(str(tmp_path / "library"),))
        counting.start()
        for file in (_write(tmp_path, "2.jsonl", range(50, 200)), _write(tmp_path, "1.jsonl", range(20), days=9)):
            library.ingest([file])
            sleep(0.1)
        os.close(writing)
        counting.join(30)
        saved = LexicalIndex.load(tmp_path / "library" / "lexical")
        assert saved is not None
        assert saved.rows.keys() == {passage.id for passage in library.passages()}
        found = _found(library)
    with closing(Library.open(tmp_path / "anew", "corpus")) as library:
        library.ingest([tmp_path / "2.jsonl", tmp_path / "1.jsonl"])
        assert _found(library) == found
