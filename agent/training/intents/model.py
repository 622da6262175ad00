"""A model of intents in use: reads a bundle, gives calibrated predictions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from agent.errors import BundleError
from agent.training.bundle import Bundle, Card
from agent.training.classifier import Prediction, threshold_of
from agent.training.intents import sentences
from agent.training.intents.blend import Blend
from agent.training.intents.kernel import Kernel
from agent.training.intents.latent import LatentSpace
from agent.training.intents.linear import Lines
from agent.training.intents.sentences import SentenceSpace
from agent.training.intents.strangers import Clues, StrangerModel, clues
from agent.training.intents.terms import TermSpace
from knowledge.embedders import minilm
from knowledge.index.sparse import SparseRows
from knowledge.text.han import HAN

Floats = npt.NDArray[np.float32]

FAMILY = "intents"
_ENCODER = "encoder"
_BATCH = 2048  # sentences are read sorted by length within it: the more, the less padding


@dataclass(frozen=True, slots=True)
class Senses:
    """What a text is read by. space and kernel: over sentence vectors, over terms, or None for lines alone.

    blends: the weights of the sources (`in_order`); strangers: with one threshold. Both for texts without and with Chinese
    characters.
    """

    terms: TermSpace
    lines: Lines
    space: SentenceSpace | LatentSpace | None
    kernel: Kernel | None
    blends: tuple[Blend, Blend]
    strangers: tuple[StrangerModel, StrangerModel]


class IntentModel:
    """Implements `agent.training.classifier.Classifier`."""

    def __init__(self, card: Card, senses: Senses) -> None:
        # Where no sentence vectors can be made, strangers are told by another model, with a threshold of its own.
        settings = {**card.settings, "out_of_scope_threshold": round(senses.strangers[0].threshold, 4)}
        self.card = card.model_copy(update={"settings": settings})
        self._senses = senses

    @property
    def threshold(self) -> float:
        """From which out-of-scope score on a message is taken to be for none of the intents."""
        return threshold_of(self.card)

    def warm(self) -> None:
        """Loads what the first prediction would wait for."""
        self.read(["hello 你好"])

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """A prediction for each text."""
        found: list[Prediction] = []
        for start in range(0, len(texts), _BATCH):
            probabilities, strange = self.read(texts[start : start + _BATCH])
            found.extend(self._predictions(probabilities, strange))
        return found

    def read(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """Probabilities of the labels, [texts, labels], and of being out of scope, [texts]."""
        senses = self._senses
        rows = senses.terms.read(texts)
        lines = senses.lines.scores(rows)
        kernel = nearest = None
        if senses.kernel is not None:
            kernel, nearest = senses.kernel.read(_vectors(senses.space, texts, rows))
        chinese = np.array([bool(HAN.search(text)) for text in texts])
        probabilities = told(senses.blends, in_order(senses.space, lines, kernel), chinese)
        by_sense = tells_strangers(senses.space)
        found = clues(kernel if by_sense else None, lines, nearest if by_sense else None)
        return probabilities, strangeness(senses.strangers, found, chinese)

    def _predictions(self, probabilities: Floats, strange: Floats) -> Iterator[Prediction]:
        """Of all rows at once: one after the other, a fifth of the time without sentence vectors went into this."""
        order = np.argsort(-probabilities, axis=1, kind="stable")
        ranked = np.take_along_axis(np.round(probabilities.astype(np.float64), 5), order, axis=1).tolist()
        names = np.array(self.card.labels, dtype=object)[order].tolist()
        odd = np.round(strange.astype(np.float64), 5).tolist()
        for labels, values, out_of_scope in zip(names, ranked, odd, strict=True):
            scores = dict(zip(labels, values, strict=True))
            yield Prediction(label=labels[0], confidence=values[0], scores=scores, out_of_scope=out_of_scope)


def in_order(space: SentenceSpace | LatentSpace | None, lines: Floats, kernel: Floats | None) -> list[Floats]:
    """Scores in the order in which they are trusted: sentences tell more than words do, words more than their kernel."""
    if kernel is None:
        return [lines]
    return [kernel, lines] if isinstance(space, SentenceSpace) else [lines, kernel]


def told(blends: tuple[Blend, Blend], sources: Sequence[Floats], chinese: npt.NDArray[np.bool_]) -> Floats:
    """Probabilities [texts, labels], each text's by the blend of its script."""
    found = np.zeros(sources[0].shape, np.float32)
    for blend, rows in zip(blends, (~chinese, chinese), strict=True):
        if rows.any():
            found[rows] = blend.probabilities([source[rows] for source in sources])
    return found


def strangeness(models: tuple[StrangerModel, StrangerModel], found: Clues, chinese: npt.NDArray[np.bool_]) -> Floats:
    """[texts] that they are strangers, each by the model of its script."""
    latin, han = (model.probabilities(found) for model in models)
    return np.asarray(np.where(chinese, han, latin), dtype=np.float32)


def tells_strangers(space: SentenceSpace | LatentSpace | None) -> bool:
    """Whether a kernel over the space is a clue to strangers. The main directions of terms know nothing of what is said of
    other things: with them, fewer strangers were told than by lines alone.
    """
    return isinstance(space, SentenceSpace)


def _vectors(space: SentenceSpace | LatentSpace | None, texts: Sequence[str], rows: SparseRows) -> Floats:
    """Of texts and their terms, in the space that the kernel is over."""
    if isinstance(space, SentenceSpace):
        return space.project(sentences.read(texts, multilingual=space.is_multilingual, encoder=space.encoder))
    return space.project(rows) if space else np.zeros((len(texts), 0), np.float32)


def pack(card: Card, with_sentences: Senses | None, without: Senses) -> Bundle:
    """The bundle: what reads with sentence vectors, where there are any, and what does where they cannot be made."""
    arrays, terms = without.terms.packed()
    bundled: dict[str, npt.NDArray[np.generic]] = {**arrays}
    bundled |= {"lines weights": without.lines.weights.astype(np.float16), "lines bias": without.lines.bias}
    bundled |= _packed_tail("without", without)
    if without.kernel and isinstance(without.space, LatentSpace):
        bundled |= _packed_kernel("latent kernel", without.kernel)
        bundled |= {
            "latent columns": without.space.columns.astype(np.int32),
            "latent directions": without.space.directions.astype(np.float16),
        }
    if with_sentences and with_sentences.kernel and isinstance(with_sentences.space, SentenceSpace):
        space = with_sentences.space
        bundled |= _packed_kernel("kernel", with_sentences.kernel)
        bundled |= {
            "sentences centres": space.centres,
            "sentences middle": space.middle,
            "sentences directions": space.directions,
        }
        bundled |= _packed_tail("with", with_sentences)
        terms |= {"mix": [space.mix], _ENCODER: [space.encoder]}
    return Bundle(card=card, arrays=bundled, terms=terms)


def open_intents(bundle: Bundle) -> IntentModel:
    """The model of a bundle. Raises BundleError when its parts do not fit together."""
    arrays, terms = bundle.arrays, bundle.terms
    try:
        space = TermSpace.unpacked(arrays, terms)
        lines = Lines(arrays["lines weights"].astype(np.float16), arrays["lines bias"].astype(np.float32))
        which, own, kernel = _unpacked_kernel(arrays, terms)
        model = IntentModel(
            bundle.card,
            Senses(
                terms=space,
                lines=lines,
                space=own,
                kernel=kernel,
                blends=_blends(arrays[f"blends {which}"], arrays.get(f"sureness {which}")),
                strangers=_strangers(arrays[f"strangers {which}"]),
            ),
        )
        if lines.weights.shape[1] != len(bundle.card.labels):
            raise BundleError(f"The intent model is damaged: it has {lines.weights.shape[1]} labels; train it anew")
        rows = space.read([""])  # parts that do not fit can't be multiplied
        lines.scores(rows)
        if isinstance(own, LatentSpace) and kernel:
            kernel.read(own.project(rows))
    except (KeyError, ValueError, IndexError, AttributeError) as error:
        raise BundleError(f"The intent model is damaged ({error}); train it anew") from error
    return model


def _packed_tail(which: str, senses: Senses) -> dict[str, npt.NDArray[np.generic]]:
    return {
        f"blends {which}": np.array([blend.weights for blend in senses.blends]),
        f"sureness {which}": np.array([[blend.slope, blend.offset] for blend in senses.blends]),
        f"strangers {which}": np.array(
            [[*model.weights, model.bias, model.threshold] for model in senses.strangers], dtype=np.float64
        ),
    }


def _blends(stored: npt.NDArray[np.generic], sureness: npt.NDArray[np.generic] | None) -> tuple[Blend, Blend]:
    """Bundles of old tell nothing of how sure to be."""
    weights = stored.astype(np.float64).tolist()
    sure = [(1.0, 0.0)] * 2 if sureness is None else sureness.astype(np.float64).tolist()
    latin, chinese = (Blend(tuple(own), *of) for own, of in zip(weights, sure, strict=True))
    return latin, chinese


def _strangers(stored: npt.NDArray[np.generic]) -> tuple[StrangerModel, StrangerModel]:
    """Bundles of old have one for both scripts."""
    latin, chinese = np.broadcast_to(stored.astype(np.float64), (2, stored.shape[-1])).tolist()
    return _stranger(latin), _stranger(chinese)


def _stranger(stored: Sequence[float]) -> StrangerModel:
    *weights, bias, threshold = stored
    return StrangerModel(np.array(weights, dtype=np.float32), bias, threshold)


def _packed_kernel(name: str, kernel: Kernel) -> dict[str, npt.NDArray[np.generic]]:
    return {
        f"{name} anchors": kernel.anchors.astype(np.float16),
        f"{name} weights": kernel.weights,
        f"{name} gamma": np.array(kernel.gamma),
    }


def _unpacked_kernel(
    arrays: Mapping[str, npt.NDArray[np.generic]], terms: Mapping[str, Sequence[str]]
) -> tuple[str, SentenceSpace | LatentSpace | None, Kernel | None]:
    """(with or without sentence vectors, what the kernel is over, the kernel); bundles of old may hold lines alone."""
    if "kernel weights" in arrays:
        space = _sentence_space(arrays, terms["mix"][0], encoder_of(terms))
        if sentences.is_available(multilingual=space.is_multilingual, encoder=space.encoder):
            return "with", space, _kernel("kernel", arrays)
    if "latent directions" not in arrays:
        return "without", None, None
    columns, directions = arrays["latent columns"].astype(np.int64), arrays["latent directions"].astype(np.float32)
    return "without", LatentSpace(columns, directions), _kernel("latent kernel", arrays)


def _kernel(name: str, arrays: Mapping[str, npt.NDArray[np.generic]]) -> Kernel:
    return Kernel(
        arrays[f"{name} anchors"].astype(np.float32),
        arrays[f"{name} weights"].astype(np.float32),
        float(arrays[f"{name} gamma"]),
    )


def encoder_of(terms: Mapping[str, Sequence[str]]) -> str:
    """The name of the MiniLM that a bundle was trained on; those of old know the packaged one alone."""
    return terms.get(_ENCODER, [minilm.NAME])[0]


def _sentence_space(arrays: Mapping[str, npt.NDArray[np.generic]], mix: str, encoder: str) -> SentenceSpace:
    centres, middle, directions = (
        arrays[f"sentences {name}"].astype(np.float32) for name in ("centres", "middle", "directions")
    )
    return SentenceSpace(centres, mix, middle, directions, encoder)
