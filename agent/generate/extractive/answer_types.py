"""What kind of thing a question wants (money, a time, a rate, …), and whether a span holds one.

The idea is the answer typing of classic question answering (Li & Roth 2002), cut down to what customers ask.
"""

import re
from enum import StrEnum
from functools import lru_cache

_NUMBER_WORDS = r"one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|sixty|ninety"
_UNIT = r"(?:second|minute|hour|business day|working day|calendar day|day|week|month|year)s?"


class AnswerType(StrEnum):
    """Kinds of answers."""

    MONEY = "money"
    PERCENT = "percent"
    DURATION = "duration"
    CLOCK = "clock"
    COUNT = "count"
    PLACE = "place"
    YES_NO = "yes_no"
    STEPS = "steps"


_ASKS: dict[AnswerType, re.Pattern[str]] = {
    kind: re.compile(pattern, re.IGNORECASE)
    for kind, pattern in {
        AnswerType.PERCENT: r"\b(?:rate|percent(?:age)?|apr|apy|interest|cash ?back|share of)\b|%|利率|百分|利息|年化|折扣",
        AnswerType.MONEY: r"\bhow much\b(?! time| longer| notice)|\b(?:cost|price|fee|fees|charge[sd]?|pay|paying|cheap\w*|expensive"
        r"|deposit|bucks|dollars?|amount|cap|ding|bonus|reimburse\w*|minimum balance|what'?s your cut|hurts? less)\b"
        r"|\b(?:most|least|maximum|minimum) (?:i|we|you)\b|多少钱|费用|价格|收费|运费|几块|贵不贵|免费|金额|手续费|要付|退款多少|最多赔",
        AnswerType.DURATION: r"\bhow (?:long|soon|quick\w*|fast|many (?:days|hours|weeks|months|years|minutes))\b|\bwhen\b"
        r"|\b(?:longest|how far ahead|how close|waiting time|deadline|too late|time limit|expire|turnaround|by what day)\b"
        r"|多久|多长时间|几天|什么时候|何时|几个月|期限|多少天|多快|几年|时效",
        AnswerType.CLOCK: r"\bwhat time\b|\buntil when\b|\b(?:opening|closing|business) hours\b|\b(?:open|close)s?\b"
        r"|\buntil what\b|几点|营业时间|开门|关门|上班",
        AnswerType.COUNT: r"\bhow (?:many|often)\b|\b(?:number of|limit on|maximum number|times (?:a|per|before))\b"
        r"|\bcap on how\b|几次|几个|多少(?:个|次|件|张|人|家)|上限|几种|几位|最多可以",
        AnswerType.PLACE: r"\bwhere\b|\baddress\b|\bwhich (?:store|branch|location|page|menu)\b|哪里|在哪|地址|什么地方",
        AnswerType.STEPS: r"\bhow (?:do|can|should|would) (?:i|we|you)\b|\bhow to\b|\bsteps?\b|\bwhat (?:do|should) (?:i|we) (?:do|need)"
        r"|怎么|如何|步骤|流程|怎样",
        AnswerType.YES_NO: r"^\W*(?:(?:ok(?:ay)?|and|so|but|hi|hello|hey|well)\W+)*(?:can|could|do|does|did|is|are|was|were|will"
        r"|would|may|should|has|have|am)\b|[.?!,]\s*(?:can|could|do|does|is|are|will|would|may|should) (?:i|we|you|it|they|that|there)\b"
        r"|吗|能不能|可不可以|可以.*么|是不是|有没有|会不会|行不行|支不支持|需不需要",
    }.items()
}

_HOLDS: dict[AnswerType, re.Pattern[str]] = {
    kind: re.compile(pattern, re.IGNORECASE)
    for kind, pattern in {
        AnswerType.MONEY: r"[$€£¥￥]\s?\d|\b\d[\d,.]*\s?(?:dollars|usd|cents|euros?)\b|\d\s?(?:美元|元|块|人民币)|\b(?:free|no (?:fee|charge|cost)|waived)\b"
        r"|免费|包邮|不收",
        AnswerType.PERCENT: r"\d\s?(?:%|％|percent)|百分之|\d\s?折",
        AnswerType.DURATION: rf"\b(?:\d+(?:[.,-]\d+)?|{_NUMBER_WORDS})(?:\s?(?:-|–|to)\s?(?:\d+|{_NUMBER_WORDS}))?[\s-]{_UNIT}"
        r"|\b(?:immediately|instant(?:ly)?|same[- ]day|next[- ]day|at any time|24/7)\b|\d+\s?(?:个)?(?:工作日|天|小时|分钟|个月|周|年|秒|日)|立即|当天|次日",
        AnswerType.CLOCK: r"\b\d{1,2}(?::\d{2})?\s?(?:a\.?m\.?|p\.?m\.?)|\b\d{1,2}:\d{2}\b|\bnoon|midnight|24/7\b|\d{1,2}[:：点]\d{0,2}|全天",
        AnswerType.COUNT: rf"\b(?:\d[\d,]*|{_NUMBER_WORDS}|once|twice|unlimited)\b(?!\s?%)|[一二两三四五六七八九十\d]+\s?(?:次|个|件|张|种|人|位|家|台|名|项)|不限",
        AnswerType.PLACE: r"\b(?:at|in|on|street|road|avenue|app|website|branch|page|menu|under|settings)\b|路|街|号|店|页面|App|网站|菜单",
        AnswerType.STEPS: r"^\W*(?:\d+[.)]|step)|^\W*(?:\*\*)?(?:go to|open|select|choose|click|tap|enter|submit|call|contact|sign|log|visit"
        r"|provide|review|confirm|request|follow|use|send|bring|upload|report|ask|add|navigate|check|keep|pay|set|write|start)\b"
        r"|点击|选择|打开|填写|提交|登录|进入|联系|出示|携带|拨打|上传",
        AnswerType.YES_NO: r"\b(?:yes|no|not|can|cannot|can't|may|must|allowed|permitted|eligible|required|available|included|only|never|don't"
        r"|does not|do not|isn't|aren't|unless|free|able)\b|可以|不可|不能|不支持|支持|不会|需要|无需|必须|不得|没有|均可|仅|不|能",
    }.items()
}


@lru_cache(maxsize=256)
def wanted(question: str) -> frozenset[AnswerType]:
    """The kinds of answer a question asks for; empty when it shows none."""
    kinds = {kind for kind, pattern in _ASKS.items() if pattern.search(question)}
    exact = kinds - {AnswerType.YES_NO, AnswerType.STEPS}
    # "How do I…, and what does it cost" wants the cost; "can I get it in 3 days" wants the days said with the yes.
    return frozenset(exact or kinds)


def held(text: str) -> frozenset[AnswerType]:
    """The kinds of answer that stand in a text."""
    return frozenset(kind for kind, pattern in _HOLDS.items() if pattern.search(text))
