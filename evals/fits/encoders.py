"""Fits what reads questions and spans: `python -m evals.fits.encoders QUESTIONS OUT`; a quarter of an hour on a GPU, days without.

QUESTIONS is a file of `evals.fits.questions`. Into the folder OUT come

answers.npz:           the additions that put a question near the spans which answer it (`knowledge.embedders.minilm`),
half0.npz, half1.npz:  such, each fitted on every other file of questions: of the other half they say what the fitted one
                       would say of questions that it never saw, and the ranking is fitted on that,
verifier.npz:          the additions by which a question and a span are read together (`agent.generate.extractive.verifier`),
unseen.json:           what verifiers say of the questions of files that they were not fitted on, for `evals.fits.support`.

The first two kinds go into the package. Nothing is fitted on the files that answers are measured on (`evals/benchmarks/heldout`).
"""

import json
import multiprocessing
import sys
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import torch

from evals.fits import search_encoder, verifier
from evals.fits.low_rank_bert import DEVICE, Floats
from evals.fits.question_file import Question, Questions, load
from knowledge.embedders.low_rank import in_whole_numbers

ANSWERS = "answers.npz"
HALVES = ("half0.npz", "half1.npz")
UNSEEN = "unseen.json"
FOLDS, SEEDS = 4, 2
_BYTES = 8_500_000_000  # of a GPU's memory, for one fit


def main(file: str, folder: str) -> None:
    """Fits them all."""
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(_at_once(), multiprocessing.get_context("spawn")) as pool:
        verifiers = [pool.submit(_verifier, Path(file), seed) for seed in range(SEEDS)]
        folds = [pool.submit(_unseen, Path(file), fold) for fold in range(FOLDS)]
        searches = [pool.submit(_search, Path(file), start) for start in (None, *range(len(HALVES)))]
        for name, search in zip((ANSWERS, *HALVES), searches, strict=True):
            save(out / name, search.result())
        save(out / verifier.FILE, verifier.of_models([one.result() for one in verifiers]))
        unseen = {name: logits for fold in folds for name, logits in fold.result().items()}
    (out / UNSEEN).write_text(json.dumps(unseen), "utf-8")


def _at_once() -> int:
    """Fits beside each other: a GPU waits for Python most of the time."""
    if DEVICE != "cuda":
        return 1
    return max(1, int(torch.cuda.get_device_properties(0).total_memory // _BYTES))


def _search(file: Path, half: int | None) -> dict[str, Floats]:
    """Fitted on all files, or on every other one, from this one on."""
    questions = load(file)
    files = sorted(_files(questions))
    return search_encoder.fit(questions, _of(questions, files if half is None else files[half :: len(HALVES)]))


def _verifier(file: Path, seed: int) -> verifier.Learnt:
    questions = load(file)
    return verifier.trained(questions, questions.items, seed).learnt()


def _unseen(file: Path, fold: int) -> dict[str, list[float]]:
    """By file, case and part of each question of every so manieth file: the logits of a verifier that was not fitted on it."""
    questions = load(file)
    files = sorted(_files(questions))
    held = files[fold::FOLDS]
    one = verifier.trained(questions, _of(questions, set(files) - set(held)), seed=0)
    items = _of(questions, held)
    return {
        f"{item.file} {item.case} {item.part}": [round(float(logit), 3) for logit in logits]
        for item, logits in zip(items, one.logits(questions, items), strict=True)
    }


def _files(questions: Questions) -> set[str]:
    return {item.file for item in questions.items}


def _of(questions: Questions, files: Collection[str]) -> Sequence[Question]:
    return [item for item in questions.items if item.file in files]


def save(target: Path, numbers: Mapping[str, Floats]) -> None:
    """Writes additions as the package reads them."""
    added = {name: number for name, number in numbers.items() if name.endswith(("/A", "/B"))}
    others = {name: number for name, number in numbers.items() if name not in added}
    np.savez_compressed(target, allow_pickle=False, **in_whole_numbers(added), **others)


if __name__ == "__main__":
    main(*sys.argv[1:])
