"""What an article says to those who work there: "ask the customer for the card's last digits" tells a customer nothing."""

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.facets import facets_of
from knowledge.question.parts import QuestionPart
from knowledge.types import Passage

Array = npt.NDArray[np.float32]

_CUSTOMER = r"(?:customer|caller|client|member|guest|user|card-?holder|patient|passenger|subscriber|tenant|shopper|policy-?holder)"
_CUSTOMER_ZH = r"(?:客户|顾客|用户|来电[者人]|会员|住客|客人|患者|旅客|乘客|家长|学员|投保人|租客)"
_TOLD = (
    r"(?:ask|tell|inform|advise|verify|confirm|check|remind|guide|help|direct|offer|thank|let|apologi[sz]e|transfer|explain|request"
    r"|escalate|reassure|warn|instruct|greet)"
)
_TELLING = (
    rf"{_TOLD}(?: (?:whether|if|with|to|that|for))?(?: the)? {_CUSTOMER}(?:s|['’]s)?\b"
    r"(?! (?:guide|manual|number|card|id|agreement|portal|area|account|services?|support|menu|desk|page|profile)\b)"
)
_TO_STAFF = re.compile(
    rf"^\W*(?:\d+[.)] )?(?:(?:please|then|first|always|never|do not|don't|(?:if )?(?:so|yes|no|not|verified),?|→) ){{0,2}}{_TELLING}"
    rf"|(?:→|[;:,]) ?{_TELLING}"
    rf"|\b(?:if|when) (?:the |a )?{_CUSTOMER} (?:says|asks|insists|calls|claims|mentions|refuses|tells|contacts us)\b"
    rf"|\b(?:the|your) (?:agent|representative)s? (?:must|should)\b|\bagents (?:must|should)\b|^\W*say:|\b[a-z]+_[a-z][a-z\d_]*"
    rf"|(?:^|[，。；：、→\s]|[请先须应需再并要])(?:询问|核实|核对|告知|引导|安抚|协助|登记|确认)(?:一下)?{_CUSTOMER_ZH}"
    rf"|(?:^|[，。；：、→\s]|[请先须应需再并要])[向与跟和]{_CUSTOMER_ZH}(?:说明|解释|确认|致歉|道歉|核[对实]|索[要取])"
    rf"|(?:若|如果?|当){_CUSTOMER_ZH}(?:说|坚持|声?称|询问|表示|问|来电)|话术|坐席",
    re.IGNORECASE,
)
"""Said to who speaks with customers, of these as of others; and names of tools: "use close_debit_card_4721"."""
_SIGNS = (
    *"customer caller client member guest user holder patient passenger subscriber tenant shopper agent representative say: _".split(),
    *"客户 顾客 用户 来电 会员 住客 客人 患者 旅客 乘客 家长 学员 投保人 租客 话术 坐席".split(),
)
"""One of them stands wherever staff are spoken to: without any, nothing has to be looked for."""
_ASKED_BY_STAFF = re.compile(rf"\b{_CUSTOMER}s?\b|{_CUSTOMER_ZH}", re.IGNORECASE)
_BEHIND = np.float32(1.5)


def customers_first(part: QuestionPart, spans: Sequence[Candidate], logits: Array, order: Sequence[int]) -> list[int]:
    """The places in order, best first, without what is said to staff where something else is nearly as good.

    All, where the question itself speaks of customers, and of what only staff may read.
    """
    behind = [_distance(one) for one in spans]
    if not any(behind) or _ASKED_BY_STAFF.search(part.text):
        return list(order)
    moved = sorted(order, key=lambda at: behind[at] - logits[at])
    if behind[moved[0]]:
        return list(order)
    return [at for at in moved if not behind[at]]


def _distance(one: Candidate) -> np.float32:
    """How much worse something else may be than what is said to staff; the facts that stand between are anybody's."""
    return _BEHIND if one.index in _said_to_staff(one.passage) else np.float32(0)


@lru_cache(maxsize=4096)
def _said_to_staff(passage: Passage) -> frozenset[int]:
    """Numbers of the spans of a passage that speak to staff, of what stands under such steps; of all in steps most of which do."""
    text = passage.text.lower()
    if passage.audience != "public" or not any(sign in text for sign in _SIGNS):
        return frozenset()
    under: dict[tuple[int, int], bool] = {}
    said: set[int] = set()
    for one in facets_of(passage):
        place, speaks = one.span.place, bool(_TO_STAFF.search(one.span.text))
        step = (place.listing, place.ordinal)
        if place.listing and not place.depth:
            under[step] = under.get(step, False) or speaks
        if speaks or (place.depth and under.get(step, False)):
            said.add(one.index)
    count = len(facets_of(passage))
    return frozenset(range(count) if under and 2 * len(said) > count else said)
