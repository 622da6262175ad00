"""What encoders are fitted on: questions with the spans that may answer them: `python -m evals.fits.questions LIBRARIES FILE`.

LIBRARIES is a folder for the libraries that the questions of `evals/fits/tuning` are asked of; they are made there when it
has none. FILE then holds all that fitting needs, so that it can be done on another machine, which has a GPU. A process a core
asks; ten minutes for twenty thousand questions on two.
"""

import multiprocessing
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.progress import track

from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.weights import default_weights
from evals.cases import Case
from evals.fits.asking import asked_of
from evals.fits.question_file import Question, Questions, save
from evals.fits.tuning_libraries import TUNING, company_of, open_libraries
from evals.metrics.rightness import holds
from knowledge.embedders import glosses
from knowledge.embedders.embedder import in_context
from knowledge.library import Library

_MOST = 40  # spans of a question, the best by the ranking; those that answer besides
_ALIKE = 0.6


def main(folder_of_libraries: str, target: str) -> None:
    """Asks all the questions and writes what is found for them."""
    folder = Path(folder_of_libraries)
    open_libraries(folder)
    files = sorted(TUNING.glob("*.jsonl"), key=lambda file: -file.stat().st_size)  # long ones first: none is waited for
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        asked = track(pool.map(partial(questions_of, folder), files), total=len(files), description="Asking")
        found = joined(asked)
    save(found, Path(target))
    print(f"{len(found.items)} questions, {len(found.texts)} spans")


def questions_of(folder: Path, file: Path) -> Questions:
    """What is found for the questions of one file in the libraries of a folder, which are up to date."""
    rank = default_weights().vectors.rank
    texts: dict[str, int] = {}
    items = [
        _question(file.stem, asked.case, number, part.text, (found.spans, right, rank.scores(found.features)), texts)
        for asked in asked_of(file, _library(folder / company_of(file.stem)))
        for number, (part, found, right) in enumerate(asked.parts)
    ]
    return Questions(texts=list(texts), items=items)


def joined(each: Iterable[Questions]) -> Questions:
    """All of them as one, files in order, each text once."""
    texts: dict[str, int] = {}
    items: list[Question] = []
    for one in each:
        places = [texts.setdefault(text, len(texts)) for text in one.texts]
        items += [replace(item, spans=[places[at] for at in item.spans]) for item in one.items]
    return Questions(texts=list(texts), items=sorted(items, key=lambda item: item.file))


@cache
def _library(folder: Path) -> Library:
    return Library.open(folder)


Found = tuple[Sequence[Candidate], npt.NDArray[np.bool_], npt.NDArray[np.float32]]


def _question(file: str, case: Case, part: int, text: str, found: Found, texts: dict[str, int]) -> Question:
    spans, right, logits = found
    order = np.argsort(-logits, kind="stable")
    kept = [*order[:_MOST].tolist(), *(at for at in order[_MOST:].tolist() if right[at])]
    english = glosses.shared().english
    doubtful = set(_said_elsewhere(case, spans, right))
    return Question(
        file=file, case=case.id, part=part, answerable=case.answerable, text=english(text),
        spans=[texts.setdefault(english(in_context(spans[at].passage, spans[at].span)), len(texts)) for at in kept],
        right=[bool(right[at]) for at in kept],
        doubtful=[at in doubtful for at in kept],
        rank=[round(float(logits[at]), 3) for at in kept],
    )  # fmt: skip


def _said_elsewhere(case: Case, spans: Sequence[Candidate], right: npt.NDArray[np.bool_]) -> Iterator[int]:
    """Places of spans that hold what a right one must, in nearly its words, but in another article."""
    answers = [spans[at].facets.terms for at in np.flatnonzero(right)]
    for at, candidate in enumerate(spans):
        terms = candidate.facets.terms
        alike = any(len(terms & other) >= _ALIKE * max(1, len(terms | other)) for other in answers)
        if alike and not right[at] and any(holds(candidate.span.text, group) for group in case.must_include):
            yield at


if __name__ == "__main__":
    main(*sys.argv[1:])
