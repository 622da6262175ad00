"""What there must be, as articles tell customers to use it: "check in through our app" answers whether there is an app."""

import re
from collections.abc import Sequence
from itertools import islice

from agent.generate.extractive.candidates import Candidate
from knowledge.question.parts import QuestionPart
from knowledge.text.han import HAN

_ASKS = re.compile(
    r"(?:(?:hi|hello|hey|so|and|please)\b[\s,]*)?(?:do you (?:guys |even |also )?(?:have|offer|got)|have you got|is there|you got|got)\s+"
    r"(?:an?\s+|any\s+|some\s+|your own\s+)?(?P<thing>[\w-]+(?:\s+[\w-]+){0,2}?)(?:\s+please)?\s*[?!.]*"
    r"|(?:请问)?(?:你们?|您|贵[店司]|店里)?(?:家)?(?:有没有|有)(?:自己的)?(?P<ding>[^，。？?！\s吗么没呢]{2,8})(?:吗|么|没有?|呢)?[？?。！!]*",
    re.IGNORECASE,
)
_GOES_ON = r"(?=\s*(?:[.,;:!?)\]*_–—]|$|\s(?:and|or|to|for|on|at|by|in|with|when|while|if|is|are|you|we|as|from|until|before|after|where|which|that)\b))"
_NEGATED = re.compile(r"\b(?:no|not|never|without|cannot|\w+n['’]t)\b|没有|无法|不", re.IGNORECASE)


def implied(part: QuestionPart, spans: Sequence[Candidate], order: Sequence[int]) -> list[int]:
    """The place of the best span that speaks of what a question asks for as of something that customers use; none where none does."""
    found = _ASKS.fullmatch(part.text.strip())
    thing = (found["thing"] or found["ding"]) if found else ""
    if not thing:
        return []
    said = _said(thing)
    texts = ((at, spans[at].span.text) for at in order)
    return list(islice((at for at, text in texts if said.search(text) and not _NEGATED.search(text)), 1))


def _said(thing: str) -> re.Pattern[str]:
    """ "Our app", "through the mobile app", 在小程序, 通过我们的App; an app is called so in either language."""
    if _APP.fullmatch(thing):
        return _APP_SAID
    words = r"\s+".join(map(re.escape, thing.split()))
    return re.compile(_in_chinese(words) if HAN.search(thing) else _in_english(words), re.IGNORECASE)


def _in_english(words: str) -> str:
    using = "(?:in|on|through|via|using|open|download|visit|use|into|at)"
    return rf"\b(?:our|{using}\s+the)\s+(?:[\w-]+\s+){{0,2}}{words}{_GOES_ON}"


def _in_chinese(words: str) -> str:
    using = "(?:在|通过|使用|用|打开|登录|登陆|下载|进入)(?:我们的?|本[店司]的?)?"
    return rf"{using}[^，。；！？、]{{0,8}}{words}"


_OF_OTHERS = "微信|支付宝|第三方|美团|携程|京东|淘宝"
_OF_ANOTHER = "微信|付宝|三方|美团|携程|京东|淘宝"  # of two characters each, to look behind
"""Whose apps customers use as well."""
_APP = re.compile(
    r"(?:(?:mobile|(?:smart|cell)? ?phone)\s+)?app(?:lication)?s?"
    r"|(?:手机|移动|手机银行)?(?:app|应用程序|应用软件|应用|客户端)",
    re.IGNORECASE,
)
_APP_SAID = re.compile(
    rf"{_in_english('app')}|{_in_chinese(f'(?<!{_OF_ANOTHER})(?:app|客户端)')}|(?<!\w)app(?=[“「『\"里中内上])"
    rf"|(?<!\w)(?:(?!{_OF_OTHERS})[\u4e00-\u9fff]){{2,6}}app(?!\w[a-z])",
    re.IGNORECASE,
)
