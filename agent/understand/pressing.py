"""Tells a message that presses: it demands at once, says that this is not the first time, or that nobody helps."""

import re

_PRESSES = re.compile(
    r"\b(?:(?:the )?(?:second|third|fourth|fifth|sixth|nth|umpteenth|\d+(?:nd|rd|th)) (?:time|one|day|week|month)\b|(?:two|three|four|five|six|several|many|\d+) times\b"
    r"|(?:once|yet|all over) again|every (?:single )?time|how many times|last (?:time|chance|warning)|(?:happened|did this|same thing|same problem) (?:\w+ ){0,3}(?:again|before|too|last)"
    r"|i(?:['’]ve| have)? (?:already|repeatedly|just) \w+|(?:told|asked|called|written|e-?mailed|contacted) (?:you|them|already)\b|i(?:['’]ve| have) (?:been )?(?:wait|call|ask|tr[iy])\w*"
    r"|for (?:\w+ )?(?:days|weeks|months|hours|ages)|still (?:no|not|nothing|waiting|nobody|have|has|does|is)\w*|keeps? \w+ing"
    r"|(?:nobody|no ?one|none of you) (?:\w+ )?(?:answers?|answered|repl\w+|responds?|helps?|picks?|cares?|calls?|listens?|does|has)"
    r"|(?:want|need|demand|expect|give|send|pay|refund|fix|solve|sort|get|call|answer)\b[^.?!]{0,40}\b(?:now|today|immediately|right away|at once|asap|this instant|straight ?away)"
    r"|(?:want|give|demand|get|need)\b[^.?!]{0,20}\bmy money(?: back)?|do something|(?:i )?(?:demand|expect|insist)\b|compensat\w+|what are you (?:going to|gonna) do|(?:not|never) (?:paying|waiting|accept\w*))"
    r"|第[二三四五六七八九十\d几N]+次|[两二三四五六七八九十\d几好多]+[次遍回]|上次也|又(?:是|来|一次|错|坏|没|不|扣|漏|发错)|(?:等|拖|过)了?\w{0,3}(?:天|周|星期|月|小时|半天)"
    r"|还(?:是)?(?:没|不)(?:有)?\w{0,4}(?:到|发|处理|解决|退|回|收|来|好|给)|一直(?:没|不|打)|迟迟|没(?:有)?人(?:管|理|接|回|处理|负责)|打不通|不(?:处理|解决|理|管|回)|说了?(?:多少|好几|几|无数)"
    r"|(?:马上|立刻|立即|赶紧|现在就|今天(?:就|必须|之内)|必须|要求)\w{0,6}(?:退|赔|解决|处理|换|发|补|给|回|道歉|说法)|(?:把|退我|还我|退还)\w{0,3}钱|退钱|赔(?:偿|钱|我)|给(?:我)?(?:个|一个)?(?:说法|交代|解释)|到底\w{0,6}(?:什么时候|怎么|管|退|解决)",
    re.IGNORECASE,
)


def presses(text: str) -> bool:
    """Whether a message presses, in however calm words: by itself it shows no anger, after an angry one it goes on with it."""
    return bool(_PRESSES.search(text))
