"""Tells that a customer does not have what they were asked for, or will not give it: "I can't find it", 我忘了邮箱."""

import re

_WHAT = (
    r"(?: (?:(?:what|which|my|the|an?|any|that|this|your|order|confirmation|e-?mail|tracking|phone) ){0,3}"
    r"(?:it|that|this|one|them|number|e-?mail|mail|address|code|reference|receipt|id|confirmation|account|which|what)\b(?! to\b)"
    r"|(?: (?:here|now|right now|at hand|on me|yet|any ?more))*\W*$)"
)
_NEVER = r"(?:do not|don'?t|don’t|didn'?t|did not|no longer|haven'?t|have not|never)(?: (?:actually|even|really|ever))?"
_LACKS = re.compile(
    rf"\b{_NEVER} (?:have|had|got|get|gotten|receive|received|know|remember|recall|keep|kept|save|saved){_WHAT}"
    rf"|\b(?:can'?t|can’t|cannot|can not|couldn'?t|unable to|not able to)(?: seem to)? (?:find|remember|recall|locate|see|get){_WHAT}"
    rf"|\bi(?:'ve| have)? (?:lost|forgot(?:ten)?|deleted|misplaced|threw away|thrown away){_WHAT}|\b(?:no|without(?: (?:a|the))?) (?:order )?(?:number|idea|clue|confirmation|receipt)\b"
    r"|\b(?:(?:do not|don'?t|don’t) (?:want|wish|like)(?: to)?|won'?t|would rather not|i'?d rather not|prefer not to|not comfortable) (?:to )?(?:giv(?:e|ing)|shar(?:e|ing)|tell(?:ing)?|leav(?:e|ing)|provid(?:e|ing)|hand(?:ing)? over)\b"
    r"|(?:不想|不愿意?|不方便|不便|不可以|不能)(?:给|留|提供|透露|告诉|说)"
    r"|\bnot sure (?:which|what)\b|\b(?:dunno|no clue|idk)\b"
    r"|(?:没有|没|找不到|找不着|查不到|不知道|不记得|不清楚|记不清|记不得|想不起来|忘(?:记|了|掉)*|丢(?:了|失)?|弄丢|删(?:了|除)|没存|没留|没收到)(?:了)?(?:我的?|那个|这个|当时|下单)?(?:的)?(?:订单|单|邮箱|邮件|(?:用|是)?哪个?(?:邮箱|号|订单)|号|编号|确认|收据|小票|凭证|地址|是(?:哪|什么|多少))"
    r"|(?:订单号?|单号|号码|编号|邮箱|邮件|收据|小票)[^。？！?!]{0,6}(?:没有|没了|找不到|不见了|丢了|忘了?|不记得|不知道|不清楚|删了|想不起来)|^\W*我?(?:忘(?:记)?了|不记得了?|不知道|不清楚|找不到了?|想不起来了?|没有(?:了|呢|啊)?)\W*$",
    re.IGNORECASE,
)
_LONGEST = 120


def says_lacking(text: str) -> bool:
    """Whether the message says that, and hardly more: a long story tells of something else."""
    return len(text) <= _LONGEST and "?" not in text and "？" not in text and bool(_LACKS.search(text))
