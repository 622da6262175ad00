"""Step 2 itself: conversations in, clean conversations and utterances out, and all that was dropped."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from pydantic import BaseModel

from agent.learning.clean.dropping import Dropped, Reason, judged
from agent.learning.clean.near_copies import THRESHOLD, NearCopies
from agent.learning.clean.repair import cleaned
from agent.learning.clean.report import Cleaning, cleaned_report
from agent.learning.clean.segmentation import sentences
from agent.learning.collect import CONVERSATIONS
from agent.learning.forgetting import left_out
from agent.learning.records import CleanUtterance, LoggedConversation, SaidTurn, read_records, write_records
from agent.learning.runs import StepContext, StepName, StepOutcome

UTTERANCES, DROPPED = "utterances.jsonl", "dropped.jsonl"
_EVERY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """The step with its options. threshold: share of common shingles of near-copies, 0…1."""

    threshold: float = THRESHOLD

    def __call__(self, context: StepContext) -> StepOutcome:
        """Writes `conversations.jsonl`, `utterances.jsonl` and `dropped.jsonl`."""
        collected = context.run.need(StepName.COLLECT, CONVERSATIONS)
        gone = left_out(context.settings)
        work = _Work(self.threshold)
        total = _lines(collected)
        with ExitStack() as opened:
            drafts = {
                name: opened.enter_context((context.out / f".{name}").open("w", encoding="utf-8"))
                for name in (CONVERSATIONS, UTTERANCES, DROPPED)
            }
            for number, one in enumerate(read_records(collected, LoggedConversation)):
                if number % _EVERY == 0:
                    context.progress("cleaning", number, total)
                if not gone(one.id, one.customer):
                    _write(drafts[CONVERSATIONS], work.conversation(one))
                    for found in work.utterances(one):
                        _write(drafts[DROPPED if isinstance(found, Dropped) else UTTERANCES], found)
        for name in (CONVERSATIONS, DROPPED):
            (context.out / f".{name}").replace(context.out / name)
        draft = context.out / ".utterances.draft"
        (context.out / f".{UTTERANCES}").replace(draft)
        write_records(context.out / UTTERANCES, work.counted(read_records(draft, CleanUtterance)))
        draft.unlink()
        cleaning = work.cleaning
        return StepOutcome(figures=cleaning.figures(), report=cleaned_report(cleaning, context.out))


class _Work:
    """What is carried from one conversation to the next."""

    def __init__(self, threshold: float) -> None:
        self.cleaning = Cleaning()
        self._seen = NearCopies(threshold)
        self._copies: Counter[str] = Counter()
        self._labels: dict[str, str] = {}  # that a copy brought to an utterance without one
        self._mended: dict[int, str] = {}

    def conversation(self, one: LoggedConversation) -> LoggedConversation:
        """The conversation, mended and masked; what nothing is left of is no turn of it."""
        self._mended = {}
        turns: list[SaidTurn] = []
        for turn in one.turns:
            text, found = cleaned(turn.text)
            self.cleaning.turn(turn.text, text, found)
            self._mended[turn.n] = text
            if text:
                turns.append(turn.model_copy(update={"text": text}))
        return one.model_copy(update={"turns": tuple(turns)})

    def utterances(self, one: LoggedConversation) -> Iterator[CleanUtterance | Dropped]:
        """What its customer said, of the conversation that was cleaned last."""
        for turn in one.turns:
            if turn.role != "user":
                continue
            name, text = f"{one.id}#{turn.n}", self._mended[turn.n]
            verdict = judged(text, labelled=turn.correction is not None)
            if isinstance(verdict, Reason):
                yield self._dropped(name, verdict, text)
                continue
            kept, language = verdict
            if copy := self._seen.find(name, kept, turn.correction):
                self._copies[copy.original] += 1
                if copy.labels and turn.correction:
                    self._labels[copy.original] = turn.correction
                    self.cleaning.labelled += 1
                yield self._dropped(name, Reason.COPY if copy.same else Reason.NEAR_COPY, kept, copy.original)
                continue
            self.cleaning.kept(kept, language, labelled=turn.correction is not None)
            yield CleanUtterance(
                id=name,
                text=kept,
                language=language,
                sentences=sentences(kept),
                label=turn.correction,
                predicted=turn.intent,
            )

    def counted(self, utterances: Iterator[CleanUtterance]) -> Iterator[CleanUtterance]:
        """The utterances with the number of their copies, and a label that one of these brought, which is known at the end."""
        for one in utterances:
            copies = self._copies[one.id]
            self.cleaning.copied(one.text, copies)
            yield one.model_copy(update={"copies": copies, "label": one.label or self._labels.get(one.id)})

    def _dropped(self, id: str, reason: Reason, text: str, original: str | None = None) -> Dropped:
        self.cleaning.dropped(reason, text)
        return Dropped(id=id, reason=reason, text=text[:2_000], original=original)


def _write(stream: TextIO, record: BaseModel) -> None:
    stream.write(record.model_dump_json(exclude_none=True) + "\n")


def _lines(file: Path) -> int:
    with file.open("rb") as stream:
        return sum(1 for _ in stream)
