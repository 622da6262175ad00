"""Refusal on MTRAG-UN: `python -m evals.benchmarks.mtrag REFERENCE.jsonl [--json]`.

Each task of the set (Katsis et al. 2025, arXiv:2501.03468) has a conversation and the passages that belong to it. The
extractive composer is given just these passages, and its support, the probability that they answer, is set against the
label: AUROC of answerable against all other tasks, and against those only that have passages at all.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.progress import track
from sklearn.metrics import roc_auc_score

from agent.generate.extractive.composer import ExtractiveComposer
from agent.ports import GenerationRequest
from agent.types import Retrieval, Understanding, Utterance
from agent.understand.rewriting.rewriter import RuleRewriter
from knowledge.library import Library
from knowledge.types import PassageEvidence

_DEPTH = 400  # so deep that the search scores all passages that any arm finds
_READ = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """The question that ends a conversation. passages: ids of the documents given with it."""

    question: str
    history: tuple[Utterance, ...]
    passages: tuple[str, ...]
    answerability: str


class _NoLinker:
    def link(self, text: str) -> tuple[()]:
        return ()


def main() -> None:
    """Reads, asks, prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reference", type=Path)
    parser.add_argument("--json", action="store_true", dest="as_json")
    options = parser.parse_args()
    tasks, documents = read_tasks(options.reference)
    with tempfile.TemporaryDirectory() as folder:
        library = read_library(Path(folder), documents)
        support = support_of(tasks, library)
        library.close()
    figures = measured(tasks, support)
    sys.stdout.write(json.dumps(figures) + "\n" if options.as_json else _table(figures))


def read_tasks(reference: Path) -> tuple[list[Task], dict[str, str]]:
    """All tasks, and the text of every passage that any of them is given."""
    tasks: list[Task] = []
    documents: dict[str, str] = {}
    for line in reference.read_text("utf-8").splitlines():
        raw = json.loads(line)
        documents |= {context["document_id"]: context["text"] for context in raw["contexts"]}
        said = [
            Utterance(role="user" if turn["speaker"] == "user" else "assistant", content=turn["text"])
            for turn in raw["input"]
        ]
        tasks.append(
            Task(
                question=said[-1].content,
                history=tuple(said[:-1]),
                passages=tuple(context["document_id"] for context in raw["contexts"]),
                answerability=raw["answerability"][0],
            )
        )
    return tasks, documents


def read_library(folder: Path, documents: Mapping[str, str]) -> Library:
    """A library of all passages; a document's first line is its title."""
    articles = folder / "passages.jsonl"
    lines = [
        {"id": key, "title": next(iter(text.strip().splitlines()), key)[:120], "content": text}
        for key, text in documents.items()
    ]
    articles.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    library = Library.open(folder / "library")
    library.ingest([articles])
    return library


def support_of(tasks: Sequence[Task], library: Library) -> list[float]:
    """Support of each task's answer, 0 where nothing would be said."""
    rewriter = RuleRewriter(_NoLinker(), library.terms)
    composer = ExtractiveComposer(library)
    return [_support(task, library, rewriter, composer) for task in track(tasks, description="Asking")]


def _support(task: Task, library: Library, rewriter: RuleRewriter, composer: ExtractiveComposer) -> float:
    question = rewriter.standalone(task.question, task.history)
    evidence = _given(library.search(question, _DEPTH, "en").passages, task.passages)
    understanding = Understanding(text=task.question, question=question, language="en")
    request = GenerationRequest(
        understanding=understanding, retrieval=Retrieval(passages=evidence), history=task.history
    )
    draft = composer.compose(request)
    return draft.support if draft.text else 0.0


def _given(found: Sequence[PassageEvidence], wanted: Sequence[str]) -> tuple[PassageEvidence, ...]:
    """The evidence that belongs to the task, best first."""
    return tuple(item for item in found if item.passage.source_id in wanted)[:_READ]


def measured(tasks: Sequence[Task], support: Sequence[float]) -> dict[str, float]:
    """AUROC of support, answerable against the rest; mean support of each kind."""
    kinds = [task.answerability for task in tasks]
    answerable = np.array([kind == "ANSWERABLE" for kind in kinds])
    given = np.array([bool(task.passages) for task in tasks])
    values = np.array(support)
    means = {
        f"mean support, {kind.lower()}": float(np.mean([v for v, k in zip(support, kinds, strict=True) if k == kind]))
        for kind in sorted(set(kinds))
    }
    return {
        "tasks": len(tasks),
        "auroc": float(roc_auc_score(answerable, values)),
        "auroc, tasks with passages": float(roc_auc_score(answerable[given], values[given])),
        **means,
    }


def _table(figures: Mapping[str, float]) -> str:
    return "".join(f"{name:34}{value:.3f}\n" for name, value in figures.items())


if __name__ == "__main__":
    main()
