"""all-MiniLM-L6-v2 from its package, offline, 384 dimensions; it reads English, and Chinese by its glosses.

So both languages lie in one space: a Chinese question finds an English article, too. There are two of it: as packaged, which
says what texts have in common, and changed for search, which puts a customer's question near the sentence that answers it
(`answers.npz`; `python -m evals.fits.encoders` fits it).
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from importlib.resources import files
from itertools import groupby
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from knowledge.embedders import bert, glosses
from knowledge.embedders.bert import DIMENSIONS, Bert, tokenizer
from knowledge.embedders.embedder import RECIPE, Vectors, unit
from knowledge.embedders.low_rank import LowRank
from knowledge.embedders.readers import readers

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["DIMENSIONS", "LAYERS", "NAME", "SEARCHING", "MiniLM", "is_available", "searching", "shared"]

NAME = f"minilm-l6-v2-cedict-3/{RECIPE}"
SEARCHING = f"minilm-l6-v2-cedict-answers-3/{RECIPE}"
ANSWERS = "answers.npz"
LAYERS = (6, 5, 4, 3)
"""Those that `MiniLM.read_layers` reads, of six."""

_MAX_TOKENS = 256
_BATCH_TOKENS = 512  # what a core keeps near it: a twentieth faster than four times as many
_FEW = 16  # texts, as many as a turn asks for
_REMEMBERED = 64  # 12 kB each: more than are read at the same time


def is_available() -> bool:
    """Whether the weights, the dictionary and the packages that run them are installed; imports nothing."""
    return bert.is_available() and glosses.is_available()


class MiniLM:
    """The packaged sentence embedder; the model is opened at its first use.

    A turn asks for its question several times, to tell the intents and to search: what was read of the last few texts is
    remembered. Many texts go to one thread a core, each of which computes alone. layers: those that are remembered.
    """

    languages = frozenset({"en", "zh"})
    reads_short = True

    def __init__(self, opened: Callable[[], Bert] = Bert, name: str = NAME, layers: Sequence[int] = LAYERS) -> None:
        self.name = name
        self._layers = layers
        self._opened = opened
        self._model: tuple[Tokenizer, Bert] | None = None
        self._lock = Lock()
        self._known: OrderedDict[str, Vectors] = OrderedDict()

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """[n, 384] float32, unit length: the mean over the tokens of each text."""
        if len(texts) <= _FEW:
            return unit(self.read_layers(texts)[:, 0])
        return unit(self._read(texts, LAYERS[:1])[:, 0])

    def embed_query(self, text: str) -> Vectors:
        """[384] float32, unit length."""
        return np.asarray(self.embed_documents([text])[0], dtype=np.float32)

    def read_layers(self, texts: Sequence[str]) -> Vectors:
        """[n, 2 × layers, 384] float32: the means and the maxima over the tokens of each layer, 6, 5, 4 and 3 unless told.

        Lower layers keep more of the wording, which a classifier with examples enough can use.
        """
        if len(texts) > _FEW:
            return self._read(texts, self._layers)
        with self._lock:
            known = {text: self._known[text] for text in texts if text in self._known}
        if new := [text for text in dict.fromkeys(texts) if text not in known]:
            known.update(zip(new, self._read(new, self._layers), strict=True))
        with self._lock:
            for text in texts:
                self._known[text] = known[text]
                self._known.move_to_end(text)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return np.array([known[text] for text in texts], dtype=np.float32).reshape(
            -1, 2 * len(self._layers), DIMENSIONS
        )

    def _read(self, texts: Sequence[str], layers: Sequence[int]) -> Vectors:
        """[n, 2 × layers, 384]; a text that comes several times, as sentences of articles do, is read once."""
        places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
        pooled = np.zeros((len(places), 2 * len(layers), DIMENSIONS), dtype=np.float32)
        tokenizer, model = self._loaded()
        english = glosses.shared().english
        ids = [one.ids for one in tokenizer.encode_batch([english(text) for text in places])]
        batches = _batches([len(one) for one in ids])
        read = self._spread([[ids[at] for at in batch] for batch in batches], model, layers)
        for batch, rows in zip(batches, read, strict=True):
            pooled[batch] = rows
        return pooled if len(places) == len(texts) else pooled[[places[text] for text in texts]]

    def _spread(
        self, batches: Sequence[Sequence[Sequence[int]]], model: Bert, layers: Sequence[int]
    ) -> Iterable[Vectors]:
        if sum(map(len, batches)) <= _FEW:  # not worth the way to another thread
            return [_pooled(model, layers, batch) for batch in batches]
        return readers().map(partial(_pooled, model, layers), batches)

    def _loaded(self) -> "tuple[Tokenizer, Bert]":
        with self._lock:
            if self._model is None:
                self._model = tokenizer(_MAX_TOKENS), self._opened()
            return self._model


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Places in batches of one length, each of at most about _BATCH_TOKENS: nothing is padded, nothing masked."""
    batches = []
    for length, places in groupby(sorted(range(len(lengths)), key=lengths.__getitem__), key=lengths.__getitem__):
        alike, most = list(places), max(1, _BATCH_TOKENS // length)
        batches += [alike[start : start + most] for start in range(0, len(alike), most)]
    return batches


def _pooled(model: Bert, layers: Sequence[int], ids: Sequence[Sequence[int]]) -> Vectors:
    """[n, 2 × layers, 384]: mean and maximum of each layer."""
    read = model.read(ids, [[0] * len(one) for one in ids], layers)
    return np.stack([pool for tokens in read for pool in (tokens.mean(axis=1), tokens.max(axis=1))], axis=1)


@cache
def shared() -> MiniLM:
    """The one of this process, as packaged: its weights are loaded once, whoever reads by them."""
    return MiniLM()


@cache
def searching() -> MiniLM:
    """The one of this process that questions and passages are compared by."""
    return MiniLM(lambda: Bert(LowRank(files("knowledge.embedders") / ANSWERS)), SEARCHING, LAYERS[:1])
