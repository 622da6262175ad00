"""The trained bundles of a home: those in use, opened; those that an earlier version of Parley left, moved."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from agent.errors import BundleError
from agent.home import Home
from agent.learning.intents.accepting import read_accepted
from agent.ports import IntentClassifier, SentimentScorer
from agent.samples import sample_path
from agent.samples.install import learn_sample
from agent.settings import ModelSettings, Settings
from agent.training.ageing import aged
from agent.training.bundle import Task
from agent.training.classifier import open_classifier
from agent.training.data import Labelled, read_labelled
from agent.training.mood.defaults import MESSAGES, REVIEWS, with_messages
from agent.training.mood.defaults import open_sentiment as open_moods
from agent.training.speakers import BUILT_IN, read_speakers
from agent.training.versions import Versions, versions_of
from agent.understand.bundled import open_intents, open_sentiment
from agent.understand.in_use import InUse, SentimentInUse, watched
from agent.understand.llm_intents import Chooser, ModelIntents
from agent.understand.sentiment import default_sentiment
from agent.understand.sentiment.remembered import RememberedSentiment
from agent.understand.shadow import ShadowsInUse
from agent.understand.together import ReadTogether

_OPENERS: Mapping[Task, Callable[[Path], object]] = {
    Task.INTENT: open_intents,
    Task.SENTIMENT: lambda folder: open_sentiment(folder, default_sentiment()),
    Task.EMOTION: open_classifier,
}
BUNDLES = (("intents", Task.INTENT), ("sentiment", Task.SENTIMENT), ("emotion", Task.EMOTION))
"""What bundles tell, by the names that people know them by."""

_FORMER = "intents"  # where the one bundle of intents lay


@dataclass(frozen=True, slots=True, kw_only=True)
class BundlesInUse:
    """What speaks, and what listens."""

    intents: InUse[IntentClassifier]
    sentiment: InUse[SentimentScorer]
    shadow: ShadowsInUse


@contextmanager
def bundles_in_use(home: Home, settings: Settings, *, together: bool = False) -> Iterator[BundlesInUse]:
    """All bundles of a home that are in use, loaded; changes of who speaks are followed until the end.

    together: the intents of messages that come at the same moment are read in one batch.
    """
    words_alone = settings.understanding.sentiment == "words"
    with _chooser(settings.model) as chooser:
        intents = intents_in_use(home, chooser, together=together)
        emotion = emotion_in_use(home, words_alone=words_alone)
        sentiment = sentiment_in_use(home, SentimentInUse(emotion))
        with watched((intents, emotion, sentiment)), closing(ShadowsInUse(intents, sentiment, emotion)) as shadow:
            yield BundlesInUse(intents=intents, sentiment=sentiment, shadow=shadow)


@contextmanager
def _chooser(model: ModelSettings) -> Iterator[Chooser | None]:
    """The model that chooses among intents, where the settings want one."""
    if not (model.intents and model.base_url) or model.understand:
        yield None
        return
    # Imported here: the client costs a second that a home without a model need not pay at start.
    from agent.understand.intent_chooser import IntentChooser

    with closing(IntentChooser(model)) as chooser:
        yield chooser


def intents_in_use(home: Home, chooser: Chooser | None = None, *, together: bool = False) -> InUse[IntentClassifier]:
    """The intents that speak in a home, loaded. chooser: chooses among those that a bundle holds likely.

    together: without one, many messages at the same moment are read in one batch.
    """
    _move_former(home)

    def load(folder: Path) -> IntentClassifier:
        if chooser is None:
            return open_intents(folder, ReadTogether if together else None)
        examples = known_utterances(home)
        return open_intents(folder, lambda classifier: ModelIntents(classifier, chooser, examples))

    intents = InUse(versions_of(home, Task.INTENT), load)
    intents.refresh()
    return intents


def known_utterances(home: Home) -> Labelled:
    """What is known to have which intent: what people accepted, and the sample's where it is in the home."""
    known = [read_accepted(home)]
    if home.holds_sample:
        known.append(read_labelled(sample_path() / "utterances.csv"))
    return Labelled(
        tuple(text for one in known for text in one.texts), tuple(label for one in known for label in one.labels)
    )


def emotion_in_use(home: Home, *, words_alone: bool = False) -> InUse[SentimentScorer]:
    """What tells how customers feel in a home, loaded: the models that it started with where no bundle of emotion speaks.

    words_alone: the lexicon instead of those.
    """
    built_in: SentimentScorer = default_sentiment() if words_alone else open_moods(home.moods)
    emotion: InUse[SentimentScorer] = InUse(
        versions_of(home, Task.EMOTION),
        lambda folder: RememberedSentiment(with_messages(folder, home.moods)),
        RememberedSentiment(built_in),
    )
    emotion.refresh()
    return emotion


def sentiment_in_use(home: Home, feelings: SentimentScorer) -> InUse[SentimentScorer]:
    """The sentiment that speaks in a home, loaded. feelings: speak where no bundle does, and name the emotions."""
    sentiment: InUse[SentimentScorer] = InUse(
        versions_of(home, Task.SENTIMENT), lambda folder: open_sentiment(folder, feelings), feelings
    )
    sentiment.refresh()
    return sentiment


def check_in_use(versions: Versions) -> str:
    """What speaks and what is tried, in words, having opened both. Raises BundleError that names what can't be."""
    speakers = read_speakers(versions.pointer)
    without = "built-in rules are used" if versions.task is Task.INTENT else "the home's moods are used"
    said = speakers.version or f"no trained bundle: {without}"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Aged:
    """A bundle in use that should be trained anew. name: of what it tells; why: in words; mend: the command."""

    name: str
    why: str
    mend: str

    def __str__(self) -> str:
        return f"{self.name}: {self.why}; to train it anew: {self.mend}"


def aged_bundles(home: Home) -> list[Aged]:
    """Those that an earlier version trained by less than is read now; one that can't be read is told of elsewhere."""
    found: list[Aged] = []
    with suppress(BundleError):
        if any((home.moods / name).is_dir() and aged(home.moods / name) for name in (MESSAGES, REVIEWS)):
            why = "trained with other words or reviews than Parley brings now"
            found.append(Aged(name="moods", why=why, mend=f"parley --home {home.root} sentiment build"))
    for name, task in BUNDLES:
        with suppress(BundleError):
            folder = versions_of(home, task).speaking()
            if folder is not None and (why := aged(folder)):
                found.append(Aged(name=name, why=why, mend=_training(home, task)))
    return found


def _training(home: Home, task: Task) -> str:
    """How a bundle is trained anew: from the sample's examples where it is the sample's, else from one's own."""
    data = sample_path() / "utterances.csv" if home.holds_sample and task is Task.INTENT else "EXAMPLES"
    return f"parley train --task {task.value} --data {data} --out NEW, parley --home {home.root} learn promote {task.value} NEW"


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
