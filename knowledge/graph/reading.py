"""Reads a question put to the graph: what is asked, of what, under which conditions."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from knowledge.graph.bounds import Bound, BoundReader
from knowledge.graph.flags import Flag, FlagReader
from knowledge.graph.lexicon import Lexicon, Scale
from knowledge.graph.units import Units
from knowledge.graph.wording import MappedWording
from knowledge.text.folding import folded
from knowledge.text.han import HAN
from knowledge.types import EntityMention, Polar

_COUNT = re.compile(
    r"(?:有)?(?:几|多少)(?:家|个|处|座|所|款|种|台|间|条|本|人)|how many|(?<!phone )(?<!reference )\bnumber of\b|总数|数量",
    re.IGNORECASE,
)
_LIST = re.compile(r"哪些|有什么|有哪|哪几|which|what\b|list|show me", re.IGNORECASE)
_ANYTHING = re.compile(r"\b(?:products?|items?|models?|devices?|things?)\b|产品|商品|东西|型号|设备", re.IGNORECASE)
_BOTH = re.compile(r"既.{0,80}又|同时|都在|都离|共同|both|and also", re.IGNORECASE)
_COMPARE = re.compile(
    r"哪个|哪家|哪一?[个家款]|谁|比|更|相比|which|whose|compare|versus|\bvs\b|or\b|than", re.IGNORECASE
)
_SIDE_BY_SIDE = re.compile(
    r"\b(?:compare[ds]?|comparing|comparison|versus|vs\.?|differ(?:s|ences?|ent)?|side by side)(?!\w)|比较|对比|区别|差别|不同|差异|比一比|相比",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    r"(?:有没有|有无|提不提供|是否有?|能不能|可不可以|带不带)(?P<a>[^吗？?，,。]{1,60})|(?:有|提供|带|支持|含)(?P<b>[^吗？?，,。]{0,60}?)(?:吗|么|没有|不)[?？]?"
    r"|(?:does|do|is|are|has|have|can)\b.{0,80}?\b(?:have|has|offer|provide|support|with|be|it)?\b\s*(?P<c>[\w -]{1,60})\?",
    re.IGNORECASE,
)
_POLAR = re.compile(
    r"[吗么嘛](?:[?？!！。\s]*)$|是不是|是否|有没有|能不能|可不可以|(?:^|[,;:.!?]\s)\W*(?:(?:and|so|ok|hi|hello|hey|then|but)\W+)?(?:is|are|isn't|aren't|am|does|do|did|doesn't|don't|can|can't|could|will|would|won't|should|may|has|have|was|were)\b",
    re.IGNORECASE,
)
_HAS = re.compile(r"有[^，,。]{0,60}[吗么嘛没]|有没有|有无|是否有|卖[^，,。]{0,60}[吗么嘛没]|卖不卖")
_MEANT_FOR = re.compile(r"\bfor (?:(?:the|my|an?|our|your|this) )?　|　的(?=[^　，,。])", re.IGNORECASE)
_UNIVERSAL = re.compile(r"\b(?:all|every|each|any of|most)\b|都|全|每", re.IGNORECASE)
_MANNER = re.compile(
    r"\bhow (?:long|fast|quick(?:ly)?|soon|often|many (?:times|hours|minutes)|do|does|can|should|to)\b"
    r"|多久|多快|多长时间|几个?小时|几次|怎么|如何|充满",
    re.IGNORECASE,
)
_IS_A = re.compile(
    r"是(?!多少|什么|哪|几)[^，,。？?]{0,80}[吗么嘛]|是不是|是否是|^\W*(?:is|are|was|were)\b", re.IGNORECASE
)
_SOMEONE = re.compile(
    r"老板|店长|经理|主管|主厨|厨师|大厨|员工|店员|服务员|保安|司机|创始人|负责人|业主|房东|股东|法人"
    r"|\b(?:owners?|managers?|founders?|chefs?|staff|employees?|waiters?|boss|director|ceo)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"(?<!['’])(?:[a-z]|\d+[a-z])[a-z0-9'’-]*")
_CLITIC = re.compile(r"['’](?:s|m|re|ve|ll|d)$|n['’]t$")
_NUMBER = re.compile(r"(?<![a-z\d.])\d+(?:[.,]\d+)?(?![\da-z])", re.IGNORECASE)
_HANS = re.compile(rf"{HAN.pattern}+")
_UNREAD = 2
"""Unexplained characters from which on one of the conditions may be among them."""
UNEXPLAINED = 3
"""Chinese characters that no cue explains from which on a question asks for something the graph does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A question taken apart.

    asked:    relations asked for, the likeliest first; () when none is named.
    type:     type of the things wanted ("附近的酒店"), "" for none.
    anything: whether things of any type are wanted ("which products").
    equals:   (relation, value) that things wanted must have.
    flags:    what things wanted must be, or must not be.
    boolean:  what is asked to be there ("会议室"), "" for none.
    polar:    whether it can be answered by yes or no; is_a: whether it asks so for what a thing is.
    side_by_side: whether it asks for a comparison ("compare A and B", A和B有什么区别).
    left:     what no cue explains: runs of Chinese characters.
    unread:   the same of English words.
    has:      whether a yes or no is wanted on what there is (有…吗), not on how something is.
    universal: whether it asks of all of something.
    manner:   whether it asks how, or how long, something is done, which no link between things says.
    meant_for: whether things for the entity may be wanted ("a case for the P5", P5的保护壳).
    unclear:  whether it holds a number of which it is not understood what it limits.
    someone:  whether it is about a person or thing that belongs to the entity (老板电话) and not the entity itself.
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
    polar: bool
    is_a: bool
    count: bool
    listing: bool
    both: bool
    compare: bool
    side_by_side: bool
    left: tuple[str, ...]
    unread: tuple[str, ...]
    someone: bool
    has: bool
    universal: bool
    manner: bool
    meant_for: bool
    unclear: bool

    @property
    def residue(self) -> str:
        """All Chinese characters that no cue explains."""
        return "".join(self.left)

    @property
    def asks_else(self) -> bool:
        """Whether it asks for something that the graph does not have, or about somebody who belongs to the entity."""
        return len(self.residue) >= UNEXPLAINED or self.someone

    @property
    def explained(self) -> bool:
        """Whether nothing is left of it that may be a condition."""
        return len(self.residue) < _UNREAD and not self.unread and not self.unclear

    @property
    def polarity(self) -> Polar:
        """How a yes or no is asked for; what some are is no answer to whether all are."""
        if not self.polar or self.listing or self.universal:
            return ""
        return "has" if self.has else "is"

    @property
    def conditions(self) -> bool:
        """Whether it says which things are wanted."""
        return bool(self.superlative or self.bounds or self.equals or self.flags)


class Reader:
    """Reads questions with the lexicon of one graph.

    categories: relation → values by which things may be chosen; flags: relations that only hold or do not;
    spoken: other words for values; units: the units of its numbers.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        categories: Mapping[str, Sequence[str]],
        flags: Collection[str] = frozenset(),
        spoken: Mapping[str, Sequence[str]] | None = None,
        units: Units | None = None,
    ) -> None:
        self._lexicon = lexicon
        self._flags = FlagReader(lexicon, flags)
        self._bounds = BoundReader(lexicon, units or Units((), MappedWording()))
        values = [
            (folded(words), value, relation)
            for relation, known in categories.items()
            for value in known
            for words in (value, *(spoken or {}).get(value, ()))
            if len(words) > 1
        ]
        self._values = sorted(values, key=lambda item: -len(item[0]))

    def read(self, question: str, mentions: Sequence[EntityMention]) -> Reading:
        """The question without its entities, taken apart."""
        text = _masked(question, mentions)
        superlative = self._lexicon.superlative(text)
        # Values first: 免费停车场 is a value, and not for free; 收费停车位 asks for no price.
        equals, left = self._equals(text)
        bounds, left = self._bounds.read(left)
        # A superlative's own words ("评分最高") ask for no value.
        asked_in = _blanked(left, superlative.span) if superlative else left
        near = bool(self._lexicon.near.search(left))
        left = self._lexicon.near.sub(_blank, left)
        type_, without_type = self._type(left)
        asked = self._asked(asked_in)
        boolean = _boolean(left)
        conditions, without_flags = self._flags.read(without_type)
        unexplained, unread = self._residue(_SIDE_BY_SIDE.sub(_blank, without_flags))
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
            polar=bool(_POLAR.search(text)),
            is_a=bool(_IS_A.search(text)),
            both=bool(_BOTH.search(text)),
            compare=bool(_COMPARE.search(text)),
            side_by_side=bool(_SIDE_BY_SIDE.search(text)),
            left=unexplained,
            unread=unread,
            someone=bool(_SOMEONE.search(" ".join((*unexplained, *unread)))),
            has=bool(_HAS.search(text)),
            universal=bool(_UNIVERSAL.search(text)),
            meant_for=bool(_MEANT_FOR.search(text)),
            manner=bool(_MANNER.search(text)),
            unclear=any(not bound.relations for bound in bounds) or bool(_NUMBER.search(left)),
        )

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
                    best = (match.end(), name, _blanked(text, match.span()))
        return best[1], best[2]

    def _asked(self, text: str) -> tuple[str, ...]:
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
            text = _blanked(text, match.span)
        unread = (word for word in _WORD.findall(text.lower()) if not self._says_nothing(word))
        return tuple(_HANS.findall(self._lexicon.fillers.sub("　", text))), tuple(unread)

    def _says_nothing(self, word: str) -> bool:
        plain = self._lexicon.plain_words
        return word in plain or _CLITIC.sub("", word) in plain


def _masked(question: str, mentions: Sequence[EntityMention]) -> str:
    for mention in mentions:
        question = _blanked(question, mention.span)
    return question


def _blanked(text: str, span: tuple[int, int]) -> str:
    return text[: span[0]] + "　" * (span[1] - span[0]) + text[span[1] :]


def _blank(match: re.Match[str]) -> str:
    return "　" * len(match.group())


def _boolean(text: str) -> str:
    match = _YES_NO.search(text)
    thing = next((group for group in match.groups() if group), "") if match else ""
    return thing.strip(" 　的?？").removesuffix("服务") if thing else ""
