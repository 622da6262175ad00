"""`python -m knowledge.index.count_words FOLDER`: brings a library's lexical index and names up to date.

Run beside a large ingest, so that words are counted on one core while vectors are made on another.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from knowledge.index.learnt_names import save_names
from knowledge.index.lexical import LexicalIndex
from knowledge.index.names import Names
from knowledge.passages import PassageStore
from knowledge.text.piecewise import remember_a_corpus

_BATCH = 20_000


def updated_lexical(folder: Path, store: PassageStore, index: LexicalIndex | None) -> LexicalIndex:
    """The lexical index up to the last change of passages, saved."""
    last = store.last_change
    if index is None or index.upto < store.first_change - 1:
        index, changed = LexicalIndex.build([]), store.passage_ids()
    else:
        changed = store.changed_since(index.upto)
    for start in range(0, len(changed), _BATCH):
        part = changed[start : start + _BATCH]
        passages = store.passages(part)
        index = index.updated(passages, set(part) - {passage.id for passage in passages}, index.upto)
    if changed or index.upto != last:
        index = index.updated([], (), last)
        index.save(folder / "lexical")
        store.forget_changes(last)
    return index


def learn_names(folder: Path, store: PassageStore) -> tuple[int, Names]:
    """The names of all passages, saved, and the last change that they know of."""
    last = store.last_change
    names = Names.learn(store.passages())
    save_names(folder / "names.json", names, last)
    return last, names


@contextmanager
def counting_beside(folder: Path) -> Iterator[None]:
    """Counts in another process until the end of the block; what it could not do is left to be done."""
    command = [sys.executable, "-m", "knowledge.index.count_words", str(folder)]
    process = subprocess.Popen(command, start_new_session=True)  # noqa: S603 - Ctrl-C is the ingest's to hear
    try:
        yield
    except BaseException:
        process.terminate()
        raise
    finally:
        process.wait()


def main(folder: str) -> None:
    """Counts and learns what has changed."""
    remember_a_corpus()
    store = PassageStore(Path(folder) / "passages.db")
    updated_lexical(Path(folder), store, LexicalIndex.load(Path(folder) / "lexical"))
    learn_names(Path(folder), store)
    store.close()


if __name__ == "__main__":
    main(sys.argv[1])
