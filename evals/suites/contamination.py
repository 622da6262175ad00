"""Cases that stand in training data too, or nearly so: what they measure is memory."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from agent.learning.clean.near_copies import NearCopies
from agent.training.data import read_labelled
from evals.cases import Case
from evals.suites.importing import read_cases
from evals.suites.public_sets import clinc150_train
from evals.suites.splits import left_out
from evals.suites.suite import LoadedSuite

_TEXT = ("text", "question", "utterance")


def contaminated(cases: Sequence[Case], training: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Id of each case whose question all but stands among the training texts, to where: `train.csv:17`.

    training: where each text stands, and the text.
    """
    copies = NearCopies()
    for place, text in training:
        copies.find(place, text, None)
    found = {}
    for case in cases:
        copy = copies.find(f"case {case.id}", case.question, None)
        if copy and not copy.original.startswith("case "):
            found[case.id] = copy.original
    return found


def training_of(loaded: LoadedSuite) -> Iterator[tuple[str, str]]:
    """Texts that the suite names as training data, those that its home is trained on, and cases of the part that it leaves out."""
    for name in loaded.suite.training:
        yield from texts_of(loaded.path(name))
    for given in loaded.suite.cases:
        cases = read_cases(loaded.path(given.file), given.format) if given.split else []
        for case in left_out(cases, given.split, given.test_share):
            yield f"{given.file}: {case.id}", case.question
    home = loaded.suite.target.home
    for one in home.train if home else ():
        path = loaded.path(one.file)
        data = clinc150_train(path) if one.format == "clinc150" else read_labelled(path)
        for number, text in enumerate(data.texts, start=1):
            yield f"{path.name}:{number}", text


def texts_of(path: Path) -> Iterator[tuple[str, str]]:
    """The texts of a csv, or of a file of JSON objects, each with its place."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file) if path.suffix == ".csv" else (json.loads(line) for line in file if line.strip())
        for number, row in enumerate(rows, start=1):
            text = next((str(row[name]) for name in _TEXT if row.get(name)), "")
            if text:
                yield f"{path.name}:{number}", text
