"""Tells a message that agrees, or disagrees, and says no more."""

import re

_LEAD = r"(?:(?:hm+|um+|uh+|ah|oh|well|so|and|then|actually|i think|i guess)\b[\s,.!]*)*+"
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
