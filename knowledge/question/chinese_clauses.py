"""The clauses of a Chinese question that ask, and what they leave out: "…多少，续重呢", "…几次会锁，锁多久"."""

import re

from knowledge.text.han import HAN
from knowledge.text.openers import AND_ZH

_SOME = r"(?<![好那这过了虑就十没])几(?![十百千]|个人没|[天个]就)"  # "几天", not "好几年", "几十块"
_ASKS = re.compile(
    rf"多少|(?<!没)多久|多长|多快|多重|多大|多高|{_SOME}|(?<!知道)(?<!没)(?:什么|啥|怎么|怎样|咋|哪|谁)(?!都|也|[^，,]{{0,4}}没)|吗|呢[?？]?$"
    r"|能不能|可不可以|是不是|要不要|(?P<verb>[\u4e00-\u9fff])不(?P=verb)|(?:能|行|可以|要|会|让|用|退).{0,8}不[?？]?$"
)
_HOW_MUCH = re.compile(
    rf"(?:最[多高低少长短]|各|要)?(?:多少|(?<!没)多久|多长|多快|多重|多大|{_SOME}|啥时候|什么时候|谁)"
)
_YES_OR_NO = re.compile(r"吗|能不能|可不可以|是不是|要不要|([\u4e00-\u9fff])不\1|不$")
_ASKS_ON = re.compile(
    r"(?:要|收|用|还要|会).{0,5}(?:钱|吗|不)|.*多久内|(?:换|扔|退到|选)哪.*|(?:那|我|该)?(?:能|该|要|应该)?(?:干|做)?点?(?:啥|什么|咋办|怎么办)"
)
_ADDED = re.compile(AND_ZH)
_TWICE = re.compile(r"(?P<lead>[^，,]*?)(?P<first>多少[^多，,]{1,4})和?(?P<second>多少[^多，,]{1,4})")
_AND_THIS = re.compile(r"(?:那|要是|如果)?(?P<own>.+?)(?:的话)?(?:的)?呢")
_DETAIL = 6
_SHORT = 5  # characters: "放几天"

_ALIKE = re.compile(  # "松枝卡和松冠卡多少钱"
    r"(?P<first>[^，,的]{1,8}(?P<kind>[^，,]))[和跟与](?P<second>[^，,的]{1,8}?(?P=kind))(?P<rest>.*(?:多少|多久|几).*)"
)
_CHINESE_PAIR = re.compile(
    r"(?P<before>.*?)(?:和|跟|与|还是|、)跟?(?P<after>[^，,。？?]+(?:[，,][^，,。？?]*)?(?:分别|各自?|哪个|哪种).*)"
)
_CHINESE_END = re.compile(r"[，,在]|分别|各|哪")
_CHINESE_OWNED = re.compile(rf"的|{_CHINESE_END.pattern}")
_FEW = 2  # characters that may stand against fewer
_BETWEEN = re.compile(r"[，,、](?=[^，,]*[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")


def asks_in_chinese(clause: str) -> bool:
    """Whether a clause has a Chinese question word or form."""
    return bool(HAN.search(clause) and _ASKS.search(clause))


def chinese_clauses(sentence: str) -> list[str]:
    """A sentence cut at its commas, or spaces in their place, where two or more clauses ask; what asks nothing goes with what
    follows it.
    """
    pieces = _BETWEEN.split(sentence)
    if sum(bool(_ASKS.search(piece)) for piece in pieces) < 2 or not HAN.search(sentence):
        return [sentence]
    clauses = [""]
    for piece in pieces:
        clauses[-1] += f"，{piece}" if clauses[-1] else piece
        if _ASKS.search(piece):
            clauses.append("")
    *asking, rest = clauses
    return [*asking[:-1], f"{asking[-1]}，{rest}" if rest else asking[-1]]


def chinese_standing_alone(found: list[str], clause: str) -> None:
    """Adds a clause with what it leaves out; what only asks on goes with the one before it."""
    if not found:
        found.append(clause)
        return
    before = found[-1]
    first = _HOW_MUCH.search(before)
    this = _AND_THIS.fullmatch(clause)
    if this:
        found.append(f"{this['own']}{before[first.start() :]}" if first else f"{this['own']}，{before}")
    elif len(HAN.findall(clause)) < _SHORT and (_HOW_MUCH.search(clause) or _YES_OR_NO.search(clause)):
        if first:
            found.append(f"{before[: first.start()]}，{clause}" if first.start() else clause)
        else:
            found[-1] = f"{before}，{clause}"
    elif _only_asks_on(clause, before):
        found[-1] = f"{before}，{clause}"
    else:
        found.append(clause)


def _only_asks_on(clause: str, before: str) -> bool:
    """Whether it is a detail of a question that is answered with yes, no or a way to go: "…能退吗，要押多少钱"."""
    if _ADDED.match(clause) or _HOW_MUCH.search(before):
        return False
    short = len(HAN.findall(clause)) <= _DETAIL and bool(_HOW_MUCH.search(clause))
    return bool(_ASKS_ON.fullmatch(clause.rstrip("?？"))) or (short and bool(_YES_OR_NO.search(before)))


def chinese_pair(asked: str) -> tuple[str, ...]:
    """ "手机和笔记本换电池各多少钱": each thing with what is asked of both."""
    if twice := _TWICE.fullmatch(asked):
        return (f"{twice['lead']}{twice['first']}", f"{twice['lead']}{twice['second']}")
    if same := _ALIKE.fullmatch(asked):
        return (f"{same['first']}{same['rest']}", f"{same['second']}{same['rest']}")
    found = _CHINESE_PAIR.fullmatch(asked)
    if not found:
        return ()
    before, after = found["before"], found["after"]
    start = max(before.rfind(sign) + 1 for sign in "，,。？?")
    first = before[start:]
    if not first:
        return ()
    alike = after.find(first[-1])
    end = (_CHINESE_END if "的" in first else _CHINESE_OWNED).search(after, 1)
    until = alike + 1 if 0 <= alike < 10 else end.start() if end else len(after)
    second, rest = after[:until], after[until:]
    if len(first) - len(second) > _FEW:
        first = first[-max(len(second), _FEW) :]
    shared = before[: len(before) - len(first)]
    return (f"{shared}{first}{rest}", f"{shared}{second}{rest}")
