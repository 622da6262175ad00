"""The questions of a message that asks several, each as it stands alone: as if they had been asked one after the other."""

import re
from collections.abc import Sequence
from itertools import pairwise

from agent.ports import QuestionRewriter
from agent.types import Utterance
from agent.understand.asking import asks
from knowledge.question.asked_clauses import clauses_of
from knowledge.text.han import HAN

_LONGEST = 400
"""Characters of a message that is taken apart; longer ones are stories."""
_MOST = 3
_LISTED = re.compile(r"^\s*(?:\d{1,2}[.)、．]|[-*•])?\s*")
"""What stands before a point of a list."""


_DOES = re.compile(
    r"(?:.*\b)?(?:can|could|may|should|would|will|do|am) (?:i|we|you)\b(?! (?:have|sell|stock|carry|offer|got)\b)|.*(?:能|可以|可|会|给|帮|要).{0,3}(?:退|换|修|寄|送|装|取|回收|调试|上门|折)",
    re.IGNORECASE,
)
"""Asks whether something is done with a thing ("can I return it?")."""
_COSTS = re.compile(
    r"(?:and |but )?(?:what (?:does|would|will|is) (?:it|that|this)\b.*(?:cost|price|fee|charge).*|how much(?: (?:does|would|will|is|for) (?:it|that|this)\b.*)?|at what (?:cost|price))\W*"
    r"|(?:那|要|收|得|大概|一般)*(?:多少钱?|什么价|费用多少|贵吗)\W*",
    re.IGNORECASE,
)
"""Asks what "it" costs, which after that is what is done, and not the thing."""
_NOUN = r"(?:the )?(?!(?:i|you|we|they|it|do|does|did|can|could|is|are|have|has|want|need|how|what|when|where|which|who)\b)[a-z][a-z' -]{2,24}?"
_LIST = rf"(?P<list>{_NOUN}(?:, {_NOUN}){{0,2}},? (?:and|&) {_NOUN})"
_LISTS = (
    re.compile(rf"(?P<lead>(?:(?:what(?:['’]s| is| are)|tell me|give me|show me) )?){_LIST}(?P<rest> (?:of|for|on) [^,]{{2,40}})", re.IGNORECASE),
    re.compile(rf"(?P<lead>(?:(?:what(?:['’]s| is| are)|tell me|give me|show me) )?[^,]{{2,40}}?['’]s ){_LIST}(?P<rest>)", re.IGNORECASE),
    re.compile(
        r"(?P<lead>[^，,、的和与跟]{2,20}的)(?P<list>[^，,、的和与跟是有多什]{2,6}(?:、[^，,、的和与跟是有多什]{2,6}){0,2}(?:和|与|跟|以及|、)[^，,、的和与跟是有多什]{2,6})"
        r"(?P<rest>(?:分别|各)?(?:是|有)?(?:多少|什么|怎么样|如何)?)"
    ),
)  # fmt: skip
_BETWEEN = re.compile(r",? (?:and|&) (?:the )?|, (?:the )?|、|和|与|跟|以及")


def questions_in(text: str, history: Sequence[Utterance], rewriter: QuestionRewriter) -> tuple[str, ...]:
    """Two or three questions; () for one, for more than can be answered in one reply, and where the second but asks on."""
    if len(text) > _LONGEST:
        return ()
    clauses = [(_LISTED.sub("", one.text), one.asks or asks(one.text)) for one in clauses_of(text)]
    if sum(asked for _, asked in clauses) < 2:
        return _of_a_list(text, history, rewriter)
    done = any(_DOES.match(before) and _COSTS.fullmatch(then) for (before, _), (then, _) in pairwise(clauses))
    if done or sum(asked for _, asked in clauses) > _MOST:
        return ()
    said, found = list(history), list[str]()
    for clause, asked in clauses:
        told = f"{clause.rstrip('.。')}{'？' if HAN.search(clause) else '?'}" if asked else clause
        if asked:
            found.append(rewriter.standalone(told, said))
        said.append(Utterance(role="user", content=told))
    return tuple(found)


def _of_a_list(text: str, history: Sequence[Utterance], rewriter: QuestionRewriter) -> tuple[str, ...]:
    """Of several things that are asked of one ("price, weight and colours of the X2", X2的价格和颜色), each; () where it is no list."""
    bare = text.strip().rstrip("?？.。! ")
    found = next(filter(None, (one.fullmatch(bare) for one in _LISTS)), None)
    things = _BETWEEN.split(found["list"]) if found else []
    if found is None or len(things) > _MOST:
        return ()
    mark = "？" if HAN.search(text) else "?"
    return tuple(rewriter.standalone(f"{found['lead']}{thing}{found['rest']}{mark}", history) for thing in things)
