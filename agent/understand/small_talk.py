"""Recognises messages that are nothing but small talk, without any training."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from agent.types import IntentScore
from agent.understand.persons import without_refusal
from agent.understand.thanking import thanks_for_something

_END = r"[\s!.,~?？！。，、…]*"
_NAME = (
    r"(?:[\s,]+(?:there|all|everyone|team|parley|folks|guys|again|so much|very much|a lot|a bunch|a million|loads|you|u"
    r"|mate|man|dude|buddy|pal|bro|love|dear|hun|hon|sir|madam|ma'?am))*"
)
_DEAR_ZH = "亲爱的|亲亲|亲|小姐姐|小哥哥|老板|店家|美女|帅哥|大家"
_HELLO_ZH = "你好|您好|嗨|哈[喽啰咯罗]|早上好|上午好|中午好|下午好|晚上好|早安|在[吗么嘛]?|在不在?|有人[吗么嘛在]|喂"
_A_BOT = (
    r"(?:(?:just|only|really|actually|even) ){0,2}(?:an? )?(?:(?:real|live|actual) )?"
    r"(?:chat ?bot|bot|robot|human(?: being)?|person|ai|machine|computer|program)"
)
_PATTERNS: dict[str, str] = {
    "greeting": rf"(?:hi+|hello+|hullo|hiya|hey+|heya|yo|good (?:morning|afternoon|evening|day)|howdy|greetings|how are you(?: doing)?"
    rf"|what'?s up|(?:are )?(?:you|u) there){_NAME}|(?:can|could|would|will) (?:you|u|some(?:one|body)|any(?:one|body)) (?:please )?help(?: me| us)?(?: out)?"
    r"(?:,? please)?|i (?:(?:just )?need|(?:woul)?'?d (?:like|need)|am looking for|want) (?:some |a bit of |your )?help"
    r"(?:,? please)?|(?:please )?help(?: me| us)?(?: out)?(?:,? please)?|(?:i have|i've got|got) a (?:quick )?question"
    r"|(?:请问)?(?:您|你)?(?:能不能|可不可以|能|可以|可否|麻烦)(?:您|你)?(?:帮帮?|帮我?个|帮我?一下|帮一?个)(?:我|忙|我个忙|一下|我一下)*[吗么嘛]?"
    r"|(?:请|麻烦)?帮(?:帮我?|个忙|我一下|一下我?|我个忙)吧?|我?(?:需要|想要)(?:一点|一些|点)?帮助|(?:我)?有个?(?:小)?问题(?:想)?(?:问|请教|咨询)?(?:一下)?"
    rf"|我?想(?:要)?(?:咨询|问|请教)(?:一下|个问题|点事)|(?:(?:{_DEAR_ZH})[，,\s]*)?(?:{_HELLO_ZH})[啊呀吗呢哦]?(?:[，,\s]*(?:{_DEAR_ZH}))?|(?:{_DEAR_ZH})",
    "thanks": rf"(?:ok(?:ay)?|ok[ie]+|kk?|great|perfect|awesome|good|nice|cool|no)?{_END}(?:thanks?|thank ?(?:you|u)|thanx|thnx|thx+|tysm|ty|tks|ta|3q|cheers"
    rf"|much appreciated|appreciate it|that'?s (?:all|it|great|perfect|helpful)(?: for (?:now|today)| (?:i|we) (?:need(?:ed)?|wanted))?|that (?:is|will be) (?:all|it)"
    rf"|that'?ll be all|nothing (?:else|more)(?: for now)?|no more questions|that helps?(?: a lot)?){_NAME}"
    rf"|那?(?:就)?(?:这样|这些)[吧啦了]|没事了|没别的了|没(?:有)?(?:其他|别的)?问题了|(?:好[的滴哒嘞咧]?|行|ok)?[，,\s]*(?:非常|十分|太|多)?(?:谢谢+|感谢|感恩|谢啦|多谢|谢了|谢|3q)(?:你们|你|您|了|啦|啊|哦|哈|呀|您的帮助|你的帮助|{_DEAR_ZH})*",
    "goodbye": rf"(?:good ?bye|bye(?:[ -]?bye)?|see (?:you|ya)(?: later)?|cya|have a (?:good|nice|great) (?:one|day"
    rf"|evening|weekend)|take care|good night){_NAME}|(?:再见|拜拜|拜|回见|晚安|下次再聊|先这样)[啦了吧哦]?",
    "bot_identity": rf"(?:(?:so|and|but|wait) )?(?:(?:are|r) (?:you|u)|(?:you|u)(?:['’]?re| are)|am i (?:talking|speaking|chatting|writing|texting) (?:to|with))"
    rf" {_A_BOT}(?: or {_A_BOT})?(?: right)?|(?:is this|is it|this is) (?!(?:\w+ )*(?:machine|computer|program)){_A_BOT}(?: or {_A_BOT})?"
    r"|(?:are|r) (?:you|u) (?:for )?real|who are you|what are you|how do (?:you|u) work"
    r"|what can (?:you|u) (?:do|answer|help(?: me| us)?(?: with)?)(?: for (?:me|us))?|what are you able to do|how can (?:you|u) help(?: me| us)?"
    r"|what (?:(?:kinds?|sorts?|types?) of (?:questions?|things?) )?(?:can|could|may) (?:i|we) ask(?: you)?"
    r"|(?:do|can|could) (?:you|u|we|i) (?:speak|understand|write|chat|talk|answer|reply|ask)(?: to you| you)?(?: in)? (?:english|chinese|mandarin|cantonese|other languages)"
    r"|你们?(?:到底)?(?:是不是|不是|就是|是)一?个?(?:谁|机器人|真人|人工(?:智能)?|智能客服|ai|人|程序|机器)(?:吗|么|吧|对吧|是吧|对不对|啊|呀|还是.{1,6})?"
    r"|[你您](?:都|还)?(?:能|会|可以)(?:帮我?|为我|给我)?(?:做|干|办)?些?(?:什么|啥|哪些|嘛)(?:忙|事情?|事儿)?(?:呢|啊|呀)?|[你您](?:都)?有(?:哪些|什么)功能"
    r"|(?:我?都?(?:能|可以))问[你您]?些?(?:什么|啥|哪些)(?:问题)?(?:呢|啊|呀)?"
    r"|(?:[你您我]|我们|你们)?(?:会|能|可以|懂)(?:不会|不能)?(?:说|讲|用|听懂|看懂)?(?:中文|英文|英语|汉语|普通话)(?:来)?(?:提问|问|聊天?|交流|沟通|回答)?(?:你|您)?(?:吗|么)",
}
_SMALL_TALK = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _PATTERNS.items()}
_FILLER = re.compile(
    r"(?:ok(?:ay)?|great|perfect|alright|all right|got it|i see|cool|fine|yes|yep|no|nope|nah|right|i'?m (?:all )?(?:good|set|done)"
    r"|ok[ie]+|kk?|好[的滴哒嘞咧哦噢]?|嗯+[呢哪]?|行[吧啊]?|知道了|明白了?|可以|没了|没有了|不用了|不需要了|那)",
    re.IGNORECASE,
)
_COURTESIES = ("greeting", "thanks", "goodbye")
_EDGE = re.compile(r"(?=\s)|(?<=[\u3400-\u9fff])(?=[\u3400-\u9fff])")
_MOST = 80  # characters of a part that may be but courtesies
_SEPARATOR = re.compile(r"[!.,~。！，、…\n]+")
_GREETED = re.compile(
    # Without a mark between, only what surely begins a sentence ends a greeting: "hello kitty case price" holds none.
    rf"(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|greetings){_NAME}\s+(?=(?:i|i'm|i'd|i've|my|we|our|you|your|the"
    r"|there|how|what|when|where|which|who|why|do|does|did|is|are|was|were|can|could|may|will|would|should|has|have|please"
    r"|if|any|need|want)\b)"
    rf"|(?:{_HELLO_ZH})[啊呀]?(?:[\s?？~]+|(?=请问|麻烦|我|想|能|可以|有没有))",
    re.IGNORECASE,
)


def small_talk(text: str) -> IntentScore | None:
    """The small-talk intent when the whole message is small talk ("hi, thanks!", "ok thanks bye"), else None.

    A greeting before a question leaves the question: every part between marks must itself be small talk; the last
    courtesy names the intent.
    """
    found: IntentScore | None = None
    for part in _SEPARATOR.split(text.strip()):
        names = _courtesies(part.strip(" \t?？~"))
        if names is None:
            return None
        for name in names:
            if found is None or name != "greeting":
                found = IntentScore(name=name, confidence=1.0)
    return found


@lru_cache(maxsize=256)
def _courtesies(part: str) -> tuple[str, ...] | None:
    """The small talk that follows each other in a part, marks or none between; None where anything else is in it.

    Each ending of a part is looked at once, however many ways lead there: 嗯嗯嗯… can be cut in two to the power of its length.
    """
    if not part or _FILLER.fullmatch(part):
        return ()
    if len(part) > _MOST:
        return None
    if thanks_for_something(part):
        return ("thanks",)
    for name, pattern in _SMALL_TALK.items():
        if pattern.fullmatch(part):
            return (name,)
    for name, pattern in ({"": _FILLER} | {name: _SMALL_TALK[name] for name in _COURTESIES}).items():
        for end in _ends(pattern, part):
            if (rest := _courtesies(part[end:].lstrip(" \t?？~"))) is not None:
                return (name, *rest) if name else rest
    return None


def _ends(pattern: re.Pattern[str], part: str) -> Iterator[int]:
    """Where the pattern may end before a next word, the furthest first."""
    edges = [edge.start() for edge in _EDGE.finditer(part) if edge.start()]
    return (end for end in reversed(edges) if pattern.fullmatch(part, 0, end))


def without_courtesies(text: str) -> str:
    """A message without the greeting before what it says, the thanks after it, and that no person is wanted; itself where
    that is all it is.

    "你好，退货的期限是多久？" asks for the time limit of returns, and is read as that and nothing else.
    """
    text = without_refusal(text)
    ends = [(0, 0), *(mark.span() for mark in _SEPARATOR.finditer(text)), (len(text), len(text))]
    parts = [(after, before) for (_, after), (before, _) in pairwise(ends) if text[after:before].strip()]
    said = [part for part in parts if not _is_courtesy(text[slice(*part)])]
    if not said:
        return text
    start, end = said[0][0], said[-1][1]
    start += len(text[start:end]) - len(text[start:end].lstrip())
    if greeted := _GREETED.match(text, start, end):
        start = greeted.end()
    closing = _SEPARATOR.match(text, end)
    return text[start : closing.end() if closing else end].rstrip(" \n\t,，、")


def _is_courtesy(part: str) -> bool:
    cleaned = part.strip(" \t?？~")
    return not cleaned or bool({*(_courtesies(cleaned) or ())} & {*_COURTESIES})
