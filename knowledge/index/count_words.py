"""`python -m knowledge.index.count_words FOLDER`: brings a library's lexical index and names up to date.

Run beside a large ingest, from its first thousands of passages on until its standard input is closed: words are counted on
one core while files are read, and vectors made, on another.
"""

import select
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Self

from knowledge.index.learnt_names import save_names
from knowledge.index.lexical import LexicalIndex
from knowledge.index.names import Names
from knowledge.passages import PassageStore

_BATCH = 20_000
_LOOKS_EVERY_S = 0.5


class CountingBeside:
    """The process that counts, where it is begun; a context, at whose end it has done what there is."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Begins, unless it has begun."""
        if self._process is None:
            command = [sys.executable, "-m", "knowledge.index.count_words", str(self._folder)]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603

    def all_written(self) -> None:
        """Says that no passage is going to change any more."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """What could not be counted is left to be counted."""
        self.all_written()
        if self._process is not None:
            self._process.wait()


def updated_lexical(folder: Path, store: PassageStore, index: LexicalIndex | None) -> LexicalIndex:
    """The lexical index up to the last change of passages, saved."""
    index = _counted(store, index)
    if index.upto != LexicalIndex.saved_upto(folder / "lexical"):
        index.save(folder / "lexical")
        store.forget_changes(index.upto)
    return index


def _counted(store: PassageStore, index: LexicalIndex | None) -> LexicalIndex:
    """The lexical index up to the last change of passages."""
    last = store.last_change
    if index is None or index.upto < store.first_change - 1:
        index, changed = LexicalIndex.build([], upto=-1), store.passage_ids()
    else:
        changed = store.changed_since(index.upto)
    for start in range(0, len(changed), _BATCH):
        part = changed[start : start + _BATCH]
        passages = store.passages(part)
        index = index.updated(passages, set(part) - {passage.id for passage in passages}, index.upto)
    return index if index.upto == last else index.updated([], (), last)


def learn_names(folder: Path, store: PassageStore) -> tuple[int, Names]:
    """The names of all passages, saved, and the last change that they know of."""
    last = store.last_change
    names = Names.learn(store.passages())
    save_names(folder / "names.json", names, last)
    return last, names


def main(folder: str) -> None:
    """Counts what has changed and what still changes, and learns the names of all when it is told that nothing does."""
    store = PassageStore(Path(folder) / "passages.db")
    index = LexicalIndex.load(Path(folder) / "lexical")
    while not select.select([sys.stdin], [], [], _LOOKS_EVERY_S)[0]:
        if store.last_change - (0 if index is None else index.upto) >= _BATCH:
            index = _counted(store, index)
    updated_lexical(Path(folder), store, index)
    learn_names(Path(folder), store)
    store.close()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):  # whoever runs the ingest is told so by that
        main(sys.argv[1])
