"""The words by which a message points back to what was said before it, or leans on that by what it leaves out."""

import re

from knowledge.text.han import HAN

ZH_PRONOUN = re.compile(
    r"(?:那|那么)?(?:它们|它|他们|她们|该店|这家(?:店|酒店|餐厅|餐馆)?|那家(?:店|酒店|餐厅|餐馆)?|这款|那款|这里|那里|那儿|这个地方|那个地方|这个|那个)(?!人|月|星期|周|时候)"
)
ZH_SWAP = re.compile(r"^(?:那么?|然后|还有)?(?P<new>.{1,40}?)(?:呢|怎么样|如何)[?？!！。]*$")
ZH_SAME = re.compile(
    r"^(?:那么?|然后|还有)?(?P<new>.{1,40}?)(?:也|都)?(?:(?:有|可以|可|能|行|支持|提供|会|是)(?:[吗么嘛]|的[吗么嘛]|没有|不)|有没有|能不能|可不可以|行不行)[?？!！。]*$"
)
"""Whether what was asked of one thing is so of another as well (虹桥店有吗), without a word of what that is."""
ZH_UNNAMED = re.compile(r"^(?:请问)?(?:你们)?(?:有|能|可以|可|提供|支持|带|是否|几点|什么时候|多少|怎么)")
ZH_LEAD = re.compile(r"^(?:那么?|还有(?![货现库])|另外|然后|请问)[，,]?")
ZH_LEANS = re.compile(r"那|还有(?![货现库])|另外|然后|再")
ZH_ELLIPSIS = re.compile(r"呢[?？!！。]*$|也|还(?![款清贷])|这么|那么|同样|刚才|上面")
EN_SWAP = re.compile(
    r"^(?:and|ok(?:ay)?|so|but|oh|then)?[,\s]*(?:what|how) about\s+(?:from |for |with |on |in |to )?(?P<new>[^?.!,]+)",
    re.IGNORECASE,
)
EN_SAME = re.compile(
    r"^(?:and|but|so)?[,\s]*(?:does|do|is|are|can|could|will|has|have)\s+(?:the\s+)?(?P<new>[^?.!,]+?)"
    r"(?:\s+(?:have|has|got|do|offer|include|support|take|allow))?(?:\s+(?:one|ones|it|that|those|them|any|too|also|either|as well|so)){0,2}\W*$",
    re.IGNORECASE,
)
EN_FOLLOW = re.compile(
    r"\b(?:it|its|that|this|those|these|they|them|their|one|ones|he|she|him|her|same|there|then|either|else)\b"
    r"|^(?:and|but|so|or|ok(?:ay)?|ouch|also|what about|how about|then)\b",
    re.IGNORECASE,
)
EN_OPENER = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|so|well|oh|h+m+|u+m+|uh|right|alright|all right|great|cool|thanks|actually|wait|sorry|hey|hi)\b[\s,.!…-]*)+",
    re.IGNORECASE,
)
EN_POINTS = re.compile(
    r"\b(?:it|its|that|this|those|these|they|them|their|ones?|same|either|else|too|also|another)\b", re.IGNORECASE
)


def points_back(text: str) -> bool:
    """Whether anything in a message points to what was said before; one that is only short may lean on that, or stand by itself."""
    said = EN_OPENER.sub("", text, count=1) or text
    if HAN.search(text):
        return any((ZH_PRONOUN.search(text), ZH_LEANS.match(text), ZH_LEAD.match(text), ZH_ELLIPSIS.search(text)))
    return any(EN_FOLLOW.search(one) or EN_SWAP.match(one) for one in (text, said))
