"""Parley's retrieval beside langchain's EnsembleRetriever, on the same chunks, embedder, questions and machine.

`python -m evals.benchmarks.side_by_side --set NAME ARTICLES CASES…` (several times) prints one table. The peer is what its
documentation shows: rank_bm25 and Chroma, half and half; once as it comes (words cut at white space) and once with
Parley's words, which cut Chinese and stem English. Each runs in a process of its own.
"""

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import fmean, median

from evals.cases import Case, load_cases
from evals.metrics.ranking import ndcg_at, recall_at, reciprocal_rank
from knowledge.cutting.chunking import split
from knowledge.embedders.embedder import Embedder
from knowledge.library import Library
from knowledge.loaders.registry import load
from knowledge.text.words import words
from knowledge.types import Document, Passage

_DEPTH = 10
_KEEP = 0.5

Ranker = Callable[[Case], Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One retriever on one set: quality over all its questions, and what it cost."""

    data: str
    retriever: str
    questions: int
    recall_5: float
    mrr: float
    ndcg_10: float
    p50_ms: float
    index_s: float
    memory_mb: int


def main() -> None:
    """Measures all retrievers on all sets and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", nargs="+", action="append", required=True, metavar="NAME ARTICLES CASES")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    rows: list[Row] = []
    for name, articles, *cases in arguments.set:
        for retriever in _RETRIEVERS:
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                rows.append(pool.apply(_measure, (name, retriever, articles, cases)))
            print(rows[-1], file=sys.stderr)
    if arguments.json:
        print(json.dumps([asdict(row) for row in rows]))
        return
    print("\n".join(_table(rows)))


def _measure(data: str, retriever: str, articles: str, files: Sequence[str]) -> Row:
    cases = [case for file in files for case in load_cases(Path(file)) if case.gold_docs and not case.history]
    with tempfile.TemporaryDirectory() as folder:
        library = Library.open(Path(folder) / "library", "minilm")
        library.embed_query("loads the model")
        begun = time.perf_counter()
        if retriever == _PARLEY:
            library.ingest([articles])
            rank: Ranker = partial(_parley, library)
        else:
            rank = _ensemble(_passages(Path(articles)), library.embedder, own_words=retriever == _WITH_WORDS)
        index_s = time.perf_counter() - begun
        rank(cases[0])
        times, found = [], []
        for case in cases:
            before = time.perf_counter()
            found.append((rank(case), case.gold_docs))
            times.append(1000 * (time.perf_counter() - before))
        library.close()
    return Row(
        data=data,
        retriever=retriever,
        questions=len(cases),
        recall_5=fmean(recall_at(ranked, gold, 5) for ranked, gold in found),
        mrr=fmean(reciprocal_rank(ranked, gold) for ranked, gold in found),
        ndcg_10=fmean(ndcg_at(ranked, gold, 10) for ranked, gold in found),
        p50_ms=median(times),
        index_s=index_s,
        memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
    )


def _parley(library: Library, case: Case) -> list[str]:
    return [one.passage.source_id for one in library.search(case.question, _DEPTH, case.lang).passages]


def _passages(articles: Path) -> list[Passage]:
    loaded = load(articles.name, articles.suffix, articles.read_bytes())
    return [passage for one in loaded if isinstance(one, Document) for passage in split(one)]


def _ensemble(passages: Sequence[Passage], embedder: Embedder, *, own_words: bool) -> Ranker:
    """Langchain's retriever over these passages, each its title, headings and text."""
    from langchain_chroma import Chroma
    from langchain_classic.retrievers import EnsembleRetriever
    from langchain_community.retrievers import BM25Retriever
    from langchain_core.documents import Document as Chunk
    from langchain_core.embeddings import Embeddings

    class Same(Embeddings):
        """Parley's embedder under langchain's name for it."""

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [vector.tolist() for vector in embedder.embed_documents(texts)]

        def embed_query(self, text: str) -> list[float]:
            return [float(value) for value in embedder.embed_query(text)]

    chunks = [
        Chunk(
            page_content=". ".join([passage.title, *passage.section]) + f"\n{passage.text}",
            metadata={"source": passage.source_id},
        )
        for passage in passages
    ]
    lexical = BM25Retriever.from_documents(chunks, preprocess_func=words if own_words else str.split)
    lexical.k = _DEPTH
    vectors = Chroma.from_documents(chunks, Same(), collection_metadata={"hnsw:space": "cosine"})
    ensemble = EnsembleRetriever(
        retrievers=[lexical, vectors.as_retriever(search_kwargs={"k": _DEPTH})], weights=[_KEEP, 1 - _KEEP]
    )
    return lambda case: [str(found.metadata["source"]) for found in ensemble.invoke(case.question)]


def _table(rows: Sequence[Row]) -> list[str]:
    head = f"{'set':12}{'retriever':30}{'n':>5}{'recall@5':>10}{'MRR':>8}{'nDCG@10':>9}{'p50 ms':>8}{'index s':>9}{'MB':>6}"
    lines = [head]
    for row in rows:
        cost = f"{row.p50_ms:8.1f}{row.index_s:9.1f}{row.memory_mb:6}"
        quality = f"{row.recall_5:10.3f}{row.mrr:8.3f}{row.ndcg_10:9.3f}"
        lines.append(f"{row.data:12}{row.retriever:30}{row.questions:5}{quality}{cost}")
        own = next(other for other in rows if other.data == row.data and other.retriever == _PARLEY)
        if row is not own:
            ratios = f"nDCG@10 × {own.ndcg_10 / row.ndcg_10:.2f}, asked {row.p50_ms / own.p50_ms:.1f} times as fast"
            lines.append(f"{'':12}Parley to it: {ratios}")
    return lines


_PARLEY, _AS_IT_COMES, _WITH_WORDS = "Parley", "EnsembleRetriever", "EnsembleRetriever, our words"
_RETRIEVERS = (_PARLEY, _AS_IT_COMES, _WITH_WORDS)


if __name__ == "__main__":
    main()
