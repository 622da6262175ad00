"""`python -m knowledge.index.embed_beside PASSAGES EMBEDDER`: vectors of many passages by an embedder that was fitted on them.

Chroma lets nothing else of its process run while it takes vectors in, so those that come next are made in another one.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from queue import Queue
from struct import Struct
from threading import Thread
from typing import IO, TypeAlias

import numpy as np

from knowledge.embedders.corpus import CorpusEmbedder
from knowledge.embedders.embedder import EmbeddedPassage, Embedder, Vectors, embed_passages
from knowledge.passages import PassageStore
from knowledge.types import Passage

Embedding: TypeAlias = "Callable[[Sequence[Passage]], Sequence[EmbeddedPassage]]"

_MANY = 5000
_AHEAD = 2  # parts
_SHAPE = Struct("<II")  # rows, and numbers in all of them


@contextmanager
def embedding(embedder: Embedder, fitted: Path, passages: Path, parts: Sequence[Sequence[str]]) -> Iterator[Embedding]:
    """What embeds the passages of these parts, each in its turn; beside this process where that is worth it.

    fitted, passages: the files of an embedder that was fitted on the corpus, and of the passages.
    """
    here = partial(embed_passages, embedder)
    if not isinstance(embedder, CorpusEmbedder) or sum(map(len, parts)) < _MANY:
        yield here
        return
    command = [sys.executable, "-m", "knowledge.index.embed_beside", str(passages), str(fitted)]
    with subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is the ingest's to hear
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        came = process.stdout

        def beside(part: Sequence[Passage]) -> Sequence[EmbeddedPassage]:
            vectors = _read(came)
            if vectors is None:  # somebody has ended it
                return here(part)
            return [EmbeddedPassage(vector=row, spans=row[None][:0]) for row in vectors]

        try:
            process.stdin.write(json.dumps([list(part) for part in parts]).encode())
            process.stdin.close()
            yield beside
        finally:
            process.kill()


def main(passages: str, fitted: str) -> None:
    """Reads parts, lists of ids, as JSON; writes the vectors of the passages of each that there are."""
    parts = json.load(sys.stdin)
    store, embedder = PassageStore(Path(passages)), CorpusEmbedder.load(Path(fitted))
    made: Queue[Vectors | None] = Queue(_AHEAD)
    writing = Thread(target=_write, args=(made,), daemon=True)
    writing.start()
    for part in parts:
        made.put(np.array([one.vector for one in embed_passages(embedder, store.passages(part))], dtype=np.float32))
    made.put(None)
    writing.join()


def _write(made: "Queue[Vectors | None]") -> None:
    try:
        while (vectors := made.get()) is not None:
            sys.stdout.buffer.write(_SHAPE.pack(len(vectors), vectors.size) + vectors.tobytes())
            sys.stdout.buffer.flush()
    except OSError:  # nobody reads any more
        os._exit(1)


def _read(stream: IO[bytes]) -> Vectors | None:
    """[n, d], None where the stream ends before."""
    head = stream.read(_SHAPE.size)
    if len(head) < _SHAPE.size:
        return None
    count, size = _SHAPE.unpack(head)
    data = stream.read(size * 4)
    return np.frombuffer(data, dtype=np.float32).reshape(count, -1 if count else 0) if len(data) == size * 4 else None


if __name__ == "__main__":
    main(*sys.argv[1:])
