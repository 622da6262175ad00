"""The trained bundles of a home: those in use, opened; those that an earlier version of Parley left, moved."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from agent.errors import BundleError
from agent.home import Home
from agent.ports import IntentClassifier, SentimentScorer
from agent.samples.install import learn_sample
from agent.training.bundle import Task
from agent.training.classifier import open_classifier
from agent.training.speakers import BUILT_IN, read_speakers
from agent.training.versions import Versions, versions_of
from agent.understand.bundled import open_intents, open_sentiment
from agent.understand.in_use import InUse, watched
from agent.understand.sentiment import default_sentiment
from agent.understand.shadow import ShadowsInUse

_OPENERS: Mapping[Task, Callable[[Path], object]] = {
    Task.INTENT: open_intents,
    Task.SENTIMENT: lambda folder: open_sentiment(folder, default_sentiment()),
    Task.EMOTION: open_classifier,
}
_FORMER = "intents"  # where the one bundle of intents lay


@dataclass(frozen=True, slots=True, kw_only=True)
class BundlesInUse:
    """What speaks, and what listens."""

    intents: InUse[IntentClassifier]
    sentiment: InUse[SentimentScorer]
    shadow: ShadowsInUse


@contextmanager
def bundles_in_use(home: Home) -> Iterator[BundlesInUse]:
    """All bundles of a home that are in use, loaded; changes of who speaks are followed until the end."""
    intents, sentiment = intents_in_use(home), sentiment_in_use(home)
    with watched((intents, sentiment)), closing(ShadowsInUse(intents, sentiment)) as shadow:
        yield BundlesInUse(intents=intents, sentiment=sentiment, shadow=shadow)


def intents_in_use(home: Home) -> InUse[IntentClassifier]:
    """The intents that speak in a home, loaded."""
    _move_former(home)
    intents: InUse[IntentClassifier] = InUse(versions_of(home, Task.INTENT), open_intents)
    intents.refresh()
    return intents


def sentiment_in_use(home: Home) -> InUse[SentimentScorer]:
    """The sentiment that speaks in a home, loaded: the packaged lexicon where no bundle does."""
    words = default_sentiment()
    sentiment: InUse[SentimentScorer] = InUse(
        versions_of(home, Task.SENTIMENT), lambda folder: open_sentiment(folder, words), words
    )
    sentiment.refresh()
    return sentiment


def check_in_use(versions: Versions) -> str:
    """What speaks and what is tried, in words, having opened both. Raises BundleError that names what can't be."""
    speakers = read_speakers(versions.pointer)
    said = speakers.version or "no trained bundle: built-in rules are used"
    if speakers.trial is not None:
        trial = speakers.trial
        share = f" in {trial.percent:g} %" if trial.percent else ""
        said += f"; {trial.version} is tried ({trial.mode.value}{share})"
    for version in {speakers.version, speakers.trial.version if speakers.trial else BUILT_IN} - {BUILT_IN}:
        try:
            _OPENERS[versions.task](versions.root / version)
        except BundleError as error:
            raise BundleError(f"{error}. Meanwhile: parley learn rollback {versions.task.value}") from error
    return said


def _move_former(home: Home) -> None:
    """What lies where bundles lay before they had versions is moved, or learnt anew where it is the sample's."""
    former = home.bundles / _FORMER
    if not former.is_dir():
        return
    if home.holds_sample:
        learn_sample(home)
        shutil.rmtree(former, ignore_errors=True)
    else:
        versions_of(home, Task.INTENT).move_in(former, why="it was there before bundles had versions")
