"""Trains a model of intents: lines over terms, a kernel over sentence vectors or terms, their blend, who is a stranger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from agent.training.bundle import Bundle, Card, Task
from agent.training.data import OUT_OF_SCOPE, Labelled, fingerprint
from agent.training.intents import sentences
from agent.training.intents.blend import Blend, fit_blend
from agent.training.intents.leaving_out import Groups, ways
from agent.training.intents.linear import Lines, fit_lines, unseen_scores, with_names
from agent.training.intents.mixing import mixed_space, telling_names
from agent.training.intents.model import FAMILY, Senses, in_order, pack, strangeness, tells_strangers, told
from agent.training.intents.sentences import Readings
from agent.training.intents.sight import Sight, by_sentences, by_terms
from agent.training.intents.strangers import Clues, StrangerModel, clues, fit_strangers
from agent.training.intents.terms import Matrix, TermSpace, folded
from agent.training.measures import accuracy, calibration_error
from agent.training.trials import OnTried, untold
from knowledge.progress import Progress, silent
from knowledge.text.han import HAN

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]

_STRANGERS = ("near-domain", "other fields")  # what the ways of leaving out make of examples
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
    with_sentences: False leaves sentence vectors out though their models are installed. search: over more settings, which takes minutes.
    """
    known, strange = _distinct(data)
    names = known.label_names
    labels = np.array([names.index(label) for label in known.labels], dtype=np.int64)
    progress("Reading words", 0, 1)
    named = telling_names(names, len(labels))
    terms, every = TermSpace.fit((*known.texts, *named))
    rows = every[: len(labels)]
    read = _Read(
        known.texts,
        labels,
        len(names),
        rows,
        terms.read(strange.texts or ("",)).matrix()[: len(strange)],
        every[len(labels) :] if named else None,
        _chinese(strange.texts),
    )
    latent = by_terms(read.rows, labels, len(names), read.strange, read.names)
    sight = mixed = None
    if with_sentences and sentences.is_available():
        multilingual = bool(read.chinese.any()) and sentences.is_available(multilingual=True)
        seen = _seen(known.texts, progress, multilingual=multilingual)
        progress("Choosing settings", 0, 1)
        mixed = mixed_space(seen, labels, names, search=search, on_tried=on_tried)
        progress("Fitting the kernel", 0, 1)
        vectors = mixed.space.project(seen)
        others = mixed.space.project(_seen(strange.texts, progress, multilingual=multilingual))
        sight = by_sentences(mixed, vectors, labels, len(names), others)
    progress("Weighing words", 0, 1)
    lines = _Lines.fit(read, ways(vectors if sight else read.rows, labels, len(names)))
    progress("Telling strangers", 0, 1)
    plain, plain_figures = _senses(read, terms, lines, latent, stranger_cost)
    full, figures = _senses(read, terms, lines, sight, stranger_cost) if sight else (None, plain_figures)
    best = full or plain
    card = Card(
        task=Task.INTENT,
        model=FAMILY,
        labels=names,
        settings={
            "sentence_vectors": mixed.space.mix if mixed else "none",
            "multilingual": bool(mixed and mixed.space.is_multilingual),
            "names_as_examples": bool(mixed and mixed.named),
            **({"kernel_width": mixed.gamma, "ridge": mixed.ridge} if mixed else {}),
            "out_of_scope_threshold": round(best.strangers[0].threshold, 4),
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
    """The examples as terms. strange: rows of those labelled `oos`; names: of the intents' names, where these teach.

    strange_chinese: which of those labelled `oos` hold Chinese characters.
    """

    texts: tuple[str, ...]
    labels: Places
    count: int
    rows: Matrix
    strange: Matrix
    names: Matrix | None
    strange_chinese: npt.NDArray[np.bool_]

    @property
    def chinese(self) -> npt.NDArray[np.bool_]:
        return _chinese(self.texts)


@dataclass(frozen=True, slots=True)
class _Lines:
    """Lines over all examples. unseen: [n, labels] of each example, by lines that never met it; apart: of each of the ways
    to leave intents out, the same by lines that never met its label, nor others of its group; strange: of those labelled
    `oos`.
    """

    lines: Lines
    unseen: Floats
    ways: tuple[Groups, ...]
    apart: tuple[Floats, ...]
    strange: Floats

    @classmethod
    def fit(cls, read: "_Read", ways: tuple[Groups, ...]) -> "_Lines":
        lines = fit_lines(*with_names(read.rows, read.labels, read.names), read.count)
        apart = tuple(_apart(read, groups) for groups in ways)
        unseen = unseen_scores(read.rows, read.labels, read.count, names=read.names)
        return cls(lines, unseen, ways, apart, lines.scores(read.strange))


def _apart(read: _Read, groups: Groups) -> Floats:
    found = np.zeros((len(read.labels), read.count), np.float32)
    for group in groups:
        inside = np.isin(read.labels, group)
        rest = np.setdiff1d(np.arange(read.count), group)
        others = fit_lines(*with_names(read.rows[~inside], read.labels[~inside], read.names, among=rest), read.count)
        found[inside] = others.scores(read.rows[inside])
    return found


def _seen(texts: tuple[str, ...], progress: Progress, *, multilingual: bool) -> Readings:
    parts = [sentences.read((), multilingual=multilingual)]
    for start in range(0, len(texts), _READ_AT_ONCE):
        progress("Reading sentences", start, len(texts))
        parts.append(sentences.read(texts[start : start + _READ_AT_ONCE], multilingual=multilingual))
    return Readings.joined(parts)


def _senses(
    read: _Read, terms: TermSpace, lines: _Lines, sight: Sight, cost: float
) -> tuple[Senses, Mapping[str, float]]:
    """What reads a text by lines and a kernel; and how good it is on what it was not fitted on."""
    places, labels, chinese = sight.places, sight.labels, read.chinese[sight.places]
    by_kernel, by_lines = sight.left_out(), lines.unseen[places]
    scores = in_order(sight.space, by_lines, by_kernel)
    blends = _fitted_blends(scores, labels, chinese)
    known, simulated, real = _clues(lines, sight, by_kernel)
    models = _fitted_strangers(known, simulated, real, cost, chinese, read.strange_chinese)
    senses = Senses(terms, lines.lines, sight.space, sight.kernel, blends, models)
    figures = _figures(
        told(blends, scores, chinese),
        labels,
        strangeness(models, known, chinese),
        [strangeness(models, one, chinese) for one in simulated],
        strangeness(models, real, read.strange_chinese) if real else None,
        models[0].threshold,
    )
    return senses, figures


def _clues(lines: _Lines, sight: Sight, by_kernel: Floats) -> tuple[Clues, list[Clues], Clues | None]:
    """Of the examples as they are, of them as strangers in each of the ways, and of those labelled `oos`."""
    by_lines, apart = lines.unseen[sight.places], [one[sight.places] for one in lines.apart]
    if not tells_strangers(sight.space):
        real = clues(None, lines.strange, None) if len(lines.strange) else None
        return clues(None, by_lines, None), [clues(None, one, None) for one in apart], real
    real = None
    if len(sight.strange):
        by_strange, nearest_strange = sight.kernel.read(sight.strange)
        real = clues(by_strange, lines.strange, nearest_strange)
    simulated = [
        clues(sight.apart(groups), one, sight.nearest(groups)) for groups, one in zip(lines.ways, apart, strict=True)
    ]
    return clues(by_kernel, by_lines, sight.nearest()), simulated, real


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


def _fitted_strangers(
    known: Clues,
    simulated: Sequence[Clues],
    real: Clues | None,
    cost: float,
    chinese: npt.NDArray[np.bool_],
    real_chinese: npt.NDArray[np.bool_],
) -> tuple[StrangerModel, StrangerModel]:
    """For texts without and with Chinese characters, by one threshold: sentence vectors tell nothing of the latter."""
    everything = fit_strangers(known, simulated, real, cost=cost)
    latin, han = (
        fit_strangers(
            known.take(rows),
            [one.take(rows) for one in simulated],
            None if real is None else real.take(others),
            cost=cost,
        ).with_threshold(everything.threshold)
        if _OWN_BLEND <= rows.sum() < len(rows)
        else everything
        for rows, others in ((~chinese, ~real_chinese), (chinese, real_chinese))
    )
    return latin, han


def _figures(
    probabilities: Floats,
    labels: Places,
    inside: Floats,
    outside: Sequence[Floats],
    real: Floats | None,
    threshold: float,
) -> dict[str, float]:
    """Of examples that were left out: each by itself, strangers by groups of intents (`leaving_out.ways`).

    inside, outside, real: how strange they are.
    """
    from sklearn.metrics import roc_auc_score

    figures = {
        "accuracy": accuracy(probabilities, labels),
        "calibration error": calibration_error(probabilities, labels),
        "kept in scope": float((inside < threshold).mean()),
    }
    for kind, strange in zip(_STRANGERS, outside, strict=False):
        is_stranger = np.repeat([0, 1], [len(inside), len(strange)])
        figures[f"out-of-scope AUROC, {kind}"] = float(roc_auc_score(is_stranger, np.concatenate([inside, strange])))
        figures[f"out-of-scope recall, {kind}"] = float((strange >= threshold).mean())
    if real is not None:
        figures["out-of-scope recall, examples given"] = float((real >= threshold).mean())
    return figures


def _chinese(texts: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    return np.array([bool(HAN.search(text)) for text in texts], dtype=bool)


def _distinct(data: Labelled) -> tuple[Labelled, Labelled]:
    """(known, out of scope): each pair of text and label once."""
    first: dict[tuple[str, str], int] = {}
    for place, (text, label) in enumerate(zip(data.texts, data.labels, strict=True)):
        first.setdefault((folded(text), label), place)
    kept = list(first.values())
    inside = [place for place in kept if data.labels[place] != OUT_OF_SCOPE]
    return data.take(inside), data.take([place for place in kept if data.labels[place] == OUT_OF_SCOPE])
