"""Reads a question put to the graph: what is asked, of what, under which conditions."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from knowledge.graph.reading.bounds import Bound, BoundReader
from knowledge.graph.reading.denial import denial, without_choices
from knowledge.graph.reading.flags import Flag, FlagReader
from knowledge.graph.reading.lexicon import Lexicon
from knowledge.graph.reading.named_values import ValueReader
from knowledge.graph.reading.qualifiers import Qualifiers
from knowledge.graph.reading.scales import Scale
from knowledge.graph.reading.units import Units
from knowledge.graph.wording import MappedWording
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
_CLOCK = re.compile(r"几点|什么时[候间]|多[早晚]|\bwhat time\b|\bwhen\b|\bhow (?:late|early)\b", re.IGNORECASE)
_HOW_FAR = re.compile(r"多远|距离|\bhow (?:far|close|near)\b|\bdistance\b", re.IGNORECASE)
_WHICH_NEIGHBOUR = re.compile(
    r"(?:哪|什么)(?:一|个|座)*(?:地铁)?站|站[是叫](?:哪|什么)|\b(?:which|what)\b.{0,12}\bstations?\b", re.IGNORECASE
)
_EITHER = re.compile(r"\bor\b|或", re.IGNORECASE)
_CAN = re.compile(r"(?:^|[^不])(?:能|可以|可不可以|可否)[^，,。]{0,60}[吗么嘛不]|能不能|可不可以|可否")
_HANS = re.compile(rf"{HAN.pattern}+")
DISTANCE, _SINCE = "distance", "since"
_ASIDE = re.compile(
    # "How much does insurance for 　 cost", "the price of a repair of 　": of what, and not of the thing that is named.
    r"\b(?:does|do|did|is|are|was|were|will|would|(?:costs?|prices?|fees?) (?:of|for)) +"
    r"(?:(?:an?|the|any|another|each|one|extra) +)*(?!not\b)(?P<words>[a-z][a-z'-]*(?: +[a-z][a-z'-]*)*)(?P<named> *　)?"
    # "How much does it cost to move": to do what.
    r"|\b(?:how much|costs?|prices?|fees?)\b[^,.;?]{0,30}?\bto +(?!(?:pay|spend|buy|purchase|order|own)\b)(?P<deed>[a-z]+)",
    re.IGNORECASE,
)
_APART = re.compile(
    r"\b(?:that|which|but|where)(?: not)?(?: the)? *　+[^,.;?　]{0,20}?(?:\b(?:lacks?|misses|without)\b|\bnot\b|n['’]t\b)"
    r"|\bbut not\b[^,.;?　]{0,20}　|而 ?　+[^，。？　]{0,8}没有",
    re.IGNORECASE,
)
_RUN_BEFORE = re.compile(rf"{HAN.pattern}{{2,}}(?=\n)")
_ASKED = "\n"
"""Stands for the words that ask for a relation."""
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
    equals:   (relation, value) that things wanted must have; excluded: that they must not have.
    beside:   relations of which things wanted must state one: what they are near to ("near a metro station").
    denied:   whether what stands before the first entity named denies it ("not on the Team plan").
    flags:    what things wanted must be, or must not be.
    boolean:  what is asked to be there ("会议室"), "" for none.
    polar:    whether it can be answered by yes or no; is_a: whether it asks so for what a thing is.
    side_by_side: whether it asks for a comparison ("compare A and B", A和B有什么区别).
    left:     what no cue explains: runs of Chinese characters.
    unread:   the same of English words.
    has:      whether a yes or no is wanted on what there is (有…吗), not on how something is; can: on what can be done (能…吗).
    universal: whether it asks of all of something; either: whether one of several things is enough ("a gym or a pool").
    manner:   whether it asks how, or how long, something is done, which no link between things says.
    meant_for: whether things for the entity may be wanted ("a case for the P5", P5的保护壳).
    unclear:  whether it holds a number of which it is not understood what it limits.
    apart:    whether it asks for what one entity has and another lacks.
    aside:    whether it is about something that is not the entity but of it, or done with it ("insurance for the P5").
    said:     what it says of period, currency and time.
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
    excluded: tuple[tuple[str, str], ...]
    beside: tuple[str, ...]
    denied: bool
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
    apart: bool
    aside: bool
    said: frozenset[str]
    someone: bool
    has: bool
    can: bool
    universal: bool
    either: bool
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
        return self.form

    @property
    def form(self) -> Polar:
        """The form in which it asks for yes or no, "" where it does not."""
        if not self.polar:
            return ""
        return "can" if self.can else "has" if self.has else "is"

    @property
    def conditions(self) -> bool:
        """Whether it says which things are wanted."""
        return bool(self.superlative or self.bounds or self.equals or self.excluded or self.beside or self.flags)


class Reader:
    """Reads questions with the lexicon of one graph.

    categories: relation → values by which things may be chosen; flags: relations that only hold or do not;
    spoken: other words for values; units: the units of its numbers; qualifiers: what it says of its prices.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        categories: Mapping[str, Sequence[str]],
        flags: Collection[str] = frozenset(),
        spoken: Mapping[str, Sequence[str]] | None = None,
        units: Units | None = None,
        qualifiers: Qualifiers | None = None,
    ) -> None:
        self._lexicon = lexicon
        self._flags = FlagReader(lexicon, flags)
        self._bounds = BoundReader(lexicon, units or Units((), MappedWording()))
        self._values = ValueReader(categories, spoken or {})
        self._qualifiers = qualifiers or Qualifiers((), (), MappedWording())

    def read(self, question: str, mentions: Sequence[EntityMention]) -> Reading:
        """The question without its entities, taken apart."""
        text = _masked(question, mentions)
        # Values first: 免费停车场 is a value, and not for free; 收费停车位 asks for no price.
        named = self._values.read(text)
        bounds, left = self._bounds.read(named.left)
        superlative = self._superlative(text, left, mentions)
        # A superlative's own words ("评分最高") ask for no value.
        plain = _blanked(left, superlative.span) if superlative else left
        near = bool(self._lexicon.near.search(plain))
        type_, without_type = self._type(self._lexicon.near.sub(_blank, plain))
        left = self._lexicon.near.sub(_blank, left)
        said, _ = self._qualifiers.read(text)
        asked = tuple(sorted(self._asked(plain), key=lambda relation: self._qualifiers.deny(relation, said)))
        comparative = self._comparative(text, asked)
        beside = (
            ()
            if mentions or (superlative and superlative.concept == DISTANCE)
            else self._beside(plain, asked, near, comparative)
        )
        placed = not mentions and any(relation in self._lexicon.places for relation, _ in named.equals)
        asked = self._further(asked, text, bool(beside), superlative, bounds)
        boolean = _boolean(left)
        conditions, without_flags = self._flags.read(without_type)
        unexplained, unread = self._residue(_SIDE_BY_SIDE.sub(_blank, without_flags))
        return Reading(
            asked=asked,
            near=near and not beside and not placed,
            type=type_,
            anything=not type_ and bool(_ANYTHING.search(left)),
            superlative=superlative,
            comparative=comparative,
            bounds=bounds,
            equals=named.equals,
            excluded=named.excluded,
            beside=beside,
            denied=bool(mentions) and denial(without_choices(question[: min(m.span[0] for m in mentions)])) is not None,
            flags=conditions,
            boolean=boolean,
            count=bool(_COUNT.search(text)),
            listing=bool(_LIST.search(text)),
            polar=bool(_POLAR.search(text)),
            is_a=bool(_IS_A.search(text)),
            both=bool(_BOTH.search(text)),
            compare=bool(_COMPARE.search(text)),
            side_by_side=bool(_SIDE_BY_SIDE.search(text)),
            apart=bool(_APART.search(text)),
            aside=_is_aside(without_flags, unread) or self._costs_of_else(without_flags),
            said=said,
            left=unexplained,
            unread=unread,
            someone=bool(_SOMEONE.search(" ".join((*unexplained, *unread)))),
            has=bool(_HAS.search(text)),
            can=bool(_CAN.search(text)) and not _HAS.search(text),
            either=bool(_EITHER.search(text)),
            universal=bool(_UNIVERSAL.search(text)),
            meant_for=bool(_MEANT_FOR.search(text)),
            manner=bool(_MANNER.search(text)),
            unclear=any(not bound.relations for bound in bounds) or bool(_NUMBER.search(left)),
        )

    def _superlative(self, text: str, left: str, mentions: Sequence[EntityMention]) -> Scale | None:
        """The superlative, as far as it may rank things: what is "closest" says to what, and "latest" is no time of day."""
        found = self._lexicon.superlative(text)
        if found is None or found.concept not in {DISTANCE, _SINCE}:
            return found
        type_, _ = self._type(left)
        if found.concept == _SINCE:
            about = type_ or _ANYTHING.search(left) or set(self._asked(left)) & set(found.relations)
            return found if about and not _CLOCK.search(text) else None
        to = self._distances(self._asked(left))
        return replace(found, relations=to) if to and (type_ or not mentions) else None

    def _comparative(self, text: str, asked: Sequence[str]) -> Scale | None:
        found = self._lexicon.comparative(text)
        return replace(found, relations=self._distances(asked)) if found and found.concept == DISTANCE else found

    def _distances(self, asked: Sequence[str]) -> tuple[str, ...]:
        """The distances among the relations asked for."""
        return tuple(relation for relation in asked if relation in self._lexicon.distances)

    def _beside(self, text: str, asked: Sequence[str], near: bool, comparative: Scale | None) -> tuple[str, ...]:
        """What tells that a thing is near to what is meant ("near the metro", 离地铁近); () where that is denied or not asked."""
        close = near or (comparative is not None and comparative.concept == DISTANCE and not comparative.highest)
        beside = (
            tuple(r for r in asked if r in self._lexicon.neighbours or r in self._lexicon.distances) if close else ()
        )
        plain = without_choices(text)
        cues = [cue for cue, meant in self._lexicon.relation_cues if set(meant) & set(beside)] if beside else []
        places = [match.start() for cue in (*cues, self._lexicon.near) for match in cue.finditer(plain)]
        return () if any(denial(plain[:place]) for place in places) else beside

    def _further(
        self, asked: tuple[str, ...], text: str, beside: bool, superlative: Scale | None, bounds: Sequence[Bound]
    ) -> tuple[str, ...]:
        """The relations asked for, without those that only say what a condition is about: "within 400 m of the metro"."""
        about = self._lexicon.neighbours | self._lexicon.distances
        if _HOW_FAR.search(text) and (to := self._distances(asked)):
            return (*to, *(relation for relation in asked if relation not in about))
        bound = any(set(bound.relations) & self._lexicon.distances for bound in bounds)
        ranked = superlative is not None and superlative.concept == DISTANCE
        if not (beside or bound or ranked) or _WHICH_NEIGHBOUR.search(text):
            return tuple(sorted(asked, key=lambda relation: relation in self._lexicon.distances))
        return tuple(relation for relation in asked if relation not in about)

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
                text = cue.sub(_ASKED, text)
        return tuple(dict.fromkeys(relations))

    def _costs_of_else(self, text: str) -> bool:
        """Whether words that the graph does not know stand before what asks for a price (P5保险多少钱)."""
        prices = frozenset(self._lexicon.concept_relations("price"))
        for cue, meant in self._lexicon.relation_cues:
            text = cue.sub(_ASKED if prices & set(meant) or self._qualifiers.rated(meant) else "　", text)
        _, text = self._qualifiers.read(text)
        return bool(_RUN_BEFORE.search(re.sub(rf"(?:{self._lexicon.fillers.pattern})++(?=\n)", "", text)))

    def _residue(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        for cue, _ in self._lexicon.relation_cues:
            text = cue.sub("　", text)
        comparative = self._lexicon.comparative(text)
        # One Chinese character may be part of another word: 快充 says nothing of 更快.
        whole = comparative and (comparative.said.isascii() or comparative.concept in {DISTANCE, _SINCE})
        for scale in (comparative if whole else None, self._lexicon.superlative(text)):
            text = _blanked(text, scale.span) if scale else text
        _, text = self._qualifiers.read(text)
        unread = (word for word in _WORD.findall(text.lower()) if not self._says_nothing(word))
        return tuple(_HANS.findall(self._lexicon.fillers.sub("　", text))), tuple(unread)

    def _says_nothing(self, word: str) -> bool:
        plain = self._lexicon.plain_words
        return word in plain or _CLITIC.sub("", word) in plain


def _is_aside(text: str, unread: Collection[str]) -> bool:
    """Whether what the question is about is none of the things that are named, and nothing that the graph has words for."""
    for match in _ASIDE.finditer(text.lower()):
        words = [match["deed"]] if match["deed"] else match["words"].split()
        if words[0] in unread and not (match["named"] and all(word in unread for word in words)):
            return True
    return False


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
