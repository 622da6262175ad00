"""A cue that no article can answer a question: it asks for the customer's own live data ("has my refund arrived?")."""

import re

_LIVE = re.compile(
    r"\b(?:did|has|have|was|were|is|are) (?:my|our|the|that|it)\b[^.?!]{0,50}\b(?:yet|already|arrive[d]?|gone? through|went through|post(?:ed)?"
    r"|hit|clear(?:ed)?|land(?:ed)?|come in|show(?:n|ing)? up|ship(?:ped)?|approved|processed|received)\b"
    r"|\b(?:my|our) (?:current |exact |actual )?(?:balance|limit|score|points|order|refund|statement|application|payment|transfer|account number)\b[^.?!]{0,20}\b(?:right now|today|now|at the moment|is|are|\?)"
    r"|\b(?:how much|what|how many)\b[^.?!]{0,40}\b(?:do|did) (?:i|we) (?:have|earn|earned|owe|spend|spent|pay|paid|get|make|made|use|used)\b"
    r"|我(?:的|们的)?.{0,12}(?:到了(?:吗|没)|了没有?|了吗|到哪|是多少|还剩|还有多少)|到账了|查一下我|帮我(?:查|看)",
    re.IGNORECASE,
)


def asks_for_own_data(question: str) -> bool:
    """Whether it seems so: a feature among others, weighed by fitting, not a verdict."""
    return bool(_LIVE.search(question))
