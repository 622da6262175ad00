"""Tells a message that ends what is under way: "never mind", "I don't want a refund any more", 算了不退了."""

import re
from collections.abc import Sequence
from functools import lru_cache

from agent.flows.definition import Flow
from knowledge.text.openers import FALTERING

_OPENS = (
    rf"(?:(?:{FALTERING}|please|ok(?:ay)?|no|nah|uh|sorry|wait|hey|actually|then|just|let'?s|but|you know(?: what)?|on second thoughts?"
    r"|i want to|i'?d like to|i would like to|can (?:you|we)|could (?:you|we)|thanks|thank you|i think|i guess|maybe|better|now)\b\W*){0,6}"
)
_THING = r"(?:it|this|that|one|them|anything|everything|any of (?:it|this|that)|the (?:whole )?(?:thing|process|form|request|booking))"
_NOT = r"(?:do not|don'?t|don’t|no longer|not)"
_EN = (
    r"cancel(?: (?:it|this|that|everything|(?:the|this|my) (?:request|booking|form|process|whole thing)))?|stop|quit|abort|exit|nvm|nm"
    rf"|never ?mind|(?:forget|scrap|skip|drop|leave|ditch)(?: about)? {_THING}|forget about"
    r"|(?:i(?:'ve| have|’ve)? )?(?:just |now )?changed my mind|change of (?:plan|mind|heart)"
    rf"|i(?:'m| am|’m)? (?:really )?{_NOT} (?:want|need|wish|feel like)(?: to)?(?: (?:do|request|book|make|have|go (?:through with|ahead with)))?(?: {_THING})?"
    rf"|i(?:'m| am|’m)? {_NOT} (?:interested|going (?:to do|through with|ahead with) {_THING})|(?:i'?d|i would) rather not|not interested|let'?s not"
    rf"|(?:please )?{_NOT} (?:do|book|request|file|submit|send|bother|proceed|go ahead|continue)(?: with)?(?: {_THING})?"
    r"|(?:i )?(?:won'?t|will not) (?:be )?need(?:ing)? (?:it|that|this)|don'?t worry(?: about (?:it|that|this))?|leave it (?:as it is|like that)"
    r"|i(?:'ve| have)? decided (?:against (?:it|that|this)|not to)|i'?m (?:good|fine|ok(?:ay)?|all right|done)|not (?:now|today|any ?more|after all|needed)|no need(?: for (?:it|that|this))?"
    r"|(?:maybe )?(?:some )?(?:other|another) (?:time|day)|maybe later|(?:i'?ll|let me|i need to|i have to|i want to) (?:think (?:about|it over)(?: it| this)?|sleep on it)"
)
_TAILS = (
    r"(?:(?:it|this|that|here|all|everything|please|now|thanks|thank you|cheers|any ?more|any ?longer|after all|for now|then|instead|actually|i think|too much (?:trouble|hassle)|at all"
    r"|for the moment|today|sorry|no|ok(?:ay)?|completely|altogether|again|yet|anyway|cancel it)\b\W*)*+"
)
_OPENS_ZH = r"(?:(?:那|还是|请|我想|我要|要不|不了|抱歉|不好意思|哦|嗯|呃|其实|先|就|谢谢|不|等等|等一下|我觉得|我决定|想了想|我|突然)[，,。\s]*){0,6}"
_VERB_ZH = r"(?:办|要|用|弄|退|退款|退货|退钱|换|约|预约|订|申请|贷|贷款|算|分期|做|买|修|维修|去|来|提交)"
_ZH = (
    rf"算了|(?:还是)?(?:暂时|这次)?先不(?:用|想|要)?(?:{_VERB_ZH}|改|搞|送|寄|查|填|续|开|报|选|登记|预订)了|取消|停止|停|退出|放弃|作罢|拉倒|别(?:再)?{_VERB_ZH}(?:理)?了?|(?:我)?改(?:变)?主意了?|当我没说|没事了|不麻烦了?|不必了?"
    rf"|(?:暂时|暂时先|先)?(?:不想|不打算|不准备|不需要|不用|不|没必要|用不着|懒得)(?:再)?(?:要|想)?{_VERB_ZH}(?:理|它)?(?:款|钱|货)?了?|不(?:需要|用|要)了?"
    r"|(?:以后|改天|下次|回头|晚点|过几天|有空)再(?:来)?(?:说|约|办|来|弄|退|讲)|(?:让)?我?(?:再)?(?:想想|考虑(?:考虑|一下|下)?)(?:再说)?|等我?想好了?再(?:来|说)|今天就算了|先这样"
)
_TAILS_ZH = (
    rf"(?:{_ZH}|太麻烦了?|吧|了|的|啦|啊|这个|它|申请|预约|办理|谢谢(?:你|您)?|麻烦(?:你|您)了?|[，,。！!；;\s])*+"
)
_LEAVES = re.compile(
    rf"^\W*{_OPENS}(?:{_EN})\b(?:\W+(?:and |so |then |just |please |i )?(?:{_EN})\b){{0,3}}\W*{_TAILS}$|^\W*{_OPENS_ZH}(?:{_ZH}){_TAILS_ZH}$",
    re.IGNORECASE,
)
_THANKS_NO = re.compile(
    rf"^\W*no,? (?:thanks|thank you|need)\b\W*{_TAILS}$|^\W*(?:不用|不必|不需要)了?[，,\s]*谢谢\W*$", re.IGNORECASE
)
_MARKS = re.compile(r"[,.!;，。！；]+")
_LONGEST = 120  # characters: who leaves says little
_ASKING = re.compile(r"[?？]|吗|呢\W*$")


def leaves(flow: Flow, text: str, *, confirming: bool) -> bool:
    """Whether the whole message ends the flow. confirming: what is to be done was read out, so that "no, thanks" may only mean a part."""
    if len(text) > _LONGEST:
        return False
    if _ASKING.search(text) and not re.match(r"^\W*(?:can|could) (?:you|we)\b", text, re.IGNORECASE):
        return False
    if not confirming and _THANKS_NO.match(text):
        return True
    title = flow.file.title
    patterns = (_LEAVES, *_own(title.en, title.zh, tuple(flow.file.leave)))
    parts = [part for part in _MARKS.split(text) if part.strip()]
    return any(pattern.match(text) for pattern in patterns) or (
        len(parts) > 1 and all(any(pattern.match(part) for pattern in patterns) for part in parts)
    )


@lru_cache(maxsize=256)
def _own(title: str, title_zh: str, leave: Sequence[str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What names the flow, "I don't need an appointment after all", or says its own words, "I want to keep it"."""
    things = "|".join(
        dict.fromkeys(re.escape(word) for word in (title, *title.split(), *(f"{w}s" for w in title.split())))
    )
    english = "|".join(re.escape(word) for word in leave if word.isascii()) or r"(?!)"
    chinese = "|".join(re.escape(word) for word in leave if not word.isascii()) or r"(?!)"
    noun = rf"(?:(?:a|an|the|this|that|my|any|your)\s)?(?:{things})(?: (?:{things}))?"
    wish = r"(?:i'?ll|i will|let me|i(?:'d| would) (?:rather|like to|prefer to)|i'?m going to|i(?:'ve)? decided to|i (?:do )?(?:want|prefer|think i'?ll)(?: to)?|i can)"
    return (
        re.compile(
            rf"^\W*{_OPENS}(?:(?:i(?:'m| am)? )?(?:really )?{_NOT} (?:want|need|wish|require|make|book|request|do|file|submit)(?: (?:to (?:make|book|request|have|do)))? {noun}"
            rf"|(?:cancel|stop|forget|scrap|drop|skip|leave)(?: about)? {noun}|(?:i(?:'ve|’ve| have)? )?changed my mind about {noun}|no (?:more )?(?:{things})(?: (?:for me|needed|required|necessary))?|(?:{wish} )?(?:just |rather |simply )*(?:{english}))"
            rf"\b\W*{_TAILS}$",
            re.IGNORECASE,
        ),
        re.compile(
            rf"^\W*{_OPENS_ZH}(?:(?:取消|放弃|停止|别|不|不想|不需要|不要|不用)(?:再)?{re.escape(title_zh)}|(?:想|要|决定|打算|先)*(?:{chinese})){_TAILS_ZH}$"
        ),
    )
