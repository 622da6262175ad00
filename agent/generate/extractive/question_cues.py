"""A cue that no article can answer a question: it asks for the customer's own live data ("has my refund arrived?")."""

import re

_HELD = (
    r"(?:balance|account number|transactions?|payments?|purchases?|orders?|statements?|bills?|invoices?|points|miles|limit|score|plan|seat"
    r"|booking|claims?|application|usage|reading|tracking number|status|e-?mail|address|contract|warranty)"
)
"""What a company keeps of each customer."""

_LIVE = re.compile(
    r"\b(?:did|has|have|was|were|is|are) (?:my|our|the|that|it)\b[^.?!]{0,50}\b(?:yet|already|arrive[d]?|gone? through|went through|go through|post(?:ed)?"
    r"|hit|clear(?:ed)?|land(?:ed)?|come in|show(?:n|ing)? up|ship(?:ped)?|approved|processed|received|(?:un)?locked|(?:un)?blocked|booked|taken|settled|repaired"
    r"|on (?:its|the) way|on time|on the plane)\b"
    r"|\b(?:my|our) (?:current |exact |actual )?(?:balance|limit|score|points|order|refund|statement|application|payment|transfer|account number)\b[^.?!]{0,20}\b(?:right now|today|now|at the moment)\b"
    r"|\b(?:how much|what|how many)\b[^.?!]{0,30}\b(?:did|have) (?:i|we) (?:already |so far )?(?:earn|earned|spend|spent|pay|paid|order|ordered|make|made|use|used|collected)\b"
    r"|\bhow (?:much|many)\b[^.?!]{0,25}\bdo (?:i|we) (?:(?:still|now|currently) (?:have|owe)|owe|have)(?: left)?(?=\s*[?.!]*$)"
    rf"|\b(?:what(?:'?s| is| was| are| were)(?: the status of)?|how (?:much|high) (?:is|was)|(?:tell|show|send|give|read) me|(?:^|you |please )(?:list|check|look up)) (?:my|our)\b(?: [\w']+){{0,2}}? {_HELD}\b"
    r"|\bwhere(?:'?s| is| are) (?:my|our)\b|\bwh(?:o is|o's|ich of) my\b|\bwhich \w+ (?:am i|are we) (?:on|in)\b|\b(?:name|e-?mail|address|money|left) (?:is )?(?:on|in) my (?:account|policy|loan)\b"
    r"|\bwhen (?:does|did|is|was) my (?:next )?(?:contract|subscription|policy|plan|warranty|payment|bill|appointment)\b"
    r"|\b(?:do|did) you (?:have|get|ship|send) (?:\w+ ){0,3}(?:for me|on me|from me|my|i (?:bought|ordered|sent))\b"
    r"|我(?:的|们的)?.{0,12}(?:到了(?:吗|没)|了没有?|了吗|到哪|是多少|还剩|还有多少|还欠|有多少(?:积分|钱|里程))|到账了|查一下我|帮我(?:查|看)"
    r"|我(?:这个?|上个?|一)(?:月|次|笔).{0,8}(?:多少|什么|哪)|我(?:的|账号)?.{0,6}(?:余额|账号|订单|单号|积分|座位|账单|邮箱|合同|保修|卡|航班)(?:是不是|什么时候|准点|是什么|是多少)",
    re.IGNORECASE,
)


def asks_for_own_data(question: str) -> bool:
    """Whether it seems so: a feature among others, weighed by fitting, not a verdict."""
    return bool(_LIVE.search(question))
