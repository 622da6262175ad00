"""all-MiniLM-L6-v2 from its package, offline, 384 dimensions; it reads English, and Chinese by its glosses.

So both languages lie in one space: a Chinese question finds an English article, too. There are two of it: as packaged, which
says what texts have in common, and changed for search, which puts a customer's question near the sentence that answers it
(`answers.npz`; `python -m evals.fits.encoders` fits it). A turn reads its message by the second alone, for search and intents.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import cache, partial
from importlib.resources import files
from itertools import groupby
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from knowledge.embedders import bert, glosses
from knowledge.embedders.bert import DIMENSIONS, Bert, Floats, tokenizer
from knowledge.embedders.embedder import RECIPE, Vectors, unit
from knowledge.embedders.low_rank import LowRank
from knowledge.embedders.readers import readers

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["DIMENSIONS", "ENCODERS", "LAYERS", "NAME", "SEARCHING", "MiniLM", "is_available", "packaged", "searching"]

NAME = f"minilm-l6-v2-cedict-3/{RECIPE}"
SEARCHING = f"minilm-l6-v2-cedict-answers-3/{RECIPE}"
ANSWERS = "answers.npz"
LAYERS = (6, 5, 4, 3)
"""Those that `MiniLM.read_layers` reads, of six."""

_MAX_TOKENS = 256
_BATCH_TOKENS = 512  # what a core keeps near it: a twentieth faster than four times as many
_FEW = 16  # texts, as many as a turn asks for
_FEW_TOKENS = 64  # beyond, it is attention that takes the time, to what is not to be seen as well
_MANY = 64  # texts, more than turns of the same moment ask for: nobody will ask for these again
_REMEMBERED = 128  # 12 kB each


def is_available() -> bool:
    """Whether the weights, the dictionary and the packages that run them are installed; imports nothing."""
    return bert.is_available() and glosses.is_available()


class MiniLM:
    """The packaged sentence embedder; the model is opened at its first use.

    A turn asks for its question several times, to tell the intents and to search, also at the same moment: what was read of
    the last few texts is remembered, and what is being read is waited for. Many texts go to one thread a core, each of which
    computes alone.
    """

    languages = frozenset({"en", "zh"})
    reads_short = True

    def __init__(self, opened: Callable[[], Bert] = Bert, name: str = NAME) -> None:
        self.name = name
        self._opened = opened
        self._model: tuple[Tokenizer, Bert] | None = None
        self._lock = Lock()
        self._known: OrderedDict[str, Future[Vectors]] = OrderedDict()

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """[n, 384] float32, unit length: the mean over the tokens of each text."""
        if len(texts) <= _FEW:
            return unit(self.read_layers(texts)[:, 0])
        return unit(self._read(texts, LAYERS[:1])[:, 0])

    def embed_query(self, text: str) -> Vectors:
        """[384] float32, unit length."""
        return np.asarray(self.embed_documents([text])[0], dtype=np.float32)

    def read_layers(self, texts: Sequence[str]) -> Vectors:
        """[n, 8, 384] float32: the means and the maxima over the tokens of layers 6, 5, 4 and 3.

        Lower layers keep more of the wording, which a classifier with examples enough can use.
        """
        if len(texts) > _MANY:
            return self._read(texts, LAYERS)
        with self._lock:
            known = {text: self._known[text] for text in texts if text in self._known}
            new: dict[str, Future[Vectors]] = {text: Future() for text in texts if text not in known}
            for text, read in {**known, **new}.items():
                self._known[text] = read
                self._known.move_to_end(text)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        if new:
            self._read_new(new)
        rows = [(known.get(text) or new[text]).result() for text in texts]
        return np.array(rows, dtype=np.float32).reshape(-1, 2 * len(LAYERS), DIMENSIONS)

    def _read_new(self, new: Mapping[str, "Future[Vectors]"]) -> None:
        """Reads texts that others may wait for by now; what fails is told to them, and forgotten."""
        try:
            for read, row in zip(new.values(), self._read(list(new), LAYERS), strict=True):
                read.set_result(row)
        except BaseException as error:
            with self._lock:
                for text, read in new.items():
                    read.set_exception(error)
                    self._known.pop(text, None)
            raise

    def _read(self, texts: Sequence[str], layers: Sequence[int]) -> Vectors:
        """[n, 2 × layers, 384]; a text that comes several times, as sentences of articles do, is read once."""
        places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
        pooled = np.zeros((len(places), 2 * len(layers), DIMENSIONS), dtype=np.float32)
        tokenizer, model = self._loaded()
        english = glosses.shared().english
        if len(places) <= _FEW:  # not worth the way to another thread, neither to be cut nor to be read
            ids = [tokenizer.encode(english(text)).ids for text in places]
            for few in _side_by_side([len(one) for one in ids]):
                for place, read in zip(few, model.read_in_one([ids[place] for place in few], layers), strict=True):
                    pooled[place] = _pooled(read)
        else:
            ids = [one.ids for one in tokenizer.encode_batch([english(text) for text in places])]
            batches = _batches([len(one) for one in ids])
            alike = [[ids[place] for place in batch] for batch in batches]
            for batch, rows in zip(batches, readers().map(partial(_read_alike, model, layers), alike), strict=True):
                pooled[batch] = rows
        return pooled if len(places) == len(texts) else pooled[[places[text] for text in texts]]

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


def _side_by_side(lengths: Sequence[int]) -> list[list[int]]:
    """Places of texts that are read in one, each time as many as have few tokens together."""
    together: list[list[int]] = []
    tokens = _FEW_TOKENS
    for place, length in enumerate(lengths):
        tokens += length
        if tokens > _FEW_TOKENS:
            together.append([])
            tokens = length
        together[-1].append(place)
    return together


def _read_alike(model: Bert, layers: Sequence[int], ids: Sequence[Sequence[int]]) -> Vectors:
    """[n, 2 × layers, 384] of texts of one length."""
    return _pooled(model.read(ids, [[0] * len(one) for one in ids], layers))


def _pooled(read: Sequence[Floats]) -> Vectors:
    """[…, 2 × layers, 384] of […, tokens, 384] of each layer: the mean and the maximum."""
    return np.stack([pool for tokens in read for pool in (tokens.mean(axis=-2), tokens.max(axis=-2))], axis=-2)


@cache
def packaged() -> MiniLM:
    """The one of this process, as packaged: its weights are loaded once, whoever reads by them."""
    return MiniLM()


@cache
def searching() -> MiniLM:
    """The one of this process that questions and passages are compared by, and intents are told by."""
    return MiniLM(lambda: Bert(LowRank(files("knowledge.embedders") / ANSWERS)), SEARCHING)


ENCODERS: Mapping[str, Callable[[], MiniLM]] = {NAME: packaged, SEARCHING: searching}
"""Both by their names."""
