"""Thanks that say what they are for: "thanks for clearing that up", 谢谢您讲得这么清楚."""

import re

_MOST = 80  # characters
_ASKS_ON = (
    r"(?:but|however|though|although|yet|because|so (?:what|how|when|where|can|do|is)|not|no|never|without|nothing|what|how(?! to)|where|when|why|who|which|if|whether"
    r"|can|could|would|will|may|should|(?<!to )do|does|did|is|are|was|were|isnt|doesnt|didnt|cant|wont|i|we|please|pls|\w+n['’]t|i['’]\w+|it['’]s)\b"
)
_HARM = (
    r"(?:wast|ruin|los|break|brok|ignor|cancel|clos|block|ly|charg|overcharg|mess|delay|refus|reject|forget|forgot|fail|spoil|steal|rob|scam|cheat|hang|leav|keep|mak|do"
    r")(?:t?ing|l?ling|en|ed)\b|(?:wrong|late|rude|useless|broken|damaged|bad|worst|terrible|awful|twice|mess|delay|trouble|spam)\b"
)
"""What nobody is thanked for in earnest."""
_THANKED = (
    r"(?:(?:ok(?:ay)?|great|perfect|alright|right|cool|ah|oh|well)[\s,]+)?(?:many thanks|thanks?|thank ?(?:you|u)|thanx|thx+|tysm|ty|cheers|much appreciated)"
    r"(?: (?:again|so much|very much|a lot|a bunch|a million|a ton|loads|all|guys|team|everyone|indeed|you)){0,3}"
)
_EN = re.compile(rf"{_THANKED} for(?:\s+(?!{_ASKS_ON}|{_HARM})[\w'’-]+){{1,12}}", re.IGNORECASE)
_THANKED_ZH = r"(?:好[的滴哒]?|嗯+|行|哦|ok)?[，,\s]*(?:真的?|实在|非常|十分|特别|万分|太|很)*(?:谢谢+|感谢|多谢|谢了)"
_HELP_ZH = (
    r"(?:耐心|热心|热情|细心|贴心|及时|详细|专业|快速|宝贵|大力|认真|周到|这么|如此|的|地|和|与|[、，,\s])*"
    r"(?:解答|解释|解惑|讲解|说明|回答|答复|回复|回应|答疑|帮助|帮忙|协助|支持|服务|指点|指导|提醒|告知|建议|介绍|关心|理解|耐心|热心|配合|处理|时间)"
)
_ZH = re.compile(
    rf"{_THANKED_ZH}(?:(?:你们?|您们?|大家|客服|亲)?的?{_HELP_ZH}(?:{_HELP_ZH})?(?:了|啦|啊|呀|哦|哈)?"
    r"|(?:你们?|您们?)(?![^。！？]*(?:一下|吗|呢|什么|怎么|多少|哪|几|请|[能可]否|是否|能不能|不|没|但|可是|想|要))"
    r"[\u3400-\u9fff]{0,12}?(?:[得了]|这么|那么|如此)[\u3400-\u9fff]{0,8})",
    re.IGNORECASE,
)


def thanks_for_something(text: str) -> bool:
    """Whether a part of a message is nothing but thanks with what they are for, said in earnest."""
    return len(text) <= _MOST and bool(_EN.fullmatch(text) or _ZH.fullmatch(text))
