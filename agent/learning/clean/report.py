"""What the report of step 2 says: what was kept, dropped and masked, with masked samples."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from agent.learning.clean.dropping import EXPLAINED, Reason
from agent.learning.clean.segmentation import words
from agent.learning.report import Report
from agent.learning.wording import said
from agent.privacy import Found
from agent.types import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SAMPLES, _CLIPPED, _FREQUENT = 5, 160, 20
_COMMON = 5  # utterances from which on a word is shown: a rarer one would tell of one customer


@dataclass(slots=True)
class Cleaning:
    """Counts and samples, gathered while cleaning."""

    turns: int = 0
    mended: int = 0
    masked: Counter[str] = field(default_factory=Counter)
    reasons: Counter[Reason] = field(default_factory=Counter)
    samples: dict[Reason, list[str]] = field(default_factory=lambda: defaultdict(list))
    masked_samples: list[str] = field(default_factory=list)
    languages: Counter[str] = field(default_factory=Counter)
    lengths: Counter[int] = field(default_factory=Counter)
    frequent: dict[str, Counter[str]] = field(default_factory=lambda: {"en": Counter(), "zh": Counter()})
    labelled: int = 0
    most_copied: list[tuple[int, str]] = field(default_factory=list)

    def turn(self, before: str, after: str, found: Sequence[Found]) -> None:
        """A message, before and after."""
        self.turns += 1
        self.mended += before.strip() != after and not found
        self.masked.update(one.kind.value for one in found)
        if found and len(self.masked_samples) < _SAMPLES * 4 and after not in self.masked_samples:
            self.masked_samples.append(after)

    def dropped(self, reason: Reason, text: str) -> None:
        """An utterance that is not learned from."""
        self.reasons[reason] += 1
        if text and len(self.samples[reason]) < _SAMPLES and text not in self.samples[reason]:
            self.samples[reason].append(text)

    def kept(self, text: str, language: Language, *, labelled: bool) -> None:
        """An utterance that is learned from."""
        self.languages[language] += 1
        self.lengths[min(len(text), 200)] += 1
        self.labelled += labelled
        self.frequent[language].update(set(words(text, language)))

    def copied(self, text: str, copies: int) -> None:
        """How often an utterance that was kept was said again."""
        if copies:
            self.most_copied = sorted([*self.most_copied, (copies, text)], reverse=True)[:10]

    @property
    def kept_count(self) -> int:
        """How many utterances are learned from."""
        return sum(self.languages.values())

    def figures(self) -> dict[str, float | int | str]:
        """What the report begins with."""
        heard = self.kept_count + sum(self.reasons.values())
        return {
            "messages": self.turns,
            "customers' messages": heard,
            "utterances kept": self.kept_count,
            "share kept": self.kept_count / heard if heard else 0.0,
            "of these labelled by a person": self.labelled,
            "English": self.languages["en"],
            "Chinese": self.languages["zh"],
            "messages mended": self.mended,
            "private data masked": self.masked.total(),
            **{f"dropped: {reason.value}": self.reasons[reason] for reason in Reason},
        }


def cleaned_report(cleaning: Cleaning, out: Path) -> Report:
    """Text, tables and plots; all samples are masked."""
    report = Report(said("Cleaned conversations"))
    report.text(
        "The utterances are in {folder}/utterances.jsonl, what was dropped in {folder}/dropped.jsonl.", folder=out.name
    )
    report.heading("What was dropped, and why")
    report.table(
        ("reason", "messages", "meaning"),
        [(said(reason.value), count, said(EXPLAINED[reason])) for reason, count in cleaning.reasons.most_common()],
    )
    report.figure("kept", said("Customers' messages by what became of them"), _fates(cleaning))
    rows = [(said(reason.value), _clip(text)) for reason in Reason for text in cleaning.samples[reason]]
    if rows:
        report.table(("reason", "sample"), rows)
    report.heading("What was masked")
    report.table(("kind", "places"), [(said(f"[{kind}]"), count) for kind, count in cleaning.masked.most_common()])
    if cleaning.masked_samples:
        report.table(("sample",), [(_clip(text),) for text in cleaning.masked_samples])
    report.heading("What was kept")
    report.figure("lengths", said("Length of the utterances kept (200: and longer)"), _lengths(cleaning))
    for language, name in (("en", "English"), ("zh", "Chinese")):
        common = [pair for pair in cleaning.frequent[language].most_common(_FREQUENT) if pair[1] >= _COMMON]
        if common:
            listed = ", ".join(f"{word} ({count:,})" for word, count in common)
            report.text("Frequent words, {language}: {words}", language=said(name), words=listed)
    if cleaning.most_copied:
        report.heading("Said most often")
        report.table(("copies", "utterance"), [(count, _clip(text)) for count, text in cleaning.most_copied])
    return report


def _clip(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _CLIPPED else line[: _CLIPPED - 1] + "…"


def _fates(cleaning: Cleaning) -> "Callable[[Axes], None]":
    def draw(axes: "Axes") -> None:
        bars = [("kept", cleaning.kept_count), *((reason.value, count) for reason, count in cleaning.reasons.items())]
        bars.sort(key=lambda bar: bar[1])
        axes.barh([name for name, _ in bars], [count for _, count in bars], color="#2f7d6d")
        axes.set_xlabel("messages")

    return draw


def _lengths(cleaning: Cleaning) -> "Callable[[Axes], None]":
    def draw(axes: "Axes") -> None:
        axes.hist(list(cleaning.lengths), bins=40, range=(0, 200), weights=list(cleaning.lengths.values()))
        axes.set_xlabel("characters")
        axes.set_ylabel("utterances")

    return draw
