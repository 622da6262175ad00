"""A model of mood in use: reads a bundle, gives predictions."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from agent.errors import BundleError
from agent.training.bundle import Bundle, Card
from agent.training.classifier import Prediction
from agent.training.mood.spaces import SENTENCES, Floats, TermSpace, cut_of, read_spaces
from agent.training.mood.voices import Blend, Voice
from agent.training.term_counting import TermCounter
from knowledge.embedders import minilm

FAMILY = "mood"
_BATCH = 512


class MoodModel:
    """Implements `agent.training.classifier.Classifier`."""

    def __init__(self, card: Card, terms: Sequence[TermSpace], voices: Mapping[str, Voice], blend: Blend) -> None:
        self.card = card
        self._terms = terms
        self._voices = voices
        self._blend = blend

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """[texts, labels], in the order of the card's labels."""
        parts = [self._batch(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)]
        return np.concatenate(parts) if parts else np.zeros((0, len(self.card.labels)))

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """A prediction for each text."""
        return [self._prediction(row) for row in self.probabilities(texts)]

    def _batch(self, texts: Sequence[str]) -> Floats:
        spaces = read_spaces(texts, self._terms, sentences=SENTENCES in self._blend.shares)
        return self._blend.probabilities({name: self._voices[name].speak(spaces[name]) for name in self._blend.shares})

    def _prediction(self, row: Floats) -> Prediction:
        order = np.argsort(-row, kind="stable")
        scores = {self.card.labels[place]: round(float(row[place]), 5) for place in order}
        label = next(iter(scores))
        return Prediction(label=label, confidence=scores[label], scores=scores, out_of_scope=0.0)


def pack(card: Card, terms: Sequence[TermSpace], voices: Mapping[str, Voice], blends: Mapping[str, Blend]) -> Bundle:
    """The bundle of a model. blends: "with" sentence vectors, where there are any, and "without" them."""
    arrays: dict[str, npt.NDArray[np.generic]] = {f"idf {space.name}": space.idf.astype(np.float16) for space in terms}
    for name, voice in voices.items():
        arrays |= {f"weights {name}": voice.weights.astype(np.float16), f"bias {name}": voice.bias}
    for which, blend in blends.items():
        arrays |= {f"shares {which}": np.asarray(list(blend.shares.values())), f"favour {which}": blend.bias}
    lists = {f"terms {space.name}": space.counter.terms for space in terms}
    lists |= {f"voices {which}": list(blend.shares) for which, blend in blends.items()}
    return Bundle(card=card, arrays=arrays, terms=lists)


def open_mood(bundle: Bundle) -> MoodModel:
    """The model of a bundle. Raises BundleError when its parts do not fit together."""
    arrays, lists = bundle.arrays, bundle.terms
    chinese = bool(bundle.card.settings.get("chinese"))
    try:
        which = "with" if "voices with" in lists and minilm.is_available() else "without"
        names = lists[f"voices {which}"]
        blend = Blend(
            shares=dict(zip(names, arrays[f"shares {which}"].tolist(), strict=True)),
            bias=arrays[f"favour {which}"].astype(np.float64),
        )
        voices = {
            name: Voice(
                weights=arrays[f"weights {name}"].astype(np.float16, copy=False),
                bias=arrays[f"bias {name}"].astype(np.float64),
            )
            for name in names
        }
        spaces = [
            TermSpace(
                name=name,
                counter=TermCounter(cut_of(name, chinese=chinese), lists[f"terms {name}"]),
                idf=arrays[f"idf {name}"].astype(np.float16, copy=False),
            )
            for name in ("words", "characters")
        ]
        model = MoodModel(bundle.card, spaces, voices, blend)
        model.probabilities([""])  # of parts that do not fit, this one can't be multiplied
    except (KeyError, ValueError, AttributeError) as error:
        raise BundleError(f"The {bundle.card.task.value} model is damaged ({error}); train it anew") from error
    return model
