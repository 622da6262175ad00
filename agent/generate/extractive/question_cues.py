"""Cues in a question that no article can answer it: it asks for the customer's own live data, for what is to come, or
for advice. Each is a feature among others, weighed by fitting, not a verdict.
"""

import re
from enum import StrEnum


class Cue(StrEnum):
    """What a question may ask for that articles do not hold."""

    LIVE = "live"
    RECENT = "recent"
    FUTURE = "future"
    ADVICE = "advice"
    OTHERS = "others"


_CUES = {
    Cue.LIVE: r"\b(?:did|has|have|was|were|is|are) (?:my|our|the|that|it)\b[^.?!]{0,50}\b(?:yet|already|arrive[d]?|gone? through|went through|post(?:ed)?"
    r"|hit|clear(?:ed)?|land(?:ed)?|come in|show(?:n|ing)? up|ship(?:ped)?|approved|processed|received)\b"
    r"|\b(?:my|our) (?:current |exact |actual )?(?:balance|limit|score|points|order|refund|statement|application|payment|transfer|account number)\b[^.?!]{0,20}\b(?:right now|today|now|at the moment|is|are|\?)"
    r"|\b(?:how much|what|how many)\b[^.?!]{0,40}\b(?:do|did) (?:i|we) (?:have|earn|earned|owe|spend|spent|pay|paid|get|make|made|use|used)\b"
    r"|我(?:的|们的)?.{0,12}(?:到了(?:吗|没)|了没有?|了吗|到哪|是多少|还剩|还有多少)|到账了|查一下我|帮我(?:查|看)",
    Cue.RECENT: r"\b(?:yesterday|last (?:night|week|month|year|tuesday|monday|friday)|this morning|today|tonight|right now|at the moment|currently|exactly|so far|yet)\b"
    r"|昨天|昨晚|上(?:周|个?月|星期|次)|今天|今早|现在|刚才|刚刚|目前|到底|具体",
    Cue.FUTURE: r"\b(?:will|going to|gonna)\b[^.?!]{0,60}\b(?:next (?:year|month|week|spring|summer|fall|winter)|by (?:then|october|december)|go (?:up|down)|drop|rise|weaker|stronger|soon)\b"
    r"|\b(?:plan(?:ning)? to|predict|forecast|expect(?:ed)?|rumou?r|merging|launch)\b|明年|下个?月会|以后会|会不会(?:涨|跌|降)|打算|预计|什么时候(?:出|上|推出)",
    Cue.ADVICE: r"\bshould (?:i|we)\b|\b(?:worth it|better (?:idea|off)|recommend|your opinion|what would you|if you were|best (?:way to invest|stock))\b"
    r"|值得|值不值|建议我?|推荐|哪个(?:更)?好|划算吗|该不该|要不要",
    Cue.OTHERS: r"\b(?:compared? (?:to|with)|versus other|than (?:chase|amazon|other)|another (?:bank|shop|store|company)|competitor|ceo|headquarter|employees|founded)\b"
    r"|别家|其他(?:银行|商家|店)|竞争|京东|淘宝|天猫|拼多多|亚马逊",
}
_PATTERNS = {cue: re.compile(pattern, re.IGNORECASE) for cue, pattern in _CUES.items()}


def cues(question: str) -> frozenset[Cue]:
    """The cues that a question bears."""
    return frozenset(cue for cue, pattern in _PATTERNS.items() if pattern.search(question))
