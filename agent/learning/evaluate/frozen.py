"""The frozen examples of a home, `HOME/learning/frozen/`: never trained on, growing, never changing sides.

    frozen.json     the share that is kept apart, fixed when the folder is made
    intent.csv, sentiment.csv, emotion.csv, graph.jsonl     what people put there by hand
    kept/intent.csv …                                       what was kept apart of the examples that people accepted

Which side an example is on is told by a hash of its text alone, without case, width, punctuation and the digits of its
numbers, so that the same text, met again in another year or under another label, is on the same side.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.errors import CallerError
from agent.home import Home
from agent.training.bundle import Task
from agent.training.data import Labelled, each_once, read_labelled, write_labelled
from agent.types import Language

SHARE = 0.2
"""Of the accepted examples that are kept apart, where nothing else was asked for when the folder was made."""

_SETTINGS, _KEPT, _QUESTIONS = "frozen.json", "kept", "graph.jsonl"


class FrozenQuestion(BaseModel):
    """A question to the graph and the facts that answer it; no facts: one that the graph must not answer."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    question: str = Field(min_length=1)
    facts: tuple[tuple[str, str, str], ...]
    language: Language | None = None


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    share: float = Field(gt=0, lt=1)


@dataclass(slots=True)
class FrozenSets:
    """The frozen sets of one home. by_hand: the normalised texts that people put there."""

    folder: Path
    share: float
    by_hand: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def open(cls, home: Home, *, share: float = SHARE) -> "FrozenSets":
        """Those of a home, made where there are none; the share of a folder that exists stays as it was made.

        Raises CallerError for a file that can't be read.
        """
        folder = home.root / "learning" / "frozen"
        (folder / _KEPT).mkdir(parents=True, exist_ok=True)
        settings = folder / _SETTINGS
        if not settings.is_file():
            settings.write_text(_Settings(share=share).model_dump_json(indent=1), "utf-8")
        try:
            fixed = _Settings.model_validate_json(settings.read_bytes()).share
        except ValidationError as error:
            raise CallerError(f"{settings}: expected a share between 0 and 1; mend the file") from error
        files = [file for task in Task if (file := folder / f"{task.value}.csv").is_file()]
        return cls(folder, fixed, frozenset(normalised(text) for file in files for text in read_labelled(file).texts))

    def is_frozen(self, text: str) -> bool:
        """Whether a text belongs to the frozen side, and so must not be trained on."""
        plain = normalised(text)
        return plain in self.by_hand or _place(plain) < self.share

    def to_train(self, data: Labelled) -> Labelled:
        """The examples that may be trained on."""
        return data.take([n for n, text in enumerate(data.texts) if not self.is_frozen(text)])

    def set_aside(self, data: Labelled) -> Labelled:
        """The examples that must not be trained on."""
        return data.take([n for n, text in enumerate(data.texts) if self.is_frozen(text)])

    def keep(self, task: Task, accepted: Labelled) -> Labelled:
        """Takes in the frozen ones among accepted examples and returns all frozen examples of the task.

        A label given later takes the place of an earlier one of the same text; nothing that was kept is lost.
        """
        rows = [n for n, text in enumerate(accepted.texts) if _place(normalised(text)) < self.share]
        kept = joined(self._read(self._kept_file(task)), accepted.take(rows))
        if len(kept):
            write_labelled(kept, self._kept_file(task))
        return self.read(task)

    def read(self, task: Task) -> Labelled:
        """All frozen examples of a task; the label that was put there by hand counts where there are two."""
        return joined(self._read(self._kept_file(task)), self._read(self._by_hand_file(task)))

    def questions(self) -> tuple[FrozenQuestion, ...]:
        """The questions to the graph. Raises CallerError that names the line which is none."""
        file = self.folder / _QUESTIONS
        if not file.is_file():
            return ()
        found = []
        for number, line in enumerate(file.read_text("utf-8-sig").split("\n"), 1):
            if line.strip():
                try:
                    found.append(FrozenQuestion.model_validate_json(line))
                except ValidationError as error:
                    raise CallerError(
                        f'{file}, line {number}: expected {{"question", "facts": [[h, r, t]]}}'
                    ) from error
        return tuple(found)

    def _kept_file(self, task: Task) -> Path:
        return self.folder / _KEPT / f"{task.value}.csv"

    def _by_hand_file(self, task: Task) -> Path:
        return self.folder / f"{task.value}.csv"

    def _read(self, file: Path) -> Labelled:
        return read_labelled(file) if file.is_file() else Labelled((), ())


def joined(*parts: Labelled) -> Labelled:
    """Each text once, as the hash sees it, with the label of the last part that has it."""
    return each_once(parts, normalised)


def normalised(text: str) -> str:
    """A text as the hash sees it: one width and case, words apart by one space, every number alike."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    words = re.sub(r"[\W_]+", " ", plain).split()
    return re.sub(r"\d+(?: \d+)*", "0", " ".join(words)) or text.strip()


def _place(plain: str) -> float:
    """Where a text stands between 0 and 1, the same for ever."""
    digest = hashlib.sha256(b"frozen " + plain.encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8]) / 2**64
