"""Names that a body of documents is organised by (products, plans, places), learnt from titles and paths.

A name is a run of words that begins the titles, or stands in the paths, of several documents. Where a question bears a
name, passages under that name are wanted, and those under its neighbours ("Silver Saver" beside "Silver Plus Saver")
are not; words alone tell them apart badly.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, pairwise

from knowledge.index.also_called import also_called, by_folder
from knowledge.text.han import HAN
from knowledge.text.piecewise import Piecewise
from knowledge.text.words import is_stop_word
from knowledge.types import Passage

_WORD = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*|[\u3400-\u9fff]")
_MAX_WORDS = 5
_MIN_DOCUMENTS = 3
_MAX_SHARE = 0.1
_MANY_WAYS = 4
_MIN_SPECIFIC = 0.25
_OFTEN = 0.5
_SMALL = 0.2
_WRITTEN = re.compile(r"[A-Za-z0-9]+(?:[-'][A-Za-z0-9]+)*")
OTHER_NAME = 0.25
"""A passage whose `match` is below it stands under other names than those asked about."""

Name = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Uses:
    """How texts use names. said: documents that say a name or one that begins with it; alone: those that say just it;
    small, written: how often a name of one word is written without a capital, and at all.
    """

    said: Mapping[Name, set[str]]
    alone: Mapping[Name, set[str]]
    small: Mapping[str, int]
    written: Mapping[str, int]

    def is_a_word(self, name: Name, under: int) -> bool:
        """Whether it is a word like any other ("bank", "credit"): said in many documents not under it, and written small."""
        often = len(self.alone.get(name, ())) > _OFTEN * under
        return len(name) == 1 and often and self.small.get(name[0], 0) > _SMALL * self.written.get(name[0], 0)


class Names:
    """The names of a corpus and which passages stand under each."""

    def __init__(
        self,
        lexicon: Mapping[Name, int],
        passage_names: Mapping[str, frozenset[Name]],
        aliases: Mapping[Name, Name] | None = None,
    ) -> None:
        self._lexicon = lexicon
        self._aliases = aliases or {}
        self._other_words = also_called(lexicon, self._aliases)
        self._beginnings = frozenset(name[0] for name in (*lexicon, *self._other_words))
        self._words = frozenset(word for name in lexicon for word in name)
        self._passage_names = passage_names

    @classmethod
    def learn(cls, passages: Sequence[Passage]) -> "Names":
        """Names of at least three documents and at most a tenth of all."""
        titles = {passage.source_id: _title_parts(passage.title) for passage in passages}
        whole_paths = {source_id: _path(source_id) for source_id in titles}
        paths = _tails(whole_paths)
        counts: Counter[Name] = Counter()
        for source_id, parts in titles.items():
            tail = paths[source_id]
            runs = {tuple(tail[:length]) for length in range(1, len(tail) + 1)}
            runs |= {
                tuple(parts[0][:length]) for length in range(2, _MAX_WORDS + 1) if parts and len(parts[0]) >= length
            }
            runs |= {tuple(parts[0])} if len(parts) > 1 else set()
            counts.update(run for run in runs if len(run) <= _MAX_WORDS)
        most = max(_MIN_DOCUMENTS, int(_MAX_SHARE * len(titles)))
        found = cls({name: n for name, n in counts.items() if _MIN_DOCUMENTS <= n <= most and _is_telling(name)}, {})
        found = cls(found._specific(passages, titles, paths), {})
        by_document = {
            source_id: _without_endings(name for part in [*parts, paths[source_id]] for name in found._find(part))
            for source_id, parts in titles.items()
        }
        aliases = by_folder(found._lexicon, whole_paths, paths)
        return cls(found._lexicon, {passage.id: by_document[passage.source_id] for passage in passages}, aliases)

    @property
    def lexicon(self) -> Mapping[Name, int]:
        """The names, each with the number of documents that it organises."""
        return self._lexicon

    @property
    def aliases(self) -> Mapping[Name, Name]:
        """What a name is also called by the folder of its documents: "gold savings" for the gold account among savings accounts."""
        return self._aliases

    @property
    def passage_names(self) -> Mapping[str, frozenset[Name]]:
        """The names that each passage stands under."""
        return self._passage_names

    def in_question(self, question: str) -> tuple[Name, ...]:
        """Names in a question, longest match first, each once, in order; also those said with words left out or a hyphen."""
        said = [word if word in self._words else word.removesuffix("'s") for word in tokens(question)]
        said = [part for word in said for part in ([word] if word in self._words else word.split("-"))]
        found = self._find(said, self._other_words)
        return tuple(dict.fromkeys(self._other_words.get(name, name) for name in found))

    def called(self, text: str) -> Name | None:
        """The name that a text says and nothing beside it; None where it says none, or more."""
        said = tuple(tokens(text))
        return self._other_words.get(said, said if said in self._lexicon else None)

    def spoken(self) -> tuple[str, ...]:
        """All names as words, longest first."""
        return tuple(sorted(map(spoken, self._lexicon), key=len, reverse=True))

    def of(self, passage_id: str) -> frozenset[Name]:
        """The names that a passage stands under."""
        return self.passage_names.get(passage_id, frozenset())

    def match(self, passage_id: str, names: Sequence[Name]) -> float:
        """1 where the passage stands under one of the names, 0 where under others only, a half where under none."""
        under = self._passage_names.get(passage_id, frozenset())
        longest = max(map(len, names), default=1)
        best = max((len(name) / longest for name in names if self.is_under(under, name)), default=0.0)
        return best if best or under else 0.5

    def is_about_another(self, passage: Passage, names: Sequence[Name]) -> bool:
        """Whether its title or headings name something, and none of these names."""
        under = self.of(passage.id)
        if not names or any(self.is_under(under, name) for name in names):
            return False
        said = set(self._find(tokens(" ".join((passage.title, *passage.section)))))
        return bool(said & under)

    def _specific(
        self,
        passages: Sequence[Passage],
        titles: Mapping[str, Sequence[Sequence[str]]],
        paths: Mapping[str, Sequence[str]],
    ) -> dict[Name, int]:
        """The names that mostly occur in documents of their own; others ("credit card") are words like any other."""
        under: dict[Name, set[str]] = defaultdict(set)
        for source_id, parts in titles.items():
            for name in (name for part in [*parts, paths[source_id]] for name in self._find(part)):
                for length in range(1, len(name) + 1):
                    under[name[:length]].add(source_id)
        uses = self._uses(passages)
        return {
            name: count
            for name, count in self._lexicon.items()
            if len(under[name]) >= _MIN_SPECIFIC * len(uses.said.get(name, set()) | under[name])
            and not uses.is_a_word(name, len(under[name]))
        }

    def _uses(self, passages: Sequence[Passage]) -> _Uses:
        said: dict[Name, set[str]] = defaultdict(set)
        alone: dict[Name, set[str]] = defaultdict(set)
        singles = {name[0] for name in self._lexicon if len(name) == 1}
        written_singles = Piecewise(lambda piece: [one for one in _WRITTEN.findall(piece) if one.lower() in singles])
        as_written: Counter[str] = Counter()
        for passage in passages:
            for name in self._find(tokens(passage.text)):
                alone[name].add(passage.source_id)
                for length in range(1, len(name) + 1):
                    said[name[:length]].add(passage.source_id)
            as_written.update(written_singles(passage.text))
        small, written = Counter[str](), Counter[str]()
        for word, count in as_written.items():
            small[word] += count * word.islower()
            written[word.lower()] += count
        return _Uses(said=said, alone=alone, small=small, written=written)

    @staticmethod
    def is_under(under: Iterable[Name], name: Name) -> bool:
        """Whether one of a passage's names begins with `name` ("gold plus" → "gold plus saver account")."""
        return any(own[: len(name)] == name for own in under)

    def _find(self, words: Sequence[str], also: Collection[Name] = ()) -> Iterable[Name]:
        after = 0
        for start in compress(range(len(words)), map(self._beginnings.__contains__, words)):
            if start < after:
                continue
            for length in range(min(_MAX_WORDS, len(words) - start), 0, -1):
                name = tuple(words[start : start + length])
                if name in self._lexicon or name in also:
                    yield name
                    after = start + length
                    break


def tokens(text: str) -> list[str]:
    """Lower-case words, and Chinese characters one by one."""
    return _TOKENS(text)


_TOKENS = Piecewise(lambda piece: _WORD.findall(piece.lower().replace("’", "'")))


def _without_endings(names: Iterable[Name]) -> frozenset[Name]:
    """Names without those that a longer one ends with: what is under "business gold card" is not under "gold card"."""
    found = frozenset(names)
    ends = {name[start:] for name in found for start in range(1, len(name))}
    return found - ends


def spoken(name: Name) -> str:
    """A name as one writes it: words apart, Chinese characters together, also those beside a word ("Plus会员")."""
    return name[0] + "".join(f" {word}" if (before + word).isascii() else word for before, word in pairwise(name))


def _title_parts(title: str) -> list[list[str]]:
    """Words of the title, cut at punctuation."""
    return [tokens(part) for part in re.split(r"[:：,，—–|/?？]", title) if part.strip()]


def _path(source_id: str) -> list[str]:
    """Words of an id or path, without numbers and the ending."""
    return tokens(re.sub(r"\d+|#.*|\.\w+$", " ", source_id.replace("_", " ").replace("/", " ")))


def _tails(paths: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """What follows the last place in each path where many ways part: the name after the folders above it."""
    ways: dict[Name, set[str]] = defaultdict(set)
    for path in paths.values():
        for length in range(len(path)):
            ways[tuple(path[:length])].add(path[length])
    forks = {prefix for prefix, words in ways.items() if len(words) >= _MANY_WAYS}
    cut = {
        source_id: max((length for length in range(len(path)) if tuple(path[:length]) in forks), default=len(path))
        for source_id, path in paths.items()
    }
    return {source_id: path[cut[source_id] :] for source_id, path in paths.items()}


def _is_telling(name: Name) -> bool:
    """Whether a run is worth something as a name: no stop words at its ends, no single Chinese character or letter."""
    if len(name) == 1 and (len(name[0]) < 3 or HAN.match(name[0])):
        return False
    return not (is_stop_word(name[0]) or is_stop_word(name[-1]))
