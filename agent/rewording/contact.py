"""How the company is reached, asked in everyday words: by telephone, by e-mail, or in any way.

Such a question is made of the way itself and of words that say nothing more; with one word more ("the manager's number",
"my number") it is another question.
"""

import re
from collections.abc import Iterator

from agent.rewording.reworded import Reworded
from agent.types import Understanding
from knowledge.text.han import HAN

_LONGEST = 80  # characters
_WORD = re.compile(r"[a-z]+(?:['’-][a-z]+)?")
_TELEPHONE = frozenset("phone phones telephone tel number numbers hotline helpline call calling ring dial".split())
_MAIL = frozenset("email e-mail mail emails e-mails".split())
_ANY_WAY = frozenset("contact contacts contacting reach touch hold".split())
_FILLING = frozenset(
    "what whats what's what’s which is are was the a an any some your ur yours you u ya guys do does have has got get getting in into with of for to on "
    "by via at can could may might would should i we me us one how where there where's where’s find give send tell show need want like know please pls plz "
    "customer customers client service services support care team help company office main head general department desk line address adress "
    "details detail info information data way best easiest quickest someone somebody anyone them it's that then again so and or hi hello hey "
    "again quickly directly i'd write talk speak".split()
)
_THEM = re.compile(
    r"\b(?:call|ring|phone|telephone|e-?mail|mail|contact|reach|write to|dial) me\b|\bhold (?:on|my|me)\b"
)
_THEM_ZH = re.compile("给我(?:打|回|发邮件|发电邮)|打给我|联[系络]我(?!们)")
_MAIL_ZH, _ANY_WAY_ZH, _TELEPHONE_ZH = map(
    re.compile, (r"邮箱|邮件|电邮|[Ee]-?mail", "联系|联络", "电话|热线|号码|座机")
)
_FILLING_ZH = re.compile(
    r"请问|麻烦|你们|您们|咱们|贵司|贵店|贵公司|公司|总部|客服|客户|人工|工作人员|服务|咨询|官方|全国|售后|怎么样|怎么|如何|怎样|才能|可以|能够|什么|多少|哪个|哪里|哪儿"
    r"|有没有|没有|告诉|提供|方式|地址|电子|知道|一下|需要|拨打|[你您我要想该得能的是有吗么呢啊呀吧给发到打拨找跟和与在哪咋人家店去写查个号下那，,？?。！! ]"
)
_TELEPHONE_SAID = r"(?<![\d.,])\+?\(?\d[\d()/ –-]{5,18}\d(?![\d.]*\s?(?:[€%元]|EUR))|\b1-\d{3}-[A-Z-]{4,}"
_MAIL_SAID = r"[\w.+-]{1,64}@[\w-]+\.\w"
_PHONE, _ADDRESS, _EITHER = map(re.compile, (_TELEPHONE_SAID, _MAIL_SAID, f"{_TELEPHONE_SAID}|{_MAIL_SAID}"))
_CALLED = {"en": ("phone number",), "zh": ("客服热线是多少",)}
_REACHED = {"en": ("how to contact us",), "zh": ("怎么联系你们", "怎么联系客服")}


def how_to_reach_us(understanding: Understanding) -> Iterator[Reworded]:
    """A question of how the company is reached as articles answer it; the answer has to say a number or an address."""
    question = understanding.question
    if len(question) > _LONGEST:
        return
    language = "zh" if HAN.search(question) else "en"
    asked = _way_in_chinese(question) if language == "zh" else _way_in_english(question)
    called, reached = _CALLED[language], _REACHED[language]
    if asked is None:
        return
    for other in (*called, *reached) if asked is _PHONE else (*reached, *called):
        yield Reworded(question=other, holds=asked)


def _way_in_english(question: str) -> re.Pattern[str] | None:
    """What an answer has to hold; None where it asks for something else."""
    text = question.lower()
    said = set(_WORD.findall(text))
    ways = said - _FILLING
    if not ways or re.search(r"\d", text) or _THEM.search(text):
        return None
    if ways <= _MAIL:
        return _ADDRESS
    if ways <= _TELEPHONE:
        return _PHONE
    return _EITHER if ways <= _TELEPHONE | _MAIL | _ANY_WAY else None


def _way_in_chinese(question: str) -> re.Pattern[str] | None:
    said = question
    found = [bool(way.search(question)) for way in (_MAIL_ZH, _ANY_WAY_ZH, _TELEPHONE_ZH)]
    for way in (_MAIL_ZH, _ANY_WAY_ZH, _TELEPHONE_ZH):
        question = way.sub("", question)
    if not any(found) or _THEM_ZH.search(said) or _FILLING_ZH.sub("", question):
        return None
    by_mail, _, by_telephone = found
    if by_telephone and not by_mail:
        return _PHONE
    return _ADDRESS if by_mail and not by_telephone else _EITHER
