"""Finds the graph's entities in a text: names and aliases, the longest first, one typo forgiven in a long name."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from knowledge.types import EntityMention

_BRACKETS = re.compile(r"\s*[(（\[【][^()（）\[\]【】]*[)）\]】]\s*$")
_HAN = re.compile(r"[\u3400-\u9fff]")
_DIGIT = re.compile(r"\d")
_TYPO_MIN = 5
_LEAD_IN = frozenset(
    "去在给我问下系从到进和跟与同、，,。.?？!！:：；;“”\"'（( 查道是离比把对关于看吃住玩想请那这又还有果说讲找往为让叫像点了的得先家也及或"
)
_ENDING_MIN = 8
_PART_MIN = 4
_PART_END = re.compile(r"的|在|有|附近|周边|周围|多少|几点|怎么|离|$|[^\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class NamedEntity:
    """What the linker needs to know of an entity."""

    id: str
    name: str
    type: str
    aliases: tuple[str, ...]


class GraphLinker:
    """Implements `agent.ports.EntityLinker` over a fixed set of entities."""

    def __init__(self, entities: Sequence[NamedEntity]) -> None:
        self._by_id = {entity.id: entity for entity in entities}
        exact: dict[str, list[str]] = defaultdict(list)
        short: dict[str, list[str]] = defaultdict(list)
        for entity in entities:
            exact[fold(entity.name)].append(entity.id)
            for alias in _aliases(entity):
                if entity.id not in short[fold(alias)]:
                    short[fold(alias)].append(entity.id)
        self._exact = dict(exact)
        self._short = {alias: ids for alias, ids in short.items() if alias not in exact and len(alias) >= 2}
        self._longest = max(map(len, (*self._exact, *self._short)), default=0)
        self._endings = _endings(entities)
        self._variants = _variants((*self._exact, *self._short))
        self._parts = _parts(self._exact)
        self._fuzzy = [name for name in (*self._exact, *self._short) if len(name) >= _TYPO_MIN]

    def link(self, text: str) -> tuple[EntityMention, ...]:
        """Mentions in order of their place. Where a short name fits several entities, each is a mention of its own."""
        folded = fold(text)
        found: list[EntityMention] = []
        start = 0
        while start < len(folded):
            end = self._match(folded, start)
            if not end:
                start += 1
                continue
            found.extend(self._mentions(folded[start:end], (start, end)))
            start = end
        return tuple(found) or self._forgiving(folded) or self._part(folded)

    def ambiguous(self, mention: EntityMention, text: str) -> tuple[str, ...]:
        """Names of all entities that the words of this mention can stand for."""
        key = fold(text)[slice(*mention.span)]
        return tuple(self._by_id[id_].name for id_ in (self._exact.get(key) or self._short.get(key) or [mention.id]))

    def nearest(self, text: str, limit: int = 3) -> tuple[str, ...]:
        """Names most like a text, for someone who asked about a name that is not held."""
        folded = fold(text)
        close = process.extract(folded, self._fuzzy, scorer=fuzz.ratio, limit=limit, score_cutoff=60)
        ids = [(self._exact.get(name) or self._short[name])[0] for name, _, _ in close]
        return tuple(dict.fromkeys(self._by_id[id_].name for id_ in ids))

    def _match(self, text: str, start: int) -> int:
        """End of the longest name at this place, 0 when there is none that stands on its own."""
        for end in range(min(len(text), start + self._longest), start + 1, -1):
            piece = text[start:end]
            if (piece in self._exact or piece in self._short) and self._stands_alone(text, start, end):
                return end
        return 0

    def _stands_alone(self, text: str, start: int, end: int) -> bool:
        """Whether the piece is a name by itself and not part of a longer one that the graph does not hold."""
        before, after = text[:start], text[end:]
        if _is_word(text[start]) and before and _is_word(before[-1]):
            return False
        if _is_word(text[end - 1]) and after and _is_word(after[0]):
            return False
        if self._goes_on(after):
            return False
        if not _HAN.match(text[start]):
            return True
        if after.startswith(self._endings) or after.startswith(("(", "·")):
            return False
        return end - start >= 4 or not before or before[-1] in _LEAD_IN or not _HAN.match(before[-1])

    def _goes_on(self, after: str) -> bool:
        """Whether a word follows that makes another product of a name ("Pro"), spelled right or nearly so."""
        word = re.match(r"\s*([a-z]{2,})(?![a-z])", after)
        return word is not None and any(
            word[1] == variant or (len(variant) > 2 and sorted(word[1]) == sorted(variant))
            for variant in self._variants
        )

    def _part(self, text: str) -> tuple[EntityMention, ...]:
        """A part of one long Chinese name only, where it stands by itself ("华尔道夫的电话")."""
        for start in range(len(text) - _PART_MIN + 1):
            names = self._parts.get(text[start : start + _PART_MIN], ())
            if not names or (start and _HAN.match(text[start - 1]) and text[start - 1] not in _LEAD_IN):
                continue
            end = start + _PART_MIN
            while end < len(text) and (longer := [n for n in names if text[start : end + 1] in n]):
                names, end = longer, end + 1
            if len(names) == 1 and _PART_END.match(text[end:]):
                ids = self._exact[names[0]]
                return tuple(self._mention(id_, (start, end), 0.7) for id_ in ids)
        return ()

    def _mention(self, id_: str, span: tuple[int, int], score: float) -> EntityMention:
        entity = self._by_id[id_]
        return EntityMention(id=id_, name=entity.name, type=entity.type, span=span, score=score)

    def _mentions(self, key: str, span: tuple[int, int]) -> Iterable[EntityMention]:
        exact = self._exact.get(key)
        for id_ in exact or self._short[key]:
            yield self._mention(id_, span, 1.0 if exact else 0.9)

    def _forgiving(self, text: str) -> tuple[EntityMention, ...]:
        """A long name with one letter wrong, missing or too many, tried where nothing fits exactly."""
        best: tuple[float, int, int, str] | None = None
        for name, _, _ in process.extract(
            text, self._fuzzy, scorer=fuzz.partial_ratio, limit=8, score_cutoff=100 * (1 - 1.2 / _TYPO_MIN)
        ):
            allowed = 1 if _HAN.search(name) or len(name) < 9 else 2
            aligned = fuzz.partial_ratio_alignment(name, text)
            if aligned is None:
                continue
            digits = _DIGIT.findall(name)
            for start in range(max(0, aligned.dest_start - 1), aligned.dest_start + 2):
                for end in range(max(start + 1, aligned.dest_end - 1), min(len(text), aligned.dest_end + 1) + 1):
                    # Another number is another thing (P5, P9), never a slip of the hand.
                    if _DIGIT.findall(text[start:end]) != digits:
                        continue
                    distance = OSA.distance(name, text[start:end], score_cutoff=allowed)
                    if distance <= allowed and self._stands_alone(text, start, end):
                        candidate = (len(name) - 4.0 * distance, start, end, name)
                        best = max(best, candidate) if best else candidate
        if best is None:
            return ()
        _, start, end, name = best
        if _HAN.search(name) and _differs_in_kind(name, text[start:end]):
            return ()
        return tuple(self._mention(id_, (start, end), 0.7) for id_ in (self._exact.get(name) or self._short[name]))


def fold(text: str) -> str:
    """The text in one form of width, brackets and case, each character in its place: offsets stay valid."""
    return "".join(_fold_character(character) for character in text)


def _fold_character(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character).lower()
    return folded if len(folded) == 1 else character


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _aliases(entity: NamedEntity) -> list[str]:
    """Given aliases, and the name without what stands in brackets behind it."""
    bare = entity.name
    derived = []
    while (shorter := _BRACKETS.sub("", bare)) != bare and shorter:
        derived.append(shorter)
        bare = shorter
    return [*entity.aliases, *derived]


def _variants(names: Sequence[str]) -> frozenset[str]:
    """Words that, put behind one name, make another ("pro", "lite")."""
    held = set(names)
    split = (name.rpartition(" ") for name in names)
    return frozenset(last for first, _, last in split if first in held and last.isascii() and last.isalpha())


def _parts(names: Iterable[str]) -> dict[str, list[str]]:
    """Each run of a few Chinese characters → the names that hold it."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        pieces = {name[at : at + _PART_MIN] for at in range(len(name) - _PART_MIN + 1)}
        for piece in pieces:
            if all(map(_HAN.match, piece)):
                found[piece].append(name)
    return dict(found)


def _endings(entities: Sequence[NamedEntity]) -> tuple[str, ...]:
    """What many names end with (饭店, 公园): a name followed by it is the beginning of another name."""
    types = {entity.type for entity in entities}
    bare = [re.sub(r"[(（].*", "", entity.name) for entity in entities]
    counts = Counter(name[-2:] for name in bare if len(name) > 3 and _HAN.match(name[-1]))
    return tuple(ending for ending, n in counts.items() if n >= _ENDING_MIN and ending not in types)


def _differs_in_kind(name: str, said: str) -> bool:
    """Whether a Chinese name differs at its beginning, where another character is another place (欧洲区, 亚洲区)."""
    return len(name) < 2 * _TYPO_MIN - 3 or name[0] != said[0]
