"""Trains a model of mood: voices on all of the data, and their shares by what each says of texts it has not seen."""

from collections.abc import Iterator, Mapping

import numpy as np

from agent.training.ageing import OPINIONS_SETTING
from agent.training.bundle import Bundle, Card, Task
from agent.training.data import NOTHING, Labelled, fingerprint
from agent.training.mood.model import FAMILY, pack
from agent.training.mood.spaces import SENTENCES, Floats, Space, fit_spaces
from agent.training.mood.tokens import folded, is_chinese
from agent.training.mood.voices import Blend, Places, balanced, fit_blend, fit_voice
from agent.understand.sentiment.opinions import opinions_version
from knowledge.embedders import minilm
from knowledge.progress import Progress, silent

_FOLDS = 5
_TOPICS = 5
_TOPICS_FROM = 2000  # examples from which topics can be told apart
_TRUST = 8.0  # how much an example that is trusted counts
# How probable a label must be, by what never met it, to teach: a clause cut from a review may say the reverse. At .15 topics
# left out gained half a point, and copies of reviews that were trained on lost one.
_DOUBTED = 0.05


def train_mood(
    task: Task,
    data: Labelled,
    *,
    trusted: Labelled = NOTHING,
    sources: tuple[str, ...] = (),
    progress: Progress = silent,
    sentences: bool = True,
) -> Bundle:
    """A bundle for sentiment or emotion, whatever the labels are called.

    Sentiment is met on other goods than those trained on, so its voices are weighed by what each says of topics that it
    was not fitted on; emotion by random folds. What they say of a topic also tells which labels are not to be believed:
    these teach nothing (confident learning, Northcutt et al. 2021). trusted: examples of the same labels that count more,
    and are believed. sentences: False leaves MiniLM out though it is installed.
    """
    data = distinct(Labelled((*trusted.texts, *data.texts), (*trusted.labels, *data.labels)))
    believed = {folded(text) for text in trusted.texts}
    is_trusted = np.array([folded(text) in believed for text in data.texts])
    names = data.label_names
    labels: Places = np.asarray([names.index(label) for label in data.labels])
    chinese = is_chinese(data.texts)
    progress("Reading the examples", 0, 1)
    vectors = sentences and not chinese and minilm.is_available()
    terms, spaces = fit_spaces(data.texts, chinese=chinese, sentences=vectors)
    importance = balanced(data.texts, labels, len(names)) * np.where(is_trusted, _TRUST, 1.0)
    folds = list(_folds(task, spaces, labels))
    spoken = {name: np.zeros((len(data), len(names))) for name in spaces}
    steps = len(folds) * len(spaces) + len(spaces)
    for fold, (rows, unseen) in enumerate(folds):
        for number, (name, space) in enumerate(spaces.items()):
            progress("Weighing the voices", fold * len(spaces) + number, steps)
            voice = fit_voice(name, space[rows], labels[rows], importance[rows], len(names))
            spoken[name][unseen] = voice.speak(space[unseen])
    blends = _blends(task, spoken, labels)
    progress("Training", steps - len(spaces), steps)
    best = next(iter(blends.values()))
    likely = best.probabilities(spoken)[np.arange(len(data)), labels]
    kept = np.flatnonzero(is_trusted | (likely >= _DOUBTED) | (not _by_topic(task, len(data))))
    voices = {
        name: fit_voice(name, space[kept], labels[kept], importance[kept], len(names)) for name, space in spaces.items()
    }
    card = Card(
        task=task,
        model=FAMILY,
        labels=names,
        settings={
            "chinese": chinese,
            "folds": "topics" if _by_topic(task, len(data)) else "random",
            "labels not believed": len(data) - len(kept),
            OPINIONS_SETTING: opinions_version(),
        },
        metrics=_measured(best.probabilities(spoken), labels, "cross-validated"),
        examples=len(data),
        data_sha256=fingerprint(data),
        sources=sources,
    )
    return pack(card, terms, voices, blends)


def distinct(data: Labelled) -> Labelled:
    """Each text once; texts that bear several labels are left out."""
    found: dict[str, set[str]] = {}
    for text, label in zip(data.texts, data.labels, strict=True):
        found.setdefault(folded(text), set()).add(label)
    kept: dict[str, int] = {}
    for place, text in enumerate(data.texts):
        if len(found[folded(text)]) == 1:
            kept.setdefault(folded(text), place)
    return data.take(list(kept.values()))


def _blends(task: Task, spoken: Mapping[str, Floats], labels: Places) -> dict[str, Blend]:
    biased = task is not Task.SENTIMENT
    without = {name: values for name, values in spoken.items() if name != SENTENCES}
    blends = {"with": fit_blend(spoken, labels, biased=biased)} if SENTENCES in spoken else {}
    return blends | {"without": fit_blend(without, labels, biased=biased)}


def _by_topic(task: Task, examples: int) -> bool:
    return task is Task.SENTIMENT and examples >= _TOPICS_FROM


def _folds(task: Task, spaces: Mapping[str, Space], labels: Places) -> Iterator[tuple[Places, Places]]:
    """(places to fit on, places to speak of): topics where the task wants them, else random and stratified."""
    everything = np.arange(len(labels))
    if _by_topic(task, len(labels)):
        topics = _topics(spaces["words"])
        for topic in np.unique(topics):
            yield everything[topics != topic], everything[topics == topic]
        return
    from sklearn.model_selection import StratifiedKFold

    count = max(2, min(_FOLDS, int(np.bincount(labels).min())))
    yield from StratifiedKFold(count, shuffle=True, random_state=0).split(everything, labels)


def _topics(words: Space) -> Places:
    from sklearn.cluster import KMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    reduced = normalize(TruncatedSVD(40, random_state=0).fit_transform(words))
    return np.asarray(KMeans(_TOPICS, n_init=2, random_state=0).fit_predict(reduced))


def _measured(probabilities: Floats, labels: Places, how: str) -> dict[str, float]:
    from sklearn.metrics import f1_score

    best = probabilities.argmax(axis=1)
    accuracy = float((best == labels).mean())
    macro = float(f1_score(labels, best, average="macro", zero_division=0))
    return {f"accuracy, {how}": round(accuracy, 4), f"macro F1, {how}": round(macro, 4)}
