"""Names that conversations use and the graph does not link, with where they stand and what type they seem to be."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean

import numpy as np

from agent.learning.graph.boundaries import NAME, Boundaries, Row, row_of
from agent.learning.graph.speaking import MASK, Message
from agent.learning.graph.statistics import standing_alone, variety
from knowledge.graph.name_table import fold
from knowledge.text.han import HAN

_QUOTED = re.compile(r"《([^《》\n]{2,30})》|“([^“”\n]{2,30})”|「([^「」\n]{2,30})」|\"([^\"\n]{2,30})\"")
_CODE = re.compile(r"(?<![\w#./:-])(?=[A-Za-z0-9-]*\d)[A-Za-z][A-Za-z0-9-]{1,14}(?![\w/-])")
_TITLE = re.compile(
    r"(?<=[a-z,;] )[A-Z][A-Za-z0-9'&+-]+(?: (?:[A-Z0-9][A-Za-z0-9'&+-]*|of|and|the)){0,4}(?<! of)(?<! and)(?<! the)"
)
_NOT_NAMES = re.compile(r"^(?:I|I'[a-z]+|OK|Hi|Hello|Thanks|Yes|No|Please|Mr|Mrs|Ms|[A-Z]{1,3}\d{6,})$")
_HARD = re.compile(r"[。！!？?；;，,、：:\n\t“”\"《》]|◇")
_NOT_FIRST = frozenset(
    "有 在 去 像 给 是 的 或 者 到 就 对 您 你 我 他 她 它 这 那 此 比 the a an at to in on for of and or my your".split()
)
_NOT_LAST = frozenset("吧 等 呢 啊 哦 呀 吗 的 了 和 是 在 都 也 the a an at to in on for of and or is are".split())
"""Words that no name begins or ends with, as a rule."""

_LONGEST = 18
_FEW = 30
_UNLIKELY = 0.04
_LEAST_NAMES = 25
"""Known names in the conversations, below which there is too little to learn from."""


@dataclass(slots=True)
class Candidate:
    """A name as compared. places: where it was said, with how likely a name begins and ends there; form: by its form."""

    forms: Counter[str] = field(default_factory=Counter)
    places: list[tuple[Message, tuple[int, int]]] = field(default_factory=list)
    chances: list[tuple[float, float]] = field(default_factory=list)
    types: Counter[str] = field(default_factory=Counter)
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    form: bool = False
    alone: float = 0.0
    score: float = 0.0

    @property
    def name(self) -> str:
        """As it is written most often."""
        return self.forms.most_common(1)[0][0]

    @property
    def conversations(self) -> int:
        """In how many it occurs."""
        return len({message.conversation for message, _ in self.places})

    @property
    def type(self) -> str:
        """The type of which names stand most where it stands; "" for none."""
        return self.types.most_common(1)[0][0] if self.types else ""


class Names:
    """What names of the graph are like, and spans that are like them."""

    def __init__(self, talks: Sequence[Sequence[Message]], known: Mapping[str, str]) -> None:
        """known: names as compared, and the type of each."""
        self._messages = [message for talk in talks for message in talk]
        self._known = known
        self._boundaries = Boundaries.learn(self._messages)
        self._types = sorted(set(known.values()))
        self._endings = Counter((type_, name[-2:]) for name, type_ in known.items())
        self._by_type = Counter(known.values())
        self._pairs = Counter((type_, pair) for name, type_ in known.items() for pair in _pairs(name))
        self._pairs_of = Counter({t: sum(n for (u, _), n in self._pairs.items() if u == t) for t in self._types})
        self._inside = Counter(character for name in known for character in set(name))
        self._said = Counter(c for m in self._messages for c in set(fold(_uncovered(m))))

    def candidates(self) -> dict[str, Candidate]:
        """Unknown names with scores, by name as compared."""
        found: dict[str, Candidate] = defaultdict(Candidate)
        mentioned = {fold(m.name) for message in self._messages for m in message.mentions}
        enough = len(mentioned) >= _LEAST_NAMES
        for message in self._messages:
            row = row_of(message)
            for start, end in self._spans(row) if enough else ():
                self._note(found, message, row, start, end)
            for span in _by_form(message.text):
                self._note_form(found, message, row, span)
        if enough:
            self._judge(found)
        return self._apart({name: one for name, one in found.items() if name not in self._known})

    def _spans(self, row: Row) -> Iterator[tuple[int, int]]:
        """Places of tokens between signs where a name may begin and end; known names too, to learn from."""
        begins = [self._boundaries.begins(row, n) for n in range(len(row.tokens))]
        ends = [self._boundaries.ends(row, n + 1) for n in range(len(row.tokens))]
        for start, begun in enumerate(begins):
            if row.types[start]:
                yield start, start + 1
                continue
            if begun < _UNLIKELY or row.tokens[start].text in _NOT_FIRST:
                continue
            depth = 0
            for end in range(start, min(len(row.tokens), start + _LONGEST)):
                text = row.tokens[end].text
                depth += (text in "(（") - (text in ")）")
                if depth < 0 or _HARD.match(text):
                    break
                if (
                    depth == 0
                    and text not in _NOT_LAST
                    and ends[end] >= _UNLIKELY
                    and begun * ends[end] >= _UNLIKELY**1.5
                ):
                    yield start, end + 1

    def _note(self, found: dict[str, Candidate], message: Message, row: Row, start: int, end: int) -> None:
        span = row.tokens[start].start, row.tokens[end - 1].end
        name = message.text[slice(*span)]
        if not _is_namelike(name):
            return
        one = found[fold(name)]
        one.forms[name] += 1
        one.places.append((message, span))
        one.chances.append((self._boundaries.begins(row, start), self._boundaries.ends(row, end)))
        one.before[row.tokens[start - 1].text if start else "^"] += 1
        one.after[row.tokens[end].text if end < len(row.tokens) else "$"] += 1
        for type_ in self._types:
            chance = self._boundaries.begins(row, start, type_) * self._boundaries.ends(row, end, type_)
            one.types[type_] += math.sqrt(chance + 1e-6) * self._fits(name, type_)  # type: ignore[assignment]

    def _fits(self, name: str, type_: str) -> float:
        """How likely a type is by the characters of a name (naive Bayes, held back as they depend on each other)."""
        logs = {
            t: sum(math.log((self._pairs[t, pair] + 0.1) / (self._pairs_of[t] + 100)) for pair in _pairs(fold(name)))
            + math.log(self._by_type[t])
            for t in self._types
        }
        most = max(logs.values())
        powers = {t: math.exp(0.5 * (log - most)) for t, log in logs.items()}
        return powers[type_] / sum(powers.values())

    def _note_form(self, found: dict[str, Candidate], message: Message, row: Row, span: tuple[int, int]) -> None:
        name = message.text[slice(*span)]
        if message.covered(*span) or not _is_namelike(name):
            return
        one = found[fold(name)]
        one.form = True
        if (message, span) not in one.places:
            one.forms[name] += 1
            one.places.append((message, span))
            one.chances.append((0.0, 0.0))

    def _judge(self, found: Mapping[str, Candidate]) -> None:
        """Scores from a logistic regression that tells known names from other spans by what is around and in them."""
        from sklearn.linear_model import LogisticRegression

        alone = standing_alone({name: len(one.places) for name, one in found.items()})
        for name, one in found.items():
            one.alone = alone[name]
        names = [name for name, one in found.items() if any(a for a, _ in one.chances)]
        labels = [name in self._known for name in names]
        by_context = [
            math.sqrt(fmean(a for a, _ in found[n].chances) * fmean(b for _, b in found[n].chances)) for n in names
        ]
        learned = by_context
        if len(set(labels)) > 1:
            table = np.array([self._features(name, found[name]) for name in names])
            table = (table - table.mean(axis=0)) / (table.std(axis=0) + 1e-9)
            learned = LogisticRegression(C=1.0, max_iter=500).fit(table, labels).predict_proba(table)[:, 1]
        # With few spans that are no known names there is nothing to learn what no name is from.
        others = labels.count(False)
        for name, score, context in zip(names, learned, by_context, strict=True):
            found[name].score = float((others * score + _FEW * context) / (others + _FEW))

    def _features(self, name: str, one: Candidate) -> list[float]:
        begins = np.array([a for a, _ in one.chances])
        ends = np.array([b for _, b in one.chances])
        type_ = self._known.get(name, "")
        # A known name does not count for its own ending.
        ending = max((self._endings[t, name[-2:]] - (t == type_)) / (self._by_type[t] + 5) for t in self._types)
        strange = [math.log((self._inside[c] + 0.2) / (self._said[c] + 1.0)) for c in name]
        return [
            math.log(begins.mean() + 0.01),
            math.log(ends.mean() + 0.01),
            math.log(begins.max() + 0.01),
            math.log(ends.max() + 0.01),
            math.log(ending + 0.002),
            min(strange),
            sum(strange) / len(strange),
            math.log(len(name)),
            float(len(name)) / 10,
            math.log(len(one.places)),
            math.log(max(one.alone, 0.3) / len(one.places)),
            math.log(min(variety(one.before), variety(one.after))) if one.before else 0.0,
        ]

    def _apart(self, found: Mapping[str, Candidate]) -> dict[str, Candidate]:
        """Of overlapping spans the best one; names that are left with no place are dropped."""
        taken: dict[str, list[tuple[int, int]]] = defaultdict(list)
        kept: dict[str, Candidate] = {}
        for name, one in sorted(found.items(), key=lambda item: (-item[1].score, -len(item[0]))):
            free = [
                (message, span)
                for message, span in one.places
                if all(span[1] <= left or right <= span[0] for left, right in taken[message.source])
            ]
            if free:
                one.places = free
                kept[name] = one
                for message, span in free:
                    taken[message.source].append(span)
        return kept


def _by_form(text: str) -> Iterator[tuple[int, int]]:
    """What is written like a name: in quotation marks, as a code, with capitals within a sentence."""
    for pattern in (_QUOTED, _CODE, _TITLE):
        for match in pattern.finditer(text):
            group = match.lastindex or 0
            if not _NOT_NAMES.match(match.group(group)):
                yield match.span(group)


def _is_namelike(name: str) -> bool:
    letters = re.search(r"[A-Za-z]", name) or HAN.search(name)
    return len(name) > 1 and bool(letters) and NAME not in name and not MASK.search(name)


def _pairs(name: str) -> list[str]:
    """Each two characters of a Chinese name, each word of another, and its end."""
    words = name.split()
    if len(words) > 1:
        return [*words, words[-1] + "$"]
    return [*(name[n : n + 2] for n in range(len(name) - 1)), name[-1:] + "$"]


def _uncovered(message: Message) -> str:
    """The text without the known names."""
    text = message.text
    for mention in reversed(message.mentions):
        text = text[: mention.span[0]] + text[mention.span[1] :]
    return text
