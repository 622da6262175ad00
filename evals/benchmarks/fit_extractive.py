"""Fits the composer's weights on tuning questions: `python -m evals.benchmarks.fit_extractive HOME CASES…`.

HOME holds the knowledge that the cases ask about. Never give it the questions that answers are measured on.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import orjson
from sklearn.linear_model import LogisticRegression

import agent.generate.extractive
from agent.generate.extractive.candidates import candidates
from agent.generate.extractive.composer import ExtractiveComposer
from agent.generate.extractive.selection import select
from agent.generate.extractive.weights import Weights, standardised, weights_json
from agent.ports import GenerationRequest
from agent.types import Retrieval, Understanding, Utterance
from agent.understand.rewriting import RuleRewriter
from evals.cases import Case, load_cases
from evals.rightness import holds, includes_all
from knowledge.library import Library

_PASSAGES = 6


class _NoLinker:
    def link(self, text: str) -> tuple[()]:
        return ()


def main(home: str, *files: str) -> None:
    """Fits both sets of weights, prints what they reach, and writes them into the package."""
    library = Library.open(Path(home) / "documents")
    cases = [case for file in files for case in load_cases(Path(file)) if case.lang == "en"]
    rewriter = RuleRewriter(_NoLinker(), library.terms)
    asked = [
        rewriter.standalone(c.question, [Utterance(role=u.role, content=u.content) for u in c.history]) for c in cases
    ]
    found = [library.search(question, 8, "en") for question in asked]
    rank = _fit_ranking(cases, asked, found, library)
    zero = np.zeros(9, dtype=np.float32)
    weights = Weights(rank=rank, support=zero, support_bias=0.0)
    support, bias = _fit_support(cases, asked, found, library, weights)
    target = Path(agent.generate.extractive.__file__).parent / "weights.json"
    target.write_bytes(weights_json(rank.tolist(), support.tolist(), bias))
    print(orjson.loads(target.read_bytes()))


def _fit_ranking(
    cases: Sequence[Case], asked: Sequence[str], found: Sequence[Retrieval], library: Library
) -> npt.NDArray[np.float32]:
    """Logistic weights that tell the spans holding a wanted string from the others of the same question."""
    rows, labels, weights = [], [], []
    for case, question, retrieval in zip(cases, asked, found, strict=True):
        parts = library.question_parts(question)
        for part in parts[1:] or parts:
            spans = candidates(part, retrieval.passages[:_PASSAGES], library, "en")
            right = np.array(
                [
                    c.passage.source_id in case.gold_docs and any(holds(c.span.text, g) for g in case.must_include)
                    for c in spans
                ],
                dtype=bool,
            )
            if not right.any():
                continue
            rows.append(standardised(spans))
            labels.append(right)
            weights.append(np.where(right, 1 / right.sum(), 1 / len(right)))
    model = LogisticRegression(C=1.0, max_iter=3000)
    model.fit(np.concatenate(rows), np.concatenate(labels), sample_weight=np.concatenate(weights))
    return np.asarray(model.coef_[0], dtype=np.float32)


def _fit_support(
    cases: Sequence[Case], asked: Sequence[str], found: Sequence[Retrieval], library: Library, weights: Weights
) -> tuple[npt.NDArray[np.float32], float]:
    """Logistic weights for the probability that the composed answer is right."""
    composer = ExtractiveComposer(library, weights)
    rows, labels = [], []
    for case, question, retrieval in zip(cases, asked, found, strict=True):
        understanding = Understanding(text=question, question=question, language="en")
        draft = composer.compose(GenerationRequest(understanding=understanding, retrieval=retrieval, history=()))
        right = case.answerable and includes_all(draft.text, case.must_include)
        parts = library.question_parts(question)
        chosen = [select(p, retrieval.passages[:_PASSAGES], library, "en", weights) for p in parts[1:] or parts]
        for selection in chosen:
            if selection is not None:
                rows.append(selection.features)
                labels.append(right)
    model = LogisticRegression(C=0.5, max_iter=3000)
    model.fit(np.stack(rows), labels)
    print(f"right before any refusal: {np.mean(labels):.3f} of {len(labels)}")
    return np.asarray(model.coef_[0], dtype=np.float32), float(model.intercept_[0])


if __name__ == "__main__":
    main(sys.argv[1], *sys.argv[2:])
