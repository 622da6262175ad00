"""`python -m knowledge.index.embed_beside PASSAGES EMBEDDER`: vectors of many passages by an embedder that was fitted on them.

Chroma lets nothing else of its process run while it takes vectors in, so those that come next are made in another one.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from struct import Struct
from threading import Thread
from typing import IO, TypeAlias

import numpy as np

from knowledge.embedders.corpus import CorpusEmbedder
from knowledge.embedders.embedder import EmbeddedPassage, Embedder, Vectors, embed_passages
from knowledge.index.generation import Embedded, digest
from knowledge.passages import PassageStore
from knowledge.text.piecewise import remember_a_corpus

Embedding: TypeAlias = "Callable[[Sequence[str]], list[Embedded]]"
"""What became of passages, by id; unknown ids are left out."""

MANY = 5000
"""Passages from which on another process is worth its start."""
_AHEAD = 2  # parts
_SIZES = Struct("<III")  # bytes of what is said of the passages, how many there are, and numbers of a vector


@contextmanager
def embedding(
    embedder: Embedder, fitted: Path, passages: PassageStore, parts: Sequence[Sequence[str]]
) -> Iterator[Embedding]:
    """What embeds these parts, each in its turn; beside this process where that is worth it.

    fitted: the file of an embedder that was fitted on the corpus.
    """

    def here(part: Sequence[str]) -> list[Embedded]:
        return _embedded(embedder, passages, part)

    if not isinstance(embedder, CorpusEmbedder) or sum(map(len, parts)) < MANY:
        yield here
        return
    command = [sys.executable, "-m", "knowledge.index.embed_beside", str(passages.path), str(fitted)]
    with subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is the ingest's to hear
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        came = process.stdout

        def beside(part: Sequence[str]) -> list[Embedded]:
            found = _read(came)
            return here(part) if found is None else found  # somebody has ended it

        try:
            process.stdin.write(json.dumps([list(part) for part in parts]).encode())
            process.stdin.close()
            yield beside
        finally:
            process.kill()


def _embedded(embedder: Embedder, store: PassageStore, ids: Sequence[str]) -> list[Embedded]:
    passages = store.passages(ids)
    return [
        Embedded(id=passage.id, language=passage.language, digest=digest(passage), matrix=_matrix(one))
        for passage, one in zip(passages, embed_passages(embedder, passages), strict=True)
    ]


def _matrix(one: EmbeddedPassage) -> Vectors:
    """[1 + n_spans, d] of a passage's vector [d] and those of its spans."""
    return np.vstack([one.vector[None], one.spans]) if len(one.spans) else one.vector[None]


def main(passages: str, fitted: str) -> None:
    """Reads parts, lists of ids, as JSON; writes what became of each."""
    remember_a_corpus()
    parts = json.load(sys.stdin)
    store, embedder = PassageStore(Path(passages)), CorpusEmbedder.load(Path(fitted))
    made: Queue[list[Embedded] | None] = Queue(_AHEAD)
    writing = Thread(target=_write, args=(made,), daemon=True)
    writing.start()
    for part in parts:
        made.put(_embedded(embedder, store, part))
    made.put(None)
    writing.join()


def _write(made: "Queue[list[Embedded] | None]") -> None:
    try:
        while (some := made.get()) is not None:
            said = json.dumps([(one.id, one.language, one.digest.hex()) for one in some]).encode()
            vectors = np.vstack([one.matrix for one in some]) if some else np.zeros((0, 0), dtype=np.float32)
            sizes = _SIZES.pack(len(said), *vectors.shape)
            sys.stdout.buffer.write(sizes + said + vectors.astype(np.float32).tobytes())
            sys.stdout.buffer.flush()
    except OSError:  # nobody reads any more
        os._exit(1)


def _read(stream: IO[bytes]) -> list[Embedded] | None:
    """None where the stream ends before."""
    head = stream.read(_SIZES.size)
    if len(head) < _SIZES.size:
        return None
    size, count, width = _SIZES.unpack(head)
    said, data = stream.read(size), stream.read(4 * count * width)
    if len(data) < 4 * count * width:
        return None
    vectors = np.frombuffer(data, dtype=np.float32).reshape(count, width)
    return [
        Embedded(id=id_, language=language, digest=bytes.fromhex(digested), matrix=row[None])
        for (id_, language, digested), row in zip(json.loads(said), vectors, strict=True)
    ]


if __name__ == "__main__":
    main(*sys.argv[1:])
