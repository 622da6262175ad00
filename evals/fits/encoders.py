"""Fits what reads questions and spans: `python -m evals.fits.encoders QUESTIONS OUT`; ten minutes on a GPU, days without.

QUESTIONS is a file of `evals.fits.questions`. Into the folder OUT come

answers.npz:           the additions that put a question near the spans which answer it (`knowledge.embedders.minilm`),
half0.npz, half1.npz:  such, each fitted on every other file of questions: of the other half they say what the fitted one
                       would say of questions that it never saw, and the ranking is fitted on that,
verifier.npz:          the additions by which a question and a span are read together (`agent.generate.extractive.verifier`),
unseen.json:           what verifiers say of the questions of files that they were not fitted on, for `evals.fits.support`.

The first two kinds go into the package. Nothing is fitted on the files that answers are measured on (`evals/benchmarks/heldout`).
"""

import json
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np

from evals.fits import search_encoder, verifier
from evals.fits.low_rank_bert import Floats
from evals.fits.questions import Question, Questions, load
from evals.fits.support import UNSEEN
from knowledge.embedders.low_rank import in_whole_numbers
from knowledge.embedders.minilm import ANSWERS

FOLDS = 5
HALVES = ("half0.npz", "half1.npz")


def main(file: str, folder: str) -> None:
    """Fits them all."""
    questions, out = load(Path(file)), Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    files = sorted({item.file for item in questions.items})
    save(out / ANSWERS, search_encoder.fit(questions, questions.items))
    for half, name in enumerate(HALVES):
        save(out / name, search_encoder.fit(questions, _of(questions, files[half::2])))
    save(out / verifier.FILE, verifier.fit(questions, questions.items, seeds=3))
    unseen = {}
    for fold in range(FOLDS):
        held = files[fold::FOLDS]
        one = verifier.trained(questions, _of(questions, set(files) - set(held)), seed=0)
        for item, logits in zip(_of(questions, held), one.logits(questions, _of(questions, held)), strict=True):
            unseen[f"{item.file} {item.case} {item.part}"] = [round(float(logit), 3) for logit in logits]
    (out / UNSEEN).write_text(json.dumps(unseen), "utf-8")


def _of(questions: Questions, files: Collection[str]) -> Sequence[Question]:
    return [item for item in questions.items if item.file in files]


def save(target: Path, numbers: dict[str, Floats]) -> None:
    """Writes additions as the package reads them."""
    added = {name: number for name, number in numbers.items() if name.endswith(("/A", "/B"))}
    others = {name: number for name, number in numbers.items() if name not in added}
    np.savez_compressed(target, allow_pickle=False, **in_whole_numbers(added), **others)


if __name__ == "__main__":
    main(*sys.argv[1:])
