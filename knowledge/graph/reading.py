"""Reads a question put to the graph: what is asked, of what, under which conditions."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from knowledge.graph.flags import Flag, FlagReader
from knowledge.graph.lexicon import Lexicon, Scale
from knowledge.types import EntityMention

_NUM = r"[$¥￥]?\s*(\d+(?:[,，]\d{3})*(?:\.\d+)?)"
_BOUNDS: list[tuple[re.Pattern[str], str]] = [
    (re.compile(pattern, re.IGNORECASE), operator)
    for pattern, operator in [
        (rf"{_NUM}\s*(?:到|至|-|~|and|to)\s*{_NUM}", "between"),
        (rf"{_NUM}\s*(?:元|块|分|星|美元|小时)?\s*(?:及|或)?以上", ">="),
        (rf"{_NUM}\s*(?:元|块|分|星|美元|小时)?\s*(?:及|或|之)?(?:以下|以内|之内|内)", "<="),
        (rf"(?:不低于|至少|不少于|at least|or more than|minimum(?: of)?)\s*{_NUM}", ">="),
        (rf"{_NUM}\s*(?:stars?|hours?|gb|dollars)?\s*(?:or|and)\s*(?:more|above|higher|up)|{_NUM}\+", ">="),
        (rf"(?:不超过|不高于|最多|at most|up to|no more than|within|maximum(?: of)?)\s*{_NUM}", "<="),
        (rf"(?:高于|大于|超过|多于|above|over|more than|greater than|higher than)\s*{_NUM}", ">"),
        (rf"(?:低于|小于|少于|under|below|less than|cheaper than|lower than)\s*{_NUM}", "<"),
    ]
]
_FREE = re.compile(r"免费|不要钱|不花钱|不收费|不用门票|无需门票|\bfree\b(?! of)", re.IGNORECASE)
_COUNT = re.compile(r"(?:有)?(?:几|多少)(?:家|个|处|座|所|款|种|台)|how many|number of", re.IGNORECASE)
_LIST = re.compile(r"哪些|有什么|有哪|哪几|which|what\b|list|show me", re.IGNORECASE)
_ANYTHING = re.compile(r"\b(?:products?|items?|models?|devices?|things?)\b|产品|商品|东西|型号|设备", re.IGNORECASE)
_BOTH = re.compile(r"既.*又|同时|都在|都离|共同|both|and also", re.IGNORECASE)
_COMPARE = re.compile(
    r"哪个|哪家|哪一?[个家款]|谁|比|更|相比|which|whose|compare|versus|\bvs\b|or\b|than", re.IGNORECASE
)
_YES_NO = re.compile(
    r"(?:有没有|有无|提不提供|是否有?|能不能|可不可以|带不带)(?P<a>[^吗？?，,。]+)|(?:有|提供|带|支持|含)(?P<b>[^吗？?，,。]*?)(?:吗|么|没有|不)[?？]?"
    r"|(?:does|do|is|are|has|have|can)\b.*?\b(?:have|has|offer|provide|support|with|be|it)?\b\s*(?P<c>[\w -]+)\?",
    re.IGNORECASE,
)
_WORD = re.compile(r"(?:[a-z]|\d+[a-z])[a-z0-9'’-]*")
_HAN = re.compile(r"[\u3400-\u9fff]")
_HANS = re.compile(rf"{_HAN.pattern}+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A condition on a number. relations: which it may be about; () for whichever fits."""

    relations: tuple[str, ...]
    operator: str
    low: float
    high: float = 0.0

    def holds(self, value: float) -> bool:
        """Whether a value meets the condition."""
        match self.operator:
            case ">=":
                return value >= self.low
            case ">":
                return value > self.low
            case "<=":
                return value <= self.low
            case "<":
                return value < self.low
            case _:
                return self.low <= value <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A question taken apart.

    asked:    relations asked for, the likeliest first; () when none is named.
    type:     type of the things wanted ("附近的酒店"), "" for none.
    anything: whether things of any type are wanted ("which products").
    equals:   (relation, value) that things wanted must have.
    flags:    what things wanted must be, or must not be.
    boolean:  what is asked to be there ("会议室"), "" for none.
    left:     what no cue explains: runs of Chinese characters.
    unread:   the same of English words.
    """

    asked: tuple[str, ...]
    near: bool
    type: str
    anything: bool
    superlative: Scale | None
    comparative: Scale | None
    bounds: tuple[Bound, ...]
    equals: tuple[tuple[str, str], ...]
    flags: tuple[Flag, ...]
    boolean: str
    count: bool
    listing: bool
    both: bool
    compare: bool
    left: tuple[str, ...]
    unread: tuple[str, ...]

    @property
    def residue(self) -> str:
        """All Chinese characters that no cue explains."""
        return "".join(self.left)

    @property
    def conditions(self) -> bool:
        """Whether it says which things are wanted."""
        return bool(self.superlative or self.bounds or self.equals or self.flags)


class Reader:
    """Reads questions with the lexicon of one graph.

    categories: relation → values that it has over and over; flags: relations that only hold or do not;
    spoken: other words for values.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        categories: Mapping[str, Sequence[str]],
        flags: Collection[str] = frozenset(),
        spoken: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._lexicon = lexicon
        self._flags = FlagReader(lexicon, flags)
        values = [
            (words, value, relation)
            for relation, known in categories.items()
            for value in known
            for words in (value, *(spoken or {}).get(value, ()))
            if len(words) > 1
        ]
        self._values = sorted(values, key=lambda item: -len(item[0]))

    def read(self, question: str, mentions: Sequence[EntityMention]) -> Reading:
        """The question without its entities, taken apart."""
        text = _masked(question, mentions)
        left = text
        superlative = self._lexicon.superlative(text)
        bounds, left = self._bounds(left)
        equals, left = self._equals(left)
        near = bool(self._lexicon.near.search(left))
        left = self._lexicon.near.sub("　", left)
        # A superlative's own words ("评分最高") ask for no value.
        asked_in = text[: superlative.span[0]] + "　" + text[superlative.span[1] :] if superlative else text
        asked_in = "".join(c if c in left or not _HAN.match(c) else "　" for c in asked_in) if bounds else asked_in
        type_, without_type = self._type(left)
        asked = self._asked(asked_in if not bounds else left, superlative)
        boolean = _boolean(left)
        conditions, without_flags = self._flags.read(without_type)
        unexplained, unread = self._residue(without_flags)
        return Reading(
            asked=asked,
            near=near,
            type=type_,
            anything=not type_ and bool(_ANYTHING.search(left)),
            superlative=superlative,
            comparative=self._lexicon.comparative(text),
            bounds=bounds,
            equals=equals,
            flags=conditions,
            boolean=boolean,
            count=bool(_COUNT.search(text)),
            listing=bool(_LIST.search(text)),
            both=bool(_BOTH.search(text)),
            compare=bool(_COMPARE.search(text)),
            left=unexplained,
            unread=unread,
        )

    def _bounds(self, text: str) -> tuple[tuple[Bound, ...], str]:
        found: list[Bound] = []
        for pattern, operator in _BOUNDS:
            for match in pattern.finditer(text):
                numbers = [float(re.sub("[,，]", "", group)) for group in match.groups() if group]
                about = self._about(text[max(0, match.start() - 12) : match.start()], match.group())
                low, high = numbers[0], numbers[-1]
                found.append(Bound(relations=about, operator=operator, low=low, high=high))
            text = pattern.sub("　", text)
        if _FREE.search(text):
            found.append(Bound(relations=self._lexicon.concept_relations("price"), operator="<=", low=0.0))
            text = _FREE.sub("　", text)
        return tuple(found), text

    def _about(self, before: str, said: str) -> tuple[str, ...]:
        """Relations a number is about, from the words before it, or its unit."""
        best: tuple[int, tuple[str, ...]] = (-1, ())
        for cue, relations in self._lexicon.relation_cues:
            for match in cue.finditer(before):
                best = max(best, (match.end(), relations))
        if best[1]:
            return best[1]
        if re.search(r"[$¥￥元块]|dollar", said) or re.search(r"under|below|cheaper", said, re.IGNORECASE):
            return self._lexicon.concept_relations("price")
        if re.search(r"分|stars?", said):
            return self._lexicon.concept_relations("rating")
        return ()

    def _equals(self, text: str) -> tuple[tuple[tuple[str, str], ...], str]:
        found: list[tuple[str, str]] = []
        lowered = text.lower()
        for words, value, relation in self._values:
            spoken = words.lower()
            at = lowered.find(spoken)
            if at < 0 or (
                spoken.isascii() and not re.search(rf"(?<![a-z0-9]){re.escape(spoken)}(?![a-z0-9])", lowered)
            ):
                continue
            found.append((relation, value))
            lowered = lowered.replace(spoken, "　" * len(spoken))
            text = "".join("　" if lowered[i] == "　" else character for i, character in enumerate(text))
        return tuple(found), text

    def _type(self, text: str) -> tuple[str, str]:
        best: tuple[int, str, str] = (-1, "", text)
        for cue, name in self._lexicon.type_cues:
            for match in cue.finditer(text):
                if match.end() > best[0]:
                    best = (match.end(), name, text[: match.start()] + "　" + text[match.end() :])
        return best[1], best[2]

    def _asked(self, text: str, superlative: Scale | None) -> tuple[str, ...]:
        relations: list[str] = []
        for cue, meant in self._lexicon.relation_cues:
            if cue.search(text):
                relations.extend(meant)
                text = cue.sub("　", text)
        return tuple(dict.fromkeys(relations))

    def _residue(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        for cue, _ in self._lexicon.relation_cues:
            text = cue.sub("　", text)
        if match := self._lexicon.superlative(text):
            text = text[: match.span[0]] + "　" + text[match.span[1] :]
        unread = (word for word in _WORD.findall(text.lower()) if word not in self._lexicon.plain_words)
        return tuple(_HANS.findall(self._lexicon.fillers.sub("　", text))), tuple(unread)


def _masked(question: str, mentions: Sequence[EntityMention]) -> str:
    for mention in mentions:
        start, end = mention.span
        question = question[:start] + "　" * (end - start) + question[end:]
    return question


def _boolean(text: str) -> str:
    match = _YES_NO.search(text)
    thing = next((group for group in match.groups() if group), "") if match else ""
    return thing.strip(" 　的?？").removesuffix("服务") if thing else ""
