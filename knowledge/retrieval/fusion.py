"""The weights of the fusion: those shipped, and those that a home has fitted on its own cases.

All are fitted by the same code: a home's by `parley eval retrieval --fit`, the shipped ones by
`evals.fits.fusion`.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path

from knowledge.embedders.embedder import Embedder
from knowledge.errors import KnowledgeError
from knowledge.retrieval.hybrid import SIGNALS, FusionWeights

_FILE = "fusion.json"


class Situation(StrEnum):
    """What the fusion has to weigh: signals mean other things with another kind of embedder, or with none; what a bag
    of words knows of Chinese, character pairs tell as well, and glosses know less of it than sentences of English.
    """

    SENTENCES = "sentences"
    CHINESE_SENTENCES = "chinese_sentences"
    BAG_OF_WORDS = "bag_of_words"
    BAG_OF_CHARACTERS = "bag_of_characters"
    WORDS_ONLY = "words_only"


SHIPPED: Mapping[Situation, FusionWeights] = {
    Situation.SENTENCES: FusionWeights(span=7.6, span_bare=11.6, best_spans=5.2, body=0.8, body_bare=2.2, name=4.1),
    Situation.CHINESE_SENTENCES: FusionWeights(
        span=6.2, span_bare=10.0, best_spans=3.2, body=3.6, body_bare=4.9, head=0.7, name=3.9
    ),
    Situation.BAG_OF_WORDS: FusionWeights(passage=5.9, body_bare=4.3, head=2.2, name=4.9),
    Situation.BAG_OF_CHARACTERS: FusionWeights(passage=1.4, body=7.3, body_bare=2.1, head=2.3, name=5.1),
    Situation.WORDS_ONLY: FusionWeights(body=1.7, body_bare=2.8, head=1.4, name=3.1),
}


def situation(embedder: Embedder, language: str) -> Situation:
    """The situation where an embedder has a say on a question in a language."""
    if embedder.reads_short:
        return Situation.CHINESE_SENTENCES if language == "zh" else Situation.SENTENCES
    return Situation.BAG_OF_CHARACTERS if language == "zh" else Situation.BAG_OF_WORDS


def load_weights(folder: Path) -> dict[Situation, FusionWeights]:
    """Weights that were fitted in this folder, none where nothing was. Raises KnowledgeError for a broken file."""
    path = folder / _FILE
    if not path.is_file():
        return {}
    try:
        stored = json.loads(path.read_text("utf-8"))
        found = {Situation(kind): FusionWeights(**values) for kind, values in stored.items()}
        if any(min(asdict(weights).values()) < 0 or not sum(asdict(weights).values()) for weights in found.values()):
            raise ValueError("weights are not below zero, and not all zero")
    except (ValueError, TypeError, AttributeError) as error:
        raise KnowledgeError(f"{path} is no file of weights ({error}). Remove it, or fit again.") from error
    return found


def save_weights(folder: Path, fitted: Mapping[Situation, FusionWeights]) -> Path:
    """Keeps weights for the next start, whole or not at all; those of other situations stay."""
    stored = {kind: {name: round(getattr(weights, name), 3) for name in SIGNALS} for kind, weights in fitted.items()}
    kept = {kind: asdict(weights) for kind, weights in load_weights(folder).items()}
    path, partial = folder / _FILE, folder / f"{_FILE}.partial"
    partial.write_text(json.dumps(kept | stored, indent=2), "utf-8")
    partial.replace(path)
    return path
