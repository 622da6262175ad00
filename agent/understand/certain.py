"""What a message surely means, whatever the classifiers make of it: small talk, a call for a person, a mere nod."""

import re
from collections.abc import Sequence

from agent.types import IntentScore, Utterance
from agent.understand.language import without_addresses
from agent.understand.persons import TALK_TO_PERSON, names_person, of_the_called, refuses_person, wants_person
from agent.understand.small_talk import small_talk

ACKNOWLEDGEMENT = "acknowledgement"
"""The intent of a message that only takes note of what was said ("ok", 好的), or wants nothing more (不用了)."""

_BETWEEN = r"[\s!.,~。！，、…;；]+"
_LONGEST = 60
_WELL = (
    r"(?:(?:hm+|um+|oh|ah|well)[\s,.]+)?(?:ok(?:ay)?|ok[ie]+|kk?|alright|all right|fine)(?: then)?"
    r"|(?:ok[，,\s]*)?[嗯哦噢]*+(?:好的?[呀啊吧呢]?|好[滴哒嘞咧哦噢]|行[啊吧]?|可以[啊的]?)|嗯+[呢哪]?|哦+|噢+"
)
_NODS = (
    r"okey(?: dokey)?|great|perfect|got it|i see|understood|cool|good|right|noted|no problem|no worries"
    r"|知道[了啦]|明白[了啦]?|了解[了啦]?|收到|懂了|原来如此|这样啊|中|欧克"
)
_ENOUGH = (
    r"no|nope|nah|never ?mind|forget (?:it|about it)|no need|not (?:now|needed|any ?more)|that'?s (?:it|fine|ok(?:ay)?)|no thank you|no thanks"
    r"|不|不用了?|不必了?|不需要了?|不要了?|算了|没事了?|没关系|没有了|没了|不麻烦了"
)
_YES = r"yes|yes please|yeah|yep|yup|sure|please|please do|go ahead|do it|是的?|要的?|对的?|需要|麻烦了?|请|(?:帮我)?(?:转|接)(?:吧|一下|过去)?"


def _nothing_but(words: str) -> re.Pattern[str]:
    """One or several of these, with marks between and around them."""
    return re.compile(rf"\W*(?:{words})(?:{_BETWEEN}(?:{words}))*\W*", re.IGNORECASE)


_NODDED = _nothing_but(rf"{_NODS}|{_ENOUGH}|{_WELL}")
_AGREED = _nothing_but(rf"{_YES}|{_WELL}")
"""A yes, or a nod that is one where it answers a question."""
_OFFERS = re.compile(r"\ba person, please\b|转(?:接)?人工", re.IGNORECASE)
"""What a reply says where it offers a person: a refusal names the words to say, and some only say yes to it."""
_ASKED = re.compile(
    r"\b(?:shall|should|may|can|would you like|do you want|want) [^.?!]{0,60}\b(?:person|colleague|human|agent|team)\b[^.?!]{0,30}\?"
    r"|(?:需要|要不要|是否|可以|要)[^。！？?]{0,12}人工[^。！？?]{0,12}[吗？?]",
    re.IGNORECASE,
)
"""Where it asks whether one is wanted, so that a nod is an answer."""
_WITH_DIGITS = re.compile(r"[A-Za-z0-9_#-]*\d[\w#-]*", re.ASCII)
_LETTER = re.compile(r"[^\W\d_]")
_GIVING = re.compile(
    r"\b(?:(?:my|the|this|and|here|it|is|it's|that's|are|was|with|e-?mail|mail|address|order|number|no|phone|tel|ok|yes|sure|please)\b[ ’']*s?)"
    r"|我的?|我用的|的|是|为|邮箱|邮件|地址|电子|订单号?|单号|号码?|手机号?|电话|下单|用|这个?|好的|嗯|请",
    re.IGNORECASE,
)
"""Words around what is given ("my e-mail is", 订单号是), which want nothing by themselves."""


def certain_intent(text: str, history: Sequence[Utterance]) -> IntentScore | None:
    """The intent of a message that needs no classifier, with confidence 1; None for any other.

    "Yes" after the offer of a person calls for one, and "how long?" after the call is about the person.
    """
    called = of_the_called(text) if _of_a_call(text, history) else None
    return called or small_talk(text) or wants_person(text) or refuses_person(text) or _nodded(text, history)


def _of_a_call(text: str, history: Sequence[Utterance]) -> bool:
    """Whether a message may be about a person who is waited for: the last reply called one, or it names one."""
    said = next((one for one in reversed(history) if one.role == "assistant"), None)
    return said is not None and (said.waiting or (names_person(text) and any(one.waiting for one in history)))


def only_gives(text: str) -> bool:
    """Whether a message or a clause only gives what a word was asked for: an address, a number, the number of an order."""
    left = _WITH_DIGITS.sub(" ", without_addresses(text))
    if not _LETTER.search(left):
        return True
    return left != text and not _LETTER.search(_GIVING.sub(" ", left))


def _nodded(text: str, history: Sequence[Utterance]) -> IntentScore | None:
    if len(text) > _LONGEST:
        return None
    said = next((one.content for one in reversed(history) if one.role == "assistant"), "")
    nods = _NODDED.fullmatch(text) is not None
    if _AGREED.fullmatch(text) and (_ASKED.search(said) or (_OFFERS.search(said) and not nods)):
        return IntentScore(name=TALK_TO_PERSON, confidence=1.0)
    return IntentScore(name=ACKNOWLEDGEMENT, confidence=1.0) if nods else None
