"""Cases that stand in training data too, or nearly so: what they measure is memory."""

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from agent.learning.clean.near_copies import NearCopies
from evals.cases import Case

_TEXT = ("text", "question", "utterance")


def contaminated(cases: Sequence[Case], training: Sequence[Path]) -> dict[str, str]:
    """Id of each case whose question all but stands in the training files, to where: `train.csv:17`."""
    copies = NearCopies()
    for path in training:
        for number, text in _texts(path):
            copies.find(f"{path.name}:{number}", text, None)
    found = {}
    for case in cases:
        copy = copies.find(f"case {case.id}", case.question, None)
        if copy and not copy.original.startswith("case "):
            found[case.id] = copy.original
    return found


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file) if path.suffix == ".csv" else (json.loads(line) for line in file if line.strip())
        for number, row in enumerate(rows, start=1):
            text = next((str(row[name]) for name in _TEXT if row.get(name)), "")
            if text:
                yield number, text
