"""Answers what there is at all: which kinds of things, which values things have ("what brands do you carry", 你们卖什么)."""

import re
from collections.abc import Sequence

from knowledge.graph.facts import GraphFacts
from knowledge.graph.reading import Reading
from knowledge.types import IS_A, Fact, GraphAnswer, GraphStatus

_MOST = 20
WHO = r"(?:you(?: guys| folks| all)?|they|u|we|i|this (?:shop|store)|the (?:shop|store)|your (?:shop|store))"
HOLD = r"(?:sell|have|stock|carry|offer|got|keep|buy|get)"
_ALL_OF = re.compile(
    r"有(?:哪些|什么|哪几)|都有(?:哪些|什么)|哪些.{0,40}(?:卖|提供)|\b(?:which|what)\b.{0,80}\b(?:do you|are there|have you|can i)\b"
    r"|\b(?:list|show)\b.{0,40}\b(?:all|every|your|the)\b|列出",
    re.IGNORECASE,
)
_OFFERED = re.compile(
    rf"\b(?:do|does|did|don't|can|could|would|have) {WHO}\b.{{0,20}}\b(?:{HOLD})\b|\bhave {WHO} got\b|\b(?:is|are) there\b"
    rf"|^\W*(?:(?:you|u|{WHO}) )?(?:got|have|any|sell|stock|carry)\b"
    r"|有[^，,。]{0,40}(?:[吗么嘛]|没有?)[\s?？]*$|有没有|有无|是否有|(?:卖|售|经营|提供)[^，,。]{0,40}[吗么嘛][\s?？]*$|卖不卖|有卖",
    re.IGNORECASE,
)
_SOLD = re.compile(
    rf"\bwhat (?:else )?(?:do|does|can) {WHO} (?:actually |all )?{HOLD}(?! to\b)\b"
    rf"|\b(?:what|which) (?:(?:kinds?|types?|sorts?) of )?(?:products?|items?|things?|stuff|goods|categor(?:y|ies))\b"
    r"|(?:卖|售|经营|提供)(?:的(?:是|都是)?)?(?:些|点|哪些|哪几[类种])?(?:什么|啥|哪些)(?:产品|商品|东西|种类|类型|类别)?"
    r"|(?:什么|哪些|哪几[类种]|啥)(?:产品|商品|东西|种类|类别)",
    re.IGNORECASE,
)


def asks_for_all(question: str) -> bool:
    """Whether all things of a kind are asked for ("which hotels are there")."""
    return bool(_ALL_OF.search(question))


def asks_whether_held(question: str) -> bool:
    """Whether it is asked if there are things of a kind ("do you sell keyboards", 有平板吗)."""
    return bool(_OFFERED.search(question))


def asks_what_is_sold(question: str) -> bool:
    """Whether it is asked what there is, of whatever kind."""
    return bool(_SOLD.search(question))


class Offers:
    """Lists the types of things, and the values of one relation."""

    def __init__(self, facts: GraphFacts) -> None:
        self._facts = facts

    def about(self, question: str, nodes: Sequence[str], reading: Reading) -> GraphAnswer | None:
        """The answer; None where a question asks for neither. nodes: the things that it may be about."""
        if reading.conditions or reading.near or reading.phrasing.count or not reading.rest.explained:
            return None
        relation = reading.asked[0] if len(reading.asked) == 1 else ""
        if relation in self._facts.categories and relation not in self._facts.flags:
            of_all = reading.type or asks_for_all(question) or asks_whether_held(question)
            return self._values(nodes, relation) if of_all and reading.phrasing.listing else None
        kinds = not reading.asked and not reading.type and asks_what_is_sold(question)
        return self._types() if kinds else None

    def _types(self) -> GraphAnswer | None:
        """One thing of each type stands for it."""
        first = {type_: self._facts.kind(nodes[0]) for type_, nodes in self._facts.by_type.items() if nodes}
        return _listed(IS_A, first) if 2 <= len(first) <= _MOST else None

    def _values(self, nodes: Sequence[str], relation: str) -> GraphAnswer | None:
        first: dict[str, Fact] = {}
        for node in nodes:
            for fact in self._facts.facts(node, relation):
                first.setdefault(fact.tail, fact)
        return _listed(relation, first) if first else None


def _listed(relation: str, first: dict[str, Fact]) -> GraphAnswer:
    return GraphAnswer(
        status=GraphStatus.ANSWERED,
        form="list",
        relation=relation,
        results=tuple(first)[:_MOST],
        options=(str(len(first)),),
        measure=relation,
        facts=tuple(first.values())[:_MOST],
        total=len(first),
        score=0.9,
    )
