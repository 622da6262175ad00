"""Finds the graph's entities in a text: names and aliases, the longest first, one typo forgiven in a long name."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from knowledge.graph.name_table import NameTable, fold
from knowledge.graph.numerals import SERIAL
from knowledge.graph.short_names import begun_in_chinese, begun_in_words
from knowledge.text.han import HAN
from knowledge.types import GUESS, EntityMention

_TYPO_MIN = 5
_LEAD_IN = frozenset(
    "去在给我问下系从到进和跟与同、，,。.?？!！:：；;“”\"'（( 查道是离比把对关于看吃住玩想请那这又还有果说讲找往为让叫像点了的得先家也及或就个选逛游爬呢吧啊哦"
)
_PART_MIN = 4
_END_MIN = 3  # characters of a name's end: 虹桥店, where there is but one
_JOINS = "和跟与同比或去在"
_REMEMBERED = 256
_PART_END = re.compile(
    r"[的在有和跟与比哪能可是都也到离]|附近|周边|周围|多少|多[大高远长久宽重厚深]|几|怎么|什么|[吗呢]|$|[^\u3400-\u9fff]"
)
_BEGINNING_END = re.compile(rf"(?![(·])(?:{_PART_END.pattern})")
"""A bracket behind a name names a branch."""


class GraphLinker:
    """Implements `agent.ports.EntityLinker` over a table of names, which stays as it is while there is this linker.

    A turn asks for the mentions of the same few texts again and again: those of the last ones are remembered.
    """

    def __init__(self, names: NameTable) -> None:
        self._names = names
        self._known: dict[str, tuple[EntityMention, ...]] = {}
        self.lead_ins: tuple[str, ...] = ()
        """Chinese words that a short name may stand behind: those that name relations (治疗发热)."""
        self.is_unheard: Callable[[str], bool] = lambda _: True
        """Whether a word asks for no relation or type, and may so be part of a name."""

    def link(self, text: str) -> tuple[EntityMention, ...]:
        """Mentions in order of their place. Where a short name fits several entities, each is a mention of its own."""
        if (known := self._known.get(text)) is not None:
            return known
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[text] = found = self._linked(text)
        return found

    def _linked(self, text: str) -> tuple[EntityMention, ...]:
        folded = fold(text)
        found: list[EntityMention] = []
        edges, over = _edges(folded), 0
        for place, start in enumerate(edges):
            if start >= over and (end := self._match(folded, start, edges[place + 1 :])):
                found.extend(self._mentions(text[start:end], folded[start:end], (start, end)))
                over = end
        return tuple(found) or self._forgiving(folded) or self._parts(folded) or self._beginnings(folded)

    def named(self, name: str) -> tuple[str, ...]:
        """The entities that bear just this name, or are meant by it alone."""
        ids = self._names.ids(fold(name.strip()))
        return tuple(ids) or tuple(dict.fromkeys(m.id for m in self.link(name) if m.span == (0, len(name))))

    def nearest(self, text: str, limit: int = 3) -> tuple[str, ...]:
        """Names most like a text, for someone who asked about a name that is not held."""
        return self._like(text, limit, least=_TYPO_MIN, cutoff=60)

    def similar(self, name: str, limit: int = 5) -> tuple[str, ...]:
        """Names like a name that was typed by itself."""
        return self._like(name, limit, least=2, cutoff=40)

    def _like(self, text: str, limit: int, *, least: int, cutoff: int) -> tuple[str, ...]:
        folded = fold(text)
        likely = [name for name in self._names.index.like(folded) if len(name) >= least]
        close = process.extract(folded, likely, scorer=fuzz.ratio, limit=limit, score_cutoff=cutoff)
        ids = [ids[0] for name, _, _ in close if (ids := self._names.ids(name))]
        return tuple(dict.fromkeys(self._names.entities[id_].name for id_ in ids))

    def _match(self, text: str, start: int, ends: Sequence[int]) -> int:
        """The last of these ends of a name at this place, 0 when there is none that stands on its own."""
        fits = bisect_right(ends, start + self._names.longest)
        for end in reversed(ends[:fits]):
            if end > start + 1 and self._names.ids(text[start:end]) and self._stands_alone(text, start, end):
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
        if not HAN.match(text[start]):
            return True
        if after.startswith((*self._names.endings, "·")) or (
            after.startswith("(") and self._names.branches(text[start:end])
        ):
            return False
        led_in = not before or before[-1] in _LEAD_IN or not HAN.match(before[-1]) or before.endswith(self.lead_ins)
        return end - start >= 4 or led_in

    def _holds_another(self, piece: str, name: str) -> bool:
        """Whether a piece of Chinese has in it the whole name of another thing than what it is held to be a slip for."""
        if not HAN.search(piece):
            return False
        parts = (piece[a:b] for a in range(len(piece)) for b in range(a + _END_MIN, len(piece) + 1))
        return any(part not in name and set(self._names.ids(part)) - {*self._names.ids(name)} for part in parts)

    def _goes_on(self, after: str) -> bool:
        """Whether a word follows that makes another product of a name ("Pro"), spelled right or nearly so."""
        word = re.match(r"\s*([a-z]{2,})(?![a-z])", after)
        return word is not None and any(
            word[1] == variant or (len(variant) > 2 and sorted(word[1]) == sorted(variant))
            for variant in self._names.variants
        )

    def _parts(self, text: str) -> tuple[EntityMention, ...]:
        """Parts of one long Chinese name only, where they stand by themselves: 华尔道夫的电话, 西溪店和武林店哪个近."""
        found: list[EntityMention] = []
        start = 0
        while start <= len(text) - _END_MIN:
            name, end = self._part_at(text, start)
            found += [self._mention(id_, (start, end), 0.7) for id_ in self._names.exact[name]] if name else ()
            start = end if name else start + 1
        return tuple(found)

    def _part_at(self, text: str, start: int) -> tuple[str, int]:
        """The one name that has a part which begins here, and where the part ends; a short part must be the name's end."""
        if not _may_begin(text, start):
            return "", start
        for size in (_PART_MIN, _END_MIN):
            piece = text[start : start + size]
            if len(piece) < size or not all(map(HAN.match, piece)):
                continue
            names = [name for name in self._names.index.with_part(piece) if name in self._names.exact]
            end = start + size
            while names and end < len(text) and (longer := [n for n in names if text[start : end + 1] in n]):
                names, end = longer, end + 1
            if size < _PART_MIN:
                if start and HAN.match(text[start - 1]) and text[start - 1] not in _JOINS:
                    return "", start
                names = [name for name in names if name.endswith(text[start:end])]
            if len(names) == 1 and _PART_END.match(text[end:]):
                return names[0], end
        return "", start

    def _beginnings(self, text: str) -> tuple[EntityMention, ...]:
        """What is said of names by their beginnings alone."""
        found = list(begun_in_words(text, self._names, self.is_unheard))
        start = 0
        while start < len(text) - 1:
            begun = begun_in_chinese(text, start, self._names, self.is_unheard) if _may_begin(text, start) else ()
            part = next((one for one in begun if _BEGINNING_END.match(text[one.span[1] :])), None)
            found += [part] if part else []
            start = part.span[1] if part else start + 1
        found.sort(key=lambda one: one.span)
        return tuple(self._mention(id_, one.span, GUESS if one.is_a_word else 0.7) for one in found for id_ in one.ids)

    def _mention(self, id_: str, span: tuple[int, int], score: float) -> EntityMention:
        entity = self._names.entities[id_]
        return EntityMention(id=id_, name=entity.name, type=entity.type, span=span, score=score)

    def _mentions(self, written: str, key: str, span: tuple[int, int]) -> Iterable[EntityMention]:
        """Those that bear the name just as it is written, else all that bear it."""
        score = 1.0 if key in self._names.exact else 0.9
        ids = self._names.ids(key)
        same = [id_ for id_ in ids if self._names.entities[id_].name == written]
        for id_ in same or ids:
            yield self._mention(id_, span, score)

    def _forgiving(self, text: str) -> tuple[EntityMention, ...]:
        """A long name with one letter wrong, missing or too many, tried where nothing fits exactly."""
        best: tuple[float, int, int, str] | None = None
        likely = [name for name in self._names.index.like(text) if len(name) >= _TYPO_MIN]
        for name, _, _ in process.extract(
            text, likely, scorer=fuzz.partial_ratio, limit=8, score_cutoff=100 * (1 - 1.2 / _TYPO_MIN)
        ):
            allowed = 1 if HAN.search(name) or len(name) < 9 else 2
            aligned = fuzz.partial_ratio_alignment(name, text)
            if aligned is None:
                continue
            digits = SERIAL.findall(name)
            for start in range(max(0, aligned.dest_start - 1), aligned.dest_start + 2):
                for end in range(max(start + 1, aligned.dest_end - 1), min(len(text), aligned.dest_end + 1) + 1):
                    # Another number is another thing (P5, P9), never a slip of the hand.
                    if SERIAL.findall(text[start:end]) != digits:
                        continue
                    if self._holds_another(text[start:end], name):
                        continue
                    distance = OSA.distance(name, text[start:end], score_cutoff=allowed)
                    if distance <= allowed and self._stands_alone(text, start, end):
                        candidate = (len(name) - 4.0 * distance, start, end, name)
                        best = max(best, candidate) if best else candidate
        if best is None:
            return ()
        _, start, end, name = best
        if HAN.search(name) and _differs_in_kind(name, text[start:end]):
            return ()
        return tuple(self._mention(id_, (start, end), 0.7) for id_ in self._names.ids(name))


def _edges(text: str) -> list[int]:
    """Places where a name may begin or end: all that are not within a word."""
    inside = [_is_word(character) for character in text]
    return [at for at in range(len(text) + 1) if not (0 < at < len(text) and inside[at - 1] and inside[at])]


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _differs_in_kind(name: str, said: str) -> bool:
    """Whether a Chinese name differs at its beginning, where another character is another place (欧洲区, 亚洲区)."""
    return len(name) < 2 * _TYPO_MIN - 3 or name[0] != said[0]


def _may_begin(text: str, start: int) -> bool:
    """Whether a part of a Chinese name may begin here: at the start, behind what is not Chinese, or behind a word that leads in."""
    return not start or not HAN.match(text[start - 1]) or text[start - 1] in _LEAD_IN
