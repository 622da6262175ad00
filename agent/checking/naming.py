"""Whether a question says a name: only then may it be told that nothing is known under that name."""

import re

_NAMED = re.compile(
    r"[A-Za-z]+[-]?\d|\d[A-Za-z]{1,}\b"  # P5, X-200
    r"|(?<=[^\s.!?。！？])\s+(?!I\b)[A-Z][\w'’-]+"  # a capital within a sentence
    r"|[《“「\"][^》”」\"]+[》”」\"]"
    r"|[\u3400-\u9fff]{1,12}(?:店|馆|楼|园|寺|庙|山|湖|城|宫|桥|站|街|路|酒店|公司|大厦|广场|公园|餐厅|手机|耳机|电脑|平板|手表)(?=的|在|有|是|多少|电话|地址|怎么|几|要|卖|支持)"
    r"|(?<=[\u3400-\u9fff])\s*[A-Za-z]{3,}|[A-Za-z]{3,}\s*(?=[\u3400-\u9fff])"  # a foreign word in Chinese
)
_GENERIC = re.compile(
    r"^(?:你们?|您|我们?|这|那|哪|什么|所有|全部|一|几|本|贵|最)(?:的|家|个|款|些|台|部)*", re.IGNORECASE
)


def says_name(question: str) -> bool:
    """Whether something in it is written as names are. What cannot be told from common words, such as many a Chinese name, is
    taken for none: no harm is done by saying less."""
    return any(not _GENERIC.match(found.group().strip()) for found in _NAMED.finditer(question))
