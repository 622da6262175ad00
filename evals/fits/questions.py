"""What encoders are fitted on: questions with the spans that may answer them: `python -m evals.fits.questions LIBRARIES FILE`.

LIBRARIES is a folder for the libraries that the questions of `evals/fits/tuning` are asked of; they are made there when it
has none. FILE then holds all that fitting needs, so that it can be done on another machine, which has a GPU.
"""

import gzip
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.weights import default_weights
from evals.cases import Case
from evals.fits.asking import asked_of
from evals.fits.tuning_libraries import TUNING, company_of, open_libraries
from evals.metrics.rightness import holds
from knowledge.embedders import glosses
from knowledge.embedders.embedder import in_context

_MOST = 40  # spans of a question, the best by the ranking; those that answer besides
_ALIKE = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One part of a case's question, as encoders read it: Chinese by its glosses.

    spans: places in `Questions.texts`, by the ranking's logits `rank`; right: those that answer; doubtful: those that say the
    same elsewhere, which are neither right nor wrong.
    """

    file: str
    case: str
    part: int
    answerable: bool
    text: str
    spans: Sequence[int]
    right: Sequence[bool]
    doubtful: Sequence[bool]
    rank: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """texts: spans in their context, each once."""

    texts: Sequence[str]
    items: Sequence[Question]


def load(file: Path) -> Questions:
    """The questions of a file that this module has written."""
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        stored = json.load(stream)
    return Questions(texts=stored["texts"], items=[Question(**item) for item in stored["items"]])


def main(folder_of_libraries: str, target: str) -> None:
    """Asks all the questions and writes what is found for them."""
    libraries = open_libraries(Path(folder_of_libraries))
    rank = default_weights().vectors.rank
    texts: dict[str, int] = {}
    items = []
    for file in sorted(TUNING.glob("*.jsonl")):
        for asked in asked_of(file, libraries[company_of(file.stem)]):
            items += [
                _question(
                    file.stem, asked.case, number, part.text, (found.spans, right, rank.scores(found.features)), texts
                )
                for number, (part, found, right) in enumerate(asked.parts)
            ]
    with gzip.open(target, "wt", encoding="utf-8") as stream:
        json.dump({"texts": list(texts), "items": [asdict(item) for item in items]}, stream)
    print(f"{len(items)} questions, {len(texts)} spans")


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
