"""The eight steps with their options, and what each is made from: one list, for the commands and for `parley learn run`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from agent.bundles import emotion_in_use, sentiment_in_use
from agent.home import Home
from agent.learning.clean import Clean
from agent.learning.collect import Collect
from agent.learning.evaluate.step import Evaluate
from agent.learning.event_log import read_agreement, read_state
from agent.learning.feelings import Feelings
from agent.learning.graph.step import ProposeGraph
from agent.learning.intents.step import IntentsStep
from agent.learning.runs import (
    Run,
    Step,
    StepContext,
    StepName,
    StepRecord,
    fingerprint,
    fingerprint_of,
    new_run,
    perform,
    runs_of,
)
from agent.learning.training import Train
from agent.learning.trial.step import Use
from agent.learning.waiting import waited
from agent.ports import SentimentScorer
from agent.privacy import mask
from agent.settings import Settings
from agent.training.bundle import Task
from agent.training.classifier import open_classifier
from agent.training.versions import versions_of
from agent.types import Role
from agent.understand.in_use import SentimentInUse
from knowledge.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What may be said of a run; the defaults learn from the home's own conversations alone.

    files, consented, log, speakers: of collect. labelled: utterances whose intent was given elsewhere. count: how many to
    label next. labels_needed: whether it is an error that nobody has labelled anything to train from. by_model: let the model of the settings name clusters and read for the graph. truth: utterances whose intent
    is known and hidden, to measure clusters by.
    """

    files: Sequence[Path] = ()
    consented: bool = False
    log: bool = True
    speakers: Mapping[str, Role | None] = field(default_factory=dict)
    near_copies: float = 0.8
    labelled: Path | None = None
    count: int = 50
    labels_needed: bool = True
    by_model: bool = False
    truth: Path | None = None
    task: Task = Task.INTENT


_READS: Mapping[StepName, tuple[StepName, ...]] = {
    StepName.COLLECT: (),
    StepName.CLEAN: (StepName.COLLECT,),
    StepName.INTENTS: (StepName.CLEAN,),
    StepName.GRAPH: (StepName.CLEAN,),
    StepName.SENTIMENT: (StepName.CLEAN,),
    StepName.TRAIN: (StepName.CLEAN,),
    StepName.EVALUATE: (StepName.TRAIN, StepName.GRAPH),
    StepName.USE: (StepName.EVALUATE,),
}
_ANEW = frozenset({StepName.EVALUATE, StepName.USE})
"""Steps that look at what changes outside of the run, and are made anew each time."""


@dataclass(frozen=True, kw_only=True)
class Pipeline:
    """The steps of one home."""

    home: Home
    settings: Settings
    options: Options

    def run_for_collecting(self) -> Run:
        """The latest run where it collected the same; else a new one."""
        runs = runs_of(self.home)
        last = runs[-1] if runs else None
        done = last.record(StepName.COLLECT) if last else None
        if last is not None and (done is None or done.inputs == self._inputs(StepName.COLLECT, last)):
            return last
        return new_run(self.home)

    def perform(self, name: StepName, run: Run, progress: Progress) -> StepRecord:
        """One step; one that is finished and would be made from the same is not made again."""
        context = StepContext(home=self.home, settings=self.settings, run=run, out=run.folder(name), progress=progress)
        return perform(name, self._step(name), context, inputs=self._inputs(name, run))

    def _step(self, name: StepName) -> Step:
        options = self.options
        steps: Mapping[StepName, Callable[[], Step]] = {
            StepName.COLLECT: lambda: Collect(
                files=options.files, consented=options.consented, log=options.log, speakers=options.speakers
            ),
            StepName.CLEAN: lambda: Clean(threshold=options.near_copies),
            StepName.INTENTS: lambda: IntentsStep(
                labelled=options.labelled, count=options.count, by_model=options.by_model, truth=options.truth
            ),
            StepName.GRAPH: lambda: ProposeGraph(by_model=options.by_model),
            StepName.SENTIMENT: lambda: Feelings(scorer=self._scorer),
            StepName.TRAIN: lambda: Train(labelled=options.labelled, needed=options.labels_needed),
            StepName.EVALUATE: lambda: Evaluate(open_model=open_classifier, in_use=self._in_use()),
            StepName.USE: lambda: Use(
                task=options.task, may_show=self._agreed().__contains__, mask=lambda text: mask(text).text
            ),
        }
        return steps[name]()

    def _inputs(self, name: StepName, run: Run) -> str:
        """The fingerprint of what a step would be made from."""
        options = self.options
        accepted = self.home.root / "learning" / "accepted"
        given: dict[str, object] = {}
        files: list[Path] = []
        if name is StepName.COLLECT:
            given = {"from": self._collected_from}
        elif name is StepName.CLEAN:
            given = {"near_copies": options.near_copies}
        elif name in {StepName.INTENTS, StepName.SENTIMENT, StepName.TRAIN}:
            given = {"count": options.count, "by_model": options.by_model}
            files = [*sorted(accepted.glob("*.csv")), *([options.labelled] if options.labelled else [])]
            if name is StepName.INTENTS and options.truth:
                files.append(options.truth)
        elif name is StepName.GRAPH:
            given = {"by_model": options.by_model}
            files = sorted(accepted.glob("graph.jsonl"))
        elif name in _ANEW:
            given = {"at": datetime.now(UTC)}
        return fingerprint(run, _READS[name], given, files)

    @cached_property
    def _collected_from(self) -> str:
        """Looked at once: imports may be large, and choosing the run asks for it before collecting does."""
        options = self.options
        speakers = sorted(options.speakers.items())
        given = {"consented": options.consented, "log": options.log, "speakers": speakers}
        files = [one for file in options.files for one in _files(file)]
        return fingerprint_of({**given, "store": waited(read_state(self.settings))}, files)

    def _scorer(self) -> SentimentScorer:
        words_alone = self.settings.understanding.sentiment == "words"
        feelings = SentimentInUse(emotion_in_use(self.home, words_alone=words_alone))
        return SentimentInUse(sentiment_in_use(self.home, feelings))

    def _in_use(self) -> Mapping[Task, Path]:
        speaking = {task: versions_of(self.home, task).speaking() for task in Task}
        return {task: folder for task, folder in speaking.items() if folder is not None}

    def _agreed(self) -> frozenset[str]:
        return frozenset(waited(read_agreement(self.settings)).agreed)


def _files(file: Path) -> Sequence[Path]:
    """A file, or all files of a folder."""
    return [one for one in sorted(file.rglob("*")) if one.is_file()] if file.is_dir() else [file]
