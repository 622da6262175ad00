"""How a question is put, whatever it is about: as one for yes or no, for a count, a list, a comparison."""

import re
from dataclasses import dataclass

from knowledge.graph.reading.blanks import blank
from knowledge.types import Polar

_POLAR = re.compile(
    r"[吗么嘛](?:[?？!！。\s]*)$|是不是|是否|有没有|能不能|可不可以|(?:^|[,;:.!?]\s)\W*(?:(?:and|so|ok|hi|hello|hey|then|but)\W+)?(?:is|are|isn't|aren't|am|does|do|did|doesn't|don't|can|can't|could|will|would|won't|should|may|has|have|was|were)\b",
    re.IGNORECASE,
)
_IS_A = re.compile(
    r"是(?!多少|什么|哪|几)[^，,。？?]{0,80}[吗么嘛]|是不是|是否是|^\W*(?:is|are|was|were)\b", re.IGNORECASE
)
_HAS = re.compile(r"有[^，,。]{0,60}[吗么嘛没]|有没有|有无|是否有|卖[^，,。]{0,60}[吗么嘛没]|卖不卖")
_CAN = re.compile(r"(?:^|[^不])(?:能|可以|可不可以|可否)[^，,。]{0,60}[吗么嘛不]|能不能|可不可以|可否")
_COUNT = re.compile(
    r"(?:有)?(?:几|多少)(?:家|个|处|座|所|款|种|台|间|条|本|人)|how many|(?<!phone )(?<!reference )\bnumber of\b|总数|数量",
    re.IGNORECASE,
)
_LIST = re.compile(r"哪些|有什么|有哪|哪几|which|what\b|list|show me", re.IGNORECASE)
_BOTH = re.compile(r"既.{0,80}又|同时|都在|都离|共同|both|and also", re.IGNORECASE)
_COMPARE = re.compile(
    r"哪个|哪家|哪一?[个家款]|谁|比|更|相比|which|whose|compare|versus|\bvs\b|or\b|than", re.IGNORECASE
)
_SIDE_BY_SIDE = re.compile(
    r"\b(?:compare[ds]?|comparing|comparison|versus|vs\.?|differ(?:s|ences?|ent)?|side by side)(?!\w)|比较|对比|区别|差别|不同|差异|比一比|相比",
    re.IGNORECASE,
)
_ALIKE = re.compile(
    r"\b(?:have|has|had)? *in common\b|\bshare[ds]?\b(?! price)|\b(?:is|are) (?:the same|alike|similar)\b|共同点|相同点|共同之处|相同之处|一样的地方|相同的地方|哪里一样",
    re.IGNORECASE,
)
_APART = re.compile(
    r"\b(?:that|which|but|where)(?: not)?(?: the)? *　+[^,.;?　]{0,20}?(?:\b(?:lacks?|misses|without)\b|\bnot\b|n['’]t\b)"
    r"|\bbut not\b[^,.;?　]{0,20}　|而 ?　+[^，。？　]{0,8}没有",
    re.IGNORECASE,
)
_UNIVERSAL = re.compile(r"\b(?:all|every|each|any of|most)\b|都|全|每", re.IGNORECASE)
_EITHER = re.compile(r"\bor\b|或", re.IGNORECASE)
_MANNER = re.compile(
    r"\bhow (?:long|fast|quick(?:ly)?|soon|often|many (?:times|hours|minutes)|do|does|can|should|to)\b"
    r"|多久|多快|多长时间|几个?小时|几次|怎么|如何|充满",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:where|when|who|whose|why|how)\b|哪(?!些|怕)|什么(?:时|地方|位置)|谁|几(?:点|号|楼|层)|何时|为(?:什么|啥)|多[大少远高]",
    re.IGNORECASE,
)
_MEANT_FOR = re.compile(r"\bfor (?:(?:the|my|an?|our|your|this) )?　|　的(?=[^　，,。])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrasing:
    """How a question is put.

    polar:     whether it can be answered by yes or no; is_a: whether it asks so for what a thing is.
    has:       whether a yes or no is wanted on what there is (有…吗), not on how something is; can: on what can be done (能…吗).
    count:     whether it asks how many there are; listing: whether it asks which ones.
    both:      whether it asks for what several things share.
    compare:   whether it may ask which of several has more; side_by_side: whether it asks for a comparison ("compare A and B",
               A和B有什么区别).
    alike:     whether it asks for what is the same of several things ("what do A and B share").
    apart:     whether it asks for what one entity has and another lacks.
    universal: whether it asks of all of something; either: whether one of several things is enough ("a gym or a pool").
    manner:    whether it asks how, or how long, something is done, which no link between things says.
    open:      whether it asks where, when, who, why or how much, which no yes or no answers.
    meant_for: whether things for the entity may be wanted ("a case for the P5", P5的保护壳).
    """

    polar: bool
    is_a: bool
    has: bool
    can: bool
    count: bool
    listing: bool
    both: bool
    compare: bool
    side_by_side: bool
    alike: bool
    apart: bool
    universal: bool
    either: bool
    manner: bool
    open: bool
    meant_for: bool

    @classmethod
    def of(cls, text: str) -> "Phrasing":
        """How a question is put, of which the names are blanked."""
        has = bool(_HAS.search(text))
        return cls(
            polar=bool(_POLAR.search(text)),
            is_a=bool(_IS_A.search(text)),
            has=has,
            can=bool(_CAN.search(text)) and not has,
            count=bool(_COUNT.search(text)),
            listing=bool(_LIST.search(text)),
            both=bool(_BOTH.search(text)),
            compare=bool(_COMPARE.search(text)),
            side_by_side=bool(_SIDE_BY_SIDE.search(text)),
            alike=bool(_ALIKE.search(text)),
            apart=bool(_APART.search(text)),
            universal=bool(_UNIVERSAL.search(text)),
            either=bool(_EITHER.search(text)),
            open=bool(_OPEN.search(text)),
            manner=bool(_MANNER.search(text)),
            meant_for=bool(_MEANT_FOR.search(text)),
        )

    @property
    def polarity(self) -> Polar:
        """How a yes or no is asked for; what some are is no answer to whether all are."""
        return "" if self.listing or self.universal else self.form

    @property
    def form(self) -> Polar:
        """The form in which it asks for yes or no, "" where it does not."""
        if not self.polar:
            return ""
        return "can" if self.can else "has" if self.has else "is"


def without_comparison(text: str) -> str:
    """The text without the words that ask for a comparison."""
    return _ALIKE.sub(blank, _SIDE_BY_SIDE.sub(blank, text))
