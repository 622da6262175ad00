"""Tells a message that agrees, or disagrees, and says no more."""

import re
from collections.abc import Sequence

from agent.flows.spans import places_of
from knowledge.text.openers import FALTERING

_LEAD = rf"(?:(?:{FALTERING}|uh+|ah|and|then|actually|i think|i guess)\b[\s,.!]*)*+"
_YES_WORDS = (
    r"yes|yep|yeah|yup|ya|aye|sure(?: thing)?|ok(?:ay)?|k|alright|all right|fine|perfect|great|good|excellent|lovely|cool|absolutely"
    r"|definitely|certainly|of course|correct|right|exactly|indeed|agreed|confirm(?:ed)?|(?:please )?go ahead|go for it|go on|please do(?: so| it)?|do so"
    r"|(?:that|this|it|all)(?:'?s| is| looks| sounds| seems| all)? (?:all |just |perfectly )?(?:right|correct|fine|good|ok(?:ay)?|great|perfect)"
    r"|(?:looks|sounds) (?:all |very )?(?:right|correct|fine|good|ok(?:ay)?|great|perfect)|(?:that )?works(?: for me)?|i(?: do)? (?:agree|confirm)"
    r"|(?:please |let'?s |just |you can |i want to |i'?d like to )?(?:do|book|submit|request|send|file|confirm|take|place|make|reserve)"
    r" (?:it|that|this|them|one|the (?:request|refund|booking|appointment|form))|let'?s do (?:it|this|that)|let'?s go|make it so|that(?:'ll| will) do|why not|i'?m sure|ok(?:ay|ey)? ?dok(?:ey|ay|e)|by all means|yes please"
)
_YES_TAILS = r"please|thanks(?: a lot)?|thank you|cheers|then|now|for me|to me|it is|i do|mate|that one|as is"
_YES_ZH = (
    r"是|对|好|行|成|妥|中|可以|没错|没问题|没意见|就是(?:这个|这样|它|的)?|不用改|确认|确定|同意|嗯++|要|当然|当然可以|必须的|正确|无误|ok"
    r"|就(?:这样|这个|这么(?:办|定|着)?|它|按这个(?:来|办)?|那样)|(?:那就)?(?:这么|就这么)(?:办|定|着)|定(?:下来|了)|办理|办|提交|(?:给我|帮我|请|麻烦(?:你|您)?)?(?:预约|约|订|办理|提交|申请|确认|办)"
    r"|麻烦(?:你|您)?了?|请办理|需要|谢谢(?:你|您)?|辛苦了?"
)
_ZH_END = r"(?:的|吧|了|啊|呀|哦|呢|嘞|啦|一下)*+"
_AGREES = re.compile(
    rf"^\W*{_LEAD}(?>(?:{_YES_WORDS})\b)(?>[\s,.!]*(?:{_YES_WORDS}|{_YES_TAILS})\b)*+\W*$"
    rf"|^\W*(?:那就|那)?(?!谢|辛苦|麻烦(?:你|您)?了?\W*$)(?>(?:{_YES_ZH}){_ZH_END})(?>[，,。！!\s]*(?:那就|那)?(?:{_YES_ZH}){_ZH_END})*+\W*$",
    re.IGNORECASE,
)
_DISAGREES = re.compile(
    r"^\W*(?:no|nope|nah|not yet|don'?t|wait|hold on|not (?:right|correct)|wrong)\b"
    r"(?:[\s,.!]*(?:thanks|thank you|that'?s (?:wrong|not right)|change something|wait|it(?:'s| is) (?:wrong|not right)))*\W*$"
    r"|^\W*(?:不|不是|不对|不行|不要|错了|等等|等一下|先别|否|没有)(?:[，,。！!\s]*(?:不对|错了|需要修改|修改|我要改|谢谢|是))*\W*$",
    re.IGNORECASE,
)


def says_yes(text: str) -> bool:
    """Whether the whole message agrees; "right now?" asks."""
    return "?" not in text and "？" not in text and bool(_AGREES.match(text))


def says_no(text: str) -> bool:
    """Whether the whole message disagrees, and says no more."""
    return bool(_DISAGREES.match(text))


_REFUSES = (
    r"no|nope|nah|not|none|never|without|neither|don['’]?t|doesn['’]?t|won['’]?t|isn['’]?t|aren['’]?t|wouldn['’]?t|haven['’]?t|(?:i['’]?m|we['’]?re|i am|we are)"
    r" (?:all )?(?:good|fine|set|ok(?:ay)?)|不用|不需要|不要|不必|没必要|没有|没|无需|无|用不着|免了|否|别|不"
)
_ACCEPTS = (
    r"yes|yeah|yep|yup|ya|sure|ok(?:ay)?|absolutely|definitely|certainly|course|correct|indeed|need(?:ed)?|want(?:ed)?|requir(?:e|ed)|like|love|do|have|has"
    r"|take|is|are|great|good|nice|perfect|helpful|要|需要|想要|有|是|对|好|可以|行|来|给|加|当然|用|得"
)
_BESIDE = (
    r"i|we|it|one|any|an?|the|there|would|will|['’]d|['’]ll|['’]ve|['’]re|['’]m|['’]s|am|be|been|got|get|thanks?|you|cheers|please|just|only|really|actually|at all|"
    r"for|us|me|this|that|those|time|necessary|of|so|thing|some|ah|oh|well|yet|also|too|very|much|and|but|我们|我|咱们?|您|你|的|了|吧|啊|呀|呢|哦|嗯"
    r"|[一二两三][个把张位份只条间]|谢谢|多谢|麻烦|请|就|这个|那|它|也|都|先|还是|只|暂时|帮"
)
_TOKEN = re.compile(
    rf"(?P<refuses>(?:{_REFUSES})(?![a-z]))|(?P<accepts>(?:{_ACCEPTS})(?![a-z]))|(?P<beside>(?:{_BESIDE})(?![a-z])|[^\w'’]+)",
    re.I,
)
_NONE_OF = re.compile(
    r"\W*(?:(?:we|i|there)(?: are|['’]re| is|['’]s)?(?: have| got)? )?(?:no|without)(?: any)? (?!problem|worr|idea|clue|one\b|doubt|way\b|more\b|longer\b|time\b|person|human)"
    r"[a-z]+(?: [a-z]+)?\W*|\W*(?:我们?)?没有?(?!问题|意见|关系|事|办法|必要|想|时间|空|人工|用)[\u4e00-\u9fff]{1,4}\W*",
    re.IGNORECASE,
)
_ASKS = re.compile(r"[?？]|^\W*(?:is|are|do|does|have|has|can|will|would)\b|[你您]好", re.IGNORECASE)
_LONGEST = 60  # characters of a yes or a no


def agreement(text: str, names: Sequence[str]) -> bool | None:
    """Whether the answer to "do you need …?" is yes or no: "no coach, thanks", 不需要, "we'd like one"; None where it says more.

    names: what was asked about may be called.
    """
    if len(text) > _LONGEST or _ASKS.search(text):
        return None
    if says_yes(text) or says_no(text):
        return says_yes(text)
    return _weighed(_without(text, names), named=any(any(places_of(name, text)) for name in names))


def _without(text: str, names: Sequence[str]) -> str:
    for name in sorted(names, key=len, reverse=True):
        for match in reversed(list(places_of(name, text))):
            text = f"{text[: match.start()]} {text[match.end() :]}"
    return text


def _weighed(text: str, *, named: bool) -> bool | None:
    """What the words that are left say, where all of them are of a yes, a no or nothing."""
    place, said = 0, {"refuses": 0, "accepts": 0, "beside": 0}
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            return False if _NONE_OF.fullmatch(text) else None
        place = token.end()
        said[str(token.lastgroup)] += 1
    if said["refuses"]:
        return False
    return True if said["accepts"] or named else None
