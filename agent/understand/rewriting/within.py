"""Asks for the kind of thing that was talked of, within the price that a message names and nothing else ("my budget is 500", 预算900美元)."""

import re
from collections.abc import Callable

from agent.understand.talk import Talk
from knowledge.text.han import HAN

_AMOUNT = r"(?P<sum>(?:[$¥￥€£]\s?)?\d{1,9}(?:[.,]\d{3})*\s?(?:dollars?|bucks|usd|euros?|eur|pounds?|gbp|yuan|rmb|quid|美元|美金|元|块钱?|欧元?|英镑)?)"
_GAP = r"[\s,.;:!~，。！–—-]*"
_EN = re.compile(
    rf"{_GAP}(?:(?:and|so|well|ok(?:ay)?|but|maybe|something|anything|one|ones|my|the|a|an|i|i['’]?ve|i['’]?d|we|we['’]?ve|have|has|got|only|just|budget|price|of|is|it|that|they"
    r"|(?:can['’]?t|cannot|must not|mustn['’]?t|should not|shouldn['’]?t) (?:be |cost )?(?:more than|over|above|exceed)|must|should|be|cost|costs|costing|spend|(?:no |not |n['’]t (?:be |cost )?)more than|less than|at|most|max(?:imum)?|up|to|under|below|less|around"
    rf"|about|roughly|for|limit|pay|want|like|within|say|please|any)\b{_GAP})*"
    rf"{_AMOUNT}\W*(?:max(?:imum)?|tops|or (?:less|under|below)|at (?:the )?most|budget|to spend|please|is my (?:limit|budget|max(?:imum)?))?\W*",
    re.IGNORECASE,
)
_ZH = re.compile(
    rf"{_GAP}(?:我|我们|的|预算|价格|价位|大概|大约|只有|就|最多|最高|不超过|不要超过|别超过|低于|控制在|在|是|有|要|想要|那|最好|左右|差不多)*"
    rf"{_AMOUNT}(?:左右|以内|以下|之内|内|上下|封顶|吧|的|就行|预算)*\W*"
)


def within_price(question: str, talk: Talk, kind_of: Callable[[str], str]) -> str:
    """The question for things of the kind; "" where the message says more, or no kind was talked of.

    kind_of: the kind of thing that a message speaks of, "" for none.
    """
    found = (_ZH if HAN.search(question) else _EN).fullmatch(question)
    if not found or question.strip().isdigit():
        return ""
    kind = next((kind for n in talk.remembered if (kind := kind_of(talk.said(n)))), "")
    if not kind:
        return ""
    amount = found["sum"].strip()
    # Not in the words of the message, which would be taken for a question by itself that was only added to.
    if HAN.search(question):
        return f"不超过{amount}的{kind}" if "以下" in question else f"{amount}以下的{kind}"
    return f"{kind} {'below' if 'under' in question.lower() else 'under'} {amount}"
