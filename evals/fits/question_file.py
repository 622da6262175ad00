"""The file in which questions with the spans that may answer them go to where encoders are fitted; it takes nothing else along."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


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
    """The questions of a file."""
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        stored = json.load(stream)
    return Questions(texts=stored["texts"], items=[Question(**item) for item in stored["items"]])


def save(questions: Questions, file: Path) -> None:
    """Writes them for `load`."""
    with gzip.open(file, "wt", encoding="utf-8") as stream:
        json.dump({"texts": questions.texts, "items": [asdict(item) for item in questions.items]}, stream)
