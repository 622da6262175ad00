"""Trains a model of intents: lines over terms, a kernel over sentence vectors, their blend, and who is a stranger."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from agent.training.bundle import Bundle, Card, Task
from agent.training.data import OUT_OF_SCOPE, Labelled, fingerprint
from agent.training.intents import sentences
from agent.training.intents.blend import Blend, fit_blend, log_softmax
from agent.training.intents.kernel import Fitted, evenly, fit_kernel, gaussian
from agent.training.intents.linear import Lines, fit_lines, unseen_scores
from agent.training.intents.mixing import Mixed, mixed_space
from agent.training.intents.model import FAMILY, Senses, pack
from agent.training.intents.strangers import Clues, StrangerModel, clues, fit_strangers
from agent.training.intents.terms import Matrix, TermSpace, folded
from agent.training.measures import accuracy, calibration_error
from agent.training.trials import OnTried, untold
from knowledge.han import HAN
from knowledge.progress import Progress, silent

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]

_MOST_ANCHORS = 16_000  # a kernel of n examples takes 8n² bytes while it is fitted
_GROUPS = 4  # of intents, each left out once to play the strangers
_OWN_BLEND = 50  # examples of a script from which on it has a blend of its own
_READ_AT_ONCE = 1024


def train_intents(
    data: Labelled,
    *,
    sources: tuple[str, ...] = (),
    stranger_cost: float = 1.0,
    with_sentences: bool = True,
    search: bool = False,
    on_tried: OnTried = untold,
    progress: Progress = silent,
) -> Bundle:
    """A bundle of the examples; those labelled `oos` teach what is for none of the intents.

    stranger_cost: of taking a message that no intent is for as one, in known messages turned away.
    with_sentences: False leaves MiniLM out though it is installed. search: over more settings, which takes minutes.
    """
    known, strange = _distinct(data)
    names = known.label_names
    labels = np.array([names.index(label) for label in known.labels], dtype=np.int64)
    progress("Reading words", 0, 1)
    terms, rows = TermSpace.fit(known.texts)
    read = _Read(known.texts, labels, len(names), rows, terms.read(strange.texts or ("",)))
    progress("Weighing words", 0, 1)
    lines = fit_lines(read.rows, labels, len(names))
    unseen = unseen_scores(read.rows, labels, len(names))
    apart = _scores_apart(read)
    sight = None
    if with_sentences and sentences.is_available():
        layers = _layers(known.texts, progress)
        progress("Choosing settings", 0, 1)
        mixed = mixed_space(layers, labels, names, search=search, on_tried=on_tried)
        sight = _sight(mixed, layers, strange, labels, progress)
    progress("Telling strangers", 0, 1)
    plain, plain_figures = _senses(read, terms, lines, unseen, apart, strange, None, stranger_cost)
    full, figures = (
        _senses(read, terms, lines, unseen, apart, strange, sight, stranger_cost) if sight else (None, plain_figures)
    )
    best = full or plain
    card = Card(
        task=Task.INTENT,
        model=FAMILY,
        labels=names,
        settings={
            "sentence_vectors": sight.mixed.space.mix if sight else "none",
            "names_as_examples": bool(sight and sight.mixed.named),
            **({"kernel_width": sight.mixed.gamma, "ridge": sight.mixed.ridge} if sight else {}),
            "out_of_scope_threshold": round(best.strangers.threshold, 4),
            "stranger_cost": stranger_cost,
        },
        metrics={**figures, **({"accuracy without sentence vectors": plain_figures["accuracy"]} if full else {})},
        examples=len(data),
        data_sha256=fingerprint(data),
        sources=sources,
    )
    return pack(card, full, plain)


@dataclass(frozen=True, slots=True)
class _Read:
    """The examples as terms. strange: rows of those labelled `oos`."""

    texts: tuple[str, ...]
    labels: Places
    count: int
    rows: Matrix
    strange: Matrix

    @property
    def chinese(self) -> npt.NDArray[np.bool_]:
        return np.array([bool(HAN.search(text)) for text in self.texts])

    def groups(self) -> Iterator[Places]:
        """Labels by groups of like size, each label in one."""
        order = np.random.default_rng(0).permutation(self.count)
        yield from (group for group in np.array_split(order, min(_GROUPS, self.count)) if len(group) < self.count)


@dataclass(frozen=True, slots=True)
class _Sight:
    """The examples as sentences. places: of the anchors among the examples; strange: vectors of those labelled `oos`."""

    mixed: Mixed
    fitted: Fitted
    vectors: Floats
    places: Places
    strange: Floats


def _sight(mixed: Mixed, layers: Floats, strange: Labelled, labels: Places, progress: Progress) -> _Sight:
    vectors = mixed.space.project(layers)
    places = evenly(labels, _MOST_ANCHORS)
    progress("Fitting the kernel", 0, 1)
    count = int(labels.max()) + 1
    anchors = np.concatenate([vectors[places], mixed.name_vectors])
    every = np.concatenate([labels[places], np.arange(len(mixed.name_vectors))])
    fitted = fit_kernel(anchors, every, count, gamma=mixed.gamma, ridge=mixed.ridge)
    return _Sight(mixed, fitted, vectors[places], places, mixed.space.project(_layers(strange.texts, progress)))


def _layers(texts: tuple[str, ...], progress: Progress) -> Floats:
    parts = [np.zeros((0, 8, 384), np.float32)]
    for start in range(0, len(texts), _READ_AT_ONCE):
        progress("Reading sentences", start, len(texts))
        parts.append(sentences.read_layers(texts[start : start + _READ_AT_ONCE]))
    return np.concatenate(parts)


def _scores_apart(read: _Read) -> Floats:
    """[n, labels]: of each example, the scores of lines that never met its label, nor others of its group."""
    found = np.zeros((len(read.labels), read.count), np.float32)
    for group in read.groups():
        inside = np.isin(read.labels, group)
        lines = fit_lines(read.rows[~inside], read.labels[~inside], read.count)
        found[inside] = lines.scores(read.rows[inside])
    return found


def _senses(
    read: _Read,
    terms: TermSpace,
    lines: Lines,
    unseen: Floats,
    apart: Floats,
    strange: Labelled,
    sight: _Sight | None,
    cost: float,
) -> tuple[Senses, Mapping[str, float]]:
    """What reads a text by lines, and by sentences where there is a sight; and how good it is on what it was not fitted on."""
    places = sight.places if sight else np.arange(len(read.labels))
    labels, lines_unseen = read.labels[places], unseen[places]
    sources = [lines_unseen]
    kernel_known = kernel_strange = None
    nearest_known = nearest_apart = nearest_strange = kernel_apart = None
    if sight:
        size = len(places)
        kernel_known = sight.fitted.left_out()[:size]
        sources = [kernel_known, lines_unseen]
        kernel_apart, nearest_known, nearest_apart = _kernel_apart(sight, labels, read)
        if len(sight.strange):
            kernel_strange = sight.fitted.kernel.scores(sight.strange)
            nearest_strange = sight.fitted.kernel.likeness(sight.strange).max(axis=1)
    blends = _fitted_blends(sources, labels, read.chinese[places])
    known = clues(kernel_known, lines_unseen, nearest_known)
    simulated = clues(kernel_apart, apart[places], nearest_apart)
    real = clues(kernel_strange, lines.scores(read.strange), nearest_strange) if len(strange) else None
    model = fit_strangers(known, simulated, real, cost=cost)
    senses = Senses(
        terms, lines, sight.mixed.space if sight else None, sight.fitted.kernel if sight else None, blends, model
    )
    probabilities = _probabilities(blends, sources, read.chinese[places])
    return senses, _figures(probabilities, labels, model, known, simulated, real)


def _kernel_apart(sight: _Sight, labels: Places, read: _Read) -> tuple[Floats, Floats, Floats]:
    """Of each example: the scores without its group of labels, its nearest other example, its nearest of another label."""
    size = len(labels)
    found = np.zeros((size, read.count), np.float32)
    every = np.concatenate([labels, np.arange(read.count)]) if sight.mixed.named else labels
    for group in read.groups():
        rows = np.flatnonzero(np.isin(every, group))
        found[rows[rows < size]] = sight.fitted.without(rows)[rows < size]
        found[np.ix_(rows[rows < size], group)] = 0.0
    group_of = np.zeros(read.count, np.int64)
    for number, group in enumerate(read.groups()):
        group_of[group] = number
    nearest, apart = np.zeros(size, np.float32), np.zeros(size, np.float32)
    for start in range(0, size, _READ_AT_ONCE):
        rows = np.arange(start, min(start + _READ_AT_ONCE, size))
        likeness = gaussian(sight.vectors[rows], sight.vectors, sight.fitted.kernel.gamma)
        likeness[np.arange(len(rows)), rows] = 0.0
        nearest[rows] = likeness.max(axis=1)
        likeness[group_of[labels[rows]][:, None] == group_of[labels][None, :]] = 0.0
        apart[rows] = likeness.max(axis=1)
    return found, nearest, apart


def _fitted_blends(sources: list[Floats], labels: Places, chinese: npt.NDArray[np.bool_]) -> tuple[Blend, Blend]:
    """For texts without and with Chinese characters; a script with few examples takes the blend of all."""
    everything = fit_blend(sources, labels)
    latin, han = (
        fit_blend([source[rows] for source in sources], labels[rows])
        if _OWN_BLEND <= rows.sum() < len(labels)
        else everything
        for rows in (~chinese, chinese)
    )
    return latin, han


def _probabilities(blends: tuple[Blend, Blend], sources: list[Floats], chinese: npt.NDArray[np.bool_]) -> Floats:
    latin, han = (blend.logits(sources) for blend in blends)
    return np.asarray(np.exp(log_softmax(np.where(chinese[:, None], han, latin))), dtype=np.float32)


def _figures(
    probabilities: Floats, labels: Places, model: StrangerModel, known: Clues, simulated: Clues, real: Clues | None
) -> dict[str, float]:
    """Of examples that were left out: each by itself, strangers by groups of intents."""
    from sklearn.metrics import roc_auc_score

    inside, outside = model.probabilities(known), model.probabilities(simulated)
    figures = {
        "accuracy": accuracy(probabilities, labels),
        "calibration error": calibration_error(probabilities, labels),
        "out-of-scope AUROC, near-domain": float(
            roc_auc_score(np.repeat([0, 1], [len(inside), len(outside)]), np.concatenate([inside, outside]))
        ),
        "kept in scope": float((inside < model.threshold).mean()),
        "out-of-scope recall, near-domain": float((outside >= model.threshold).mean()),
    }
    if real is not None:
        figures["out-of-scope recall, examples given"] = float((model.probabilities(real) >= model.threshold).mean())
    return figures


def _distinct(data: Labelled) -> tuple[Labelled, Labelled]:
    """(known, out of scope): each pair of text and label once."""
    first: dict[tuple[str, str], int] = {}
    for place, (text, label) in enumerate(zip(data.texts, data.labels, strict=True)):
        first.setdefault((folded(text), label), place)
    kept = list(first.values())
    inside = [place for place in kept if data.labels[place] != OUT_OF_SCOPE]
    return data.take(inside), data.take([place for place in kept if data.labels[place] == OUT_OF_SCOPE])
