"""Asks a question of two things that were talked of."""

import re
from collections.abc import Sequence

from agent.understand.pointing import ZH_LEAD
from knowledge.text.han import HAN
from knowledge.text.openers import THEN_ZH

_ZH_BOTH = re.compile(r"它们|(?:这|那)?(?:两者|两个|两款|俩)|都(?!有)")
_WHICH = re.compile(
    r"^\W*(?:and |but )?(?:which(?: one)?(?: of (?:them|the two|these|those|both))?(?:'?s)?|who)"
    r"(?: (?:is|has|costs?|weighs?|lasts?|looks?|runs?|would|do you|should|comes?)\b|\W*$)"
    rf"|^{THEN_ZH}(?:这两|两)?(?:它们)?(?:个|款|者)?[里之]?[中间]?(?:哪一?[个款台部只种家]|谁)",
    re.IGNORECASE,
)
_DIFFERENCE = re.compile(
    r"\bdiffer\w*|\b(?:price )?gap\b|\bhow much (?:more|less|cheaper|dearer)\b|\bcompare (?:them|both|the two)\b"
    r"|差(?:多少|几|价|别|距|异)|[贵轻重大长]多少|便宜多少|区别|不同|对比|(?<![较对])比(?:较|一)",
    re.IGNORECASE,
)


def is_of_two(question: str) -> bool:
    """Whether a question chooses between two things, or asks how they differ."""
    return bool(_WHICH.search(question) or _DIFFERENCE.search(question))


def says_both(question: str) -> bool:
    """Whether a Chinese question points to two things."""
    return bool(_ZH_BOTH.search(question))


def without_both(question: str) -> str:
    """A question without the Chinese words that point to two things."""
    return _ZH_BOTH.sub("", question)


def of_both(pair: Sequence[str], question: str) -> str:
    """A question that is asked of two things."""
    if not HAN.search(question):
        return f"{question} ({' vs '.join(pair)})"
    question = re.sub(r"(差|[贵便]宜?)多少(?=\W*$)", r"\1多少钱", question)
    if is_of_two(question):
        return f"{'和'.join(pair)}{ZH_LEAD.sub('', question)}"
    return f"比较{'和'.join(pair)}：{question}"
