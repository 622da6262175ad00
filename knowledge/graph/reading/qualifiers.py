"""Reads what a question says of a price besides: for which period, in which currency, at what time."""

import re
from collections.abc import Iterable, Mapping, Sequence

from knowledge.graph.unit_names import unit_of
from knowledge.graph.wording import MappedWording

_PERIODS: Mapping[str, tuple[str, str]] = {
    # How a question says it, and how a relation's name or wording does.
    "year": (
        r"(?:per|an?|each|every|/)\s*(?:year|annum)|yearly|annual(?:ly)?|[按每]年|年[付费]|一年(?=[的要得需收花]*(?:多少|几|$|[?？]))",
        r"year|annu|年",
    ),
    "month": (
        r"(?:per|an?|each|every|/)\s*month|monthly|[按每]个?月|月[付费租]|包月|一个月(?=[的要得需收花]*(?:多少|几|$|[?？]))",
        r"month|月",
    ),
    "week": (
        r"(?:per|an?|each|every|/)\s*week|weekly|[按每]个?(?:周|星期)|一周(?=[的要得需收花]*(?:多少|几|$|[?？]))",
        r"week|周|星期",
    ),
    "day": (
        r"(?:per|an?|each|every|/)\s*day|daily|[按每][天日]|一天(?=[的要得需收花]*(?:多少|几|$|[?？]))",
        r"dai?ly|day|天|日",
    ),
    "hour": (r"(?:per|an?|each|every|/)\s*hour|hourly|[按每]个?小时", r"hour|小时"),
    "minute": (r"(?:per|an?|each|every|/)\s*minute|[按每]分钟", r"minute|分钟"),
}
_CURRENCIES: Mapping[str, tuple[str, str]] = {
    "dollar": (r"dollars?|usd|bucks?|美[元金]", r"usd|dollar|\$|美[元金]"),
    "euro": (r"euros?|eur|欧元", r"euro?|€|欧元"),
    "pound": (r"pounds?(?: sterling)?|gbp|英镑", r"gbp|pound|£|英镑"),
    "yuan": (r"yuan|rmb|cny|人民币", r"yuan|rmb|cny|[¥￥]|人民币|(?<![美欧日])元"),
    "yen": (r"yen|jpy|日元", r"yen|jpy|日元"),
    "franc": (r"(?:swiss )?francs?|chf|瑞郎|瑞士法郎", r"franc|chf|瑞郎|法郎"),
    "rupee": (r"rupees?|inr|卢比", r"rupee|inr|₹|卢比"),
}
_ANOTHER_TIME = (
    r"(?:last|next|previous) (?:year|month|week|season)|(?:years?|months?|weeks?) (?:ago|from now)|in (?:19|20)\d\d"
    r"|used to|[去前明后]年|[上下]个?月|年[前后]"
)
_ONCE = r"one[- ](?:time|off)|一次性|买断"
_CHARGED = r"[$€£¥￥₹]|price|cost|fee\b|费|(?<!评)价|元"
_AT_A_RATE = r"\bper\b|每"


def _whole(expression: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{expression})(?![a-z])", re.IGNORECASE)


_SAID = {
    "then": _whole(_ANOTHER_TIME),
    "once": _whole(_ONCE),
    **{name: _whole(said) for name, (said, _) in {**_PERIODS, **_CURRENCIES}.items()},
}


class Qualifiers:
    """What the relations of one graph say of period and currency, in their names and wording."""

    def __init__(self, relations: Sequence[str], priced: Iterable[str], mapped: MappedWording) -> None:
        """priced: relations known to be prices."""
        texts = {relation: _written(relation, mapped) for relation in relations}
        self._rated = {*priced, *(r for r, text in texts.items() if re.search(_AT_A_RATE, text))}
        self._rated |= {r for r, text in texts.items() if re.search(_CHARGED, text)}
        self._stated = {
            relation: frozenset(
                name for name, (_, states) in {**_PERIODS, **_CURRENCIES}.items() if re.search(states, texts[relation])
            )
            for relation in self._rated & texts.keys()
        }

    def rated(self, relations: Iterable[str]) -> bool:
        """Whether one of the relations is a price, or another number for a period."""
        return not self._rated.isdisjoint(relations)

    def read(self, text: str) -> tuple[frozenset[str], str]:
        """What is said of period, currency and time, and the text without it, every other character in its place."""
        found = set[str]()
        for name, said in _SAID.items():
            if said.search(text):
                found.add(name)
                text = said.sub(lambda match: " " * len(match.group()), text)
        return frozenset(found), text

    def deny(self, relation: str, said: frozenset[str]) -> bool:
        """Whether a price of this relation is another than what is asked: a monthly one per year, one in euros in dollars."""
        if relation not in self._stated or not said:
            return False
        stated = self._stated[relation]
        if "once" in said and stated & _PERIODS.keys():
            return True
        currencies = stated & _CURRENCIES.keys()
        other_currency = bool(currencies) and bool((said & _CURRENCIES.keys()) - currencies)
        return other_currency or "then" in said or bool((said & _PERIODS.keys()) - stated)


def _written(relation: str, mapped: MappedWording) -> str:
    """A relation's name and wording in both languages, as one text in lower case."""
    words = [relation.replace("_", " "), unit_of(relation, "en"), unit_of(relation, "zh")]
    if wording := mapped.relations.get(relation):
        words += [*wording.label.values(), *wording.value.values()]
    return " ".join(words).lower()
