"""A model of intents in use: reads a bundle, gives calibrated predictions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from agent.errors import BundleError
from agent.training.bundle import Bundle, Card
from agent.training.classifier import Prediction, threshold_of
from agent.training.intents import sentences
from agent.training.intents.blend import Blend, log_softmax
from agent.training.intents.kernel import Kernel
from agent.training.intents.linear import Lines
from agent.training.intents.sentences import SentenceSpace
from agent.training.intents.strangers import StrangerModel, clues
from agent.training.intents.terms import TermSpace
from knowledge.han import HAN

Floats = npt.NDArray[np.float32]

FAMILY = "intents"
_BATCH = 2048  # sentences are read sorted by length within it: the more, the less padding


@dataclass(frozen=True, slots=True)
class Senses:
    """What a text is read by. sentences and kernel: None where there are no sentence vectors.

    blends: the weights of the sources, (kernel, lines) or (lines,), for texts without and with Chinese characters.
    """

    terms: TermSpace
    lines: Lines
    sentences: SentenceSpace | None
    kernel: Kernel | None
    blends: tuple[Blend, Blend]
    strangers: StrangerModel


class IntentModel:
    """Implements `agent.training.classifier.Classifier`."""

    def __init__(self, card: Card, senses: Senses) -> None:
        # Where no sentence vectors can be made, strangers are told by another model, with a threshold of its own.
        settings = {**card.settings, "out_of_scope_threshold": round(senses.strangers.threshold, 4)}
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
            found.extend(self._prediction(*pair) for pair in zip(probabilities, strange, strict=True))
        return found

    def read(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """Probabilities of the labels, [texts, labels], and of being out of scope, [texts]."""
        senses = self._senses
        lines = senses.lines.scores(senses.terms.read(texts))
        kernel = nearest = None
        sources = [lines]
        if senses.kernel is not None and senses.sentences is not None:
            kernel, nearest = senses.kernel.read(senses.sentences.project(sentences.read_layers(texts)))
            sources = [kernel, lines]
        chinese = np.array([bool(HAN.search(text)) for text in texts])
        logits = [blend.logits(sources) for blend in senses.blends]
        probabilities = np.exp(log_softmax(np.where(chinese[:, None], logits[1], logits[0])))
        strange = senses.strangers.probabilities(clues(kernel, lines, nearest))
        return np.asarray(probabilities, dtype=np.float32), strange

    def _prediction(self, row: Floats, strange: np.floating) -> Prediction:
        order = np.argsort(-row, kind="stable")
        scores = {self.card.labels[place]: round(float(row[place]), 5) for place in order}
        label = next(iter(scores))
        return Prediction(label=label, confidence=scores[label], scores=scores, out_of_scope=round(float(strange), 5))


def pack(card: Card, with_sentences: Senses | None, without: Senses) -> Bundle:
    """The bundle: what reads with sentence vectors, where there are any, and what does where they cannot be made."""
    arrays, terms = without.terms.packed()
    bundled: dict[str, npt.NDArray[np.generic]] = {**arrays}
    bundled |= {"lines weights": without.lines.weights, "lines bias": without.lines.bias}
    bundled |= _packed_tail("without", without)
    if with_sentences and with_sentences.kernel and with_sentences.sentences:
        kernel, space = with_sentences.kernel, with_sentences.sentences
        bundled |= {
            "kernel anchors": kernel.anchors.astype(np.float16),
            "kernel weights": kernel.weights,
            "kernel gamma": np.array(kernel.gamma),
            "sentences centres": space.centres,
            "sentences middle": space.middle,
            "sentences directions": space.directions,
        }
        bundled |= _packed_tail("with", with_sentences)
        terms |= {"mix": [space.mix]}
    return Bundle(card=card, arrays=bundled, terms=terms)


def open_intents(bundle: Bundle) -> IntentModel:
    """The model of a bundle. Raises BundleError when its parts do not fit together."""
    arrays, terms = bundle.arrays, bundle.terms
    try:
        space = TermSpace.unpacked(arrays, terms)
        lines = Lines(arrays["lines weights"].astype(np.float32), arrays["lines bias"].astype(np.float32))
        own = "kernel weights" in arrays and sentences.is_available()
        which = "with" if own else "without"
        model = IntentModel(
            bundle.card,
            Senses(
                terms=space,
                lines=lines,
                sentences=_sentence_space(arrays, terms["mix"][0]) if own else None,
                kernel=_kernel(arrays) if own else None,
                blends=_blends(arrays[f"blends {which}"]),
                strangers=_strangers(arrays[f"strangers {which}"]),
            ),
        )
        if lines.weights.shape[1] != len(bundle.card.labels):
            raise BundleError(f"The intent model is damaged: it has {lines.weights.shape[1]} labels; train it anew")
        lines.scores(space.read([""]))  # parts that do not fit can't be multiplied
    except (KeyError, ValueError, IndexError, AttributeError) as error:
        raise BundleError(f"The intent model is damaged ({error}); train it anew") from error
    return model


def _packed_tail(which: str, senses: Senses) -> dict[str, npt.NDArray[np.generic]]:
    strangers = senses.strangers
    return {
        f"blends {which}": np.array([blend.weights for blend in senses.blends]),
        f"strangers {which}": np.array([*strangers.weights, strangers.bias, strangers.threshold], dtype=np.float64),
    }


def _blends(stored: npt.NDArray[np.generic]) -> tuple[Blend, Blend]:
    latin, chinese = stored.astype(np.float64).tolist()
    return Blend(tuple(latin)), Blend(tuple(chinese))


def _strangers(stored: npt.NDArray[np.generic]) -> StrangerModel:
    *weights, bias, threshold = stored.astype(np.float64).tolist()
    return StrangerModel(np.array(weights, dtype=np.float32), bias, threshold)


def _kernel(arrays: Mapping[str, npt.NDArray[np.generic]]) -> Kernel:
    return Kernel(
        arrays["kernel anchors"].astype(np.float32),
        arrays["kernel weights"].astype(np.float32),
        float(arrays["kernel gamma"]),
    )


def _sentence_space(arrays: Mapping[str, npt.NDArray[np.generic]], mix: str) -> SentenceSpace:
    centres, middle, directions = (
        arrays[f"sentences {name}"].astype(np.float32) for name in ("centres", "middle", "directions")
    )
    return SentenceSpace(centres, mix, middle, directions)
