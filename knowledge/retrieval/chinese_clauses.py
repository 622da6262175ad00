"""The clauses of a Chinese question that ask, and what they leave out: "…多少，续重呢", "…几次会锁，锁多久"."""

import re

from knowledge.text.han import HAN

_ASKS = re.compile(
    r"多少|多久|多长|多快|多重|多大|多高|(?<![好那这过了虑])几|什么|啥|怎么|咋|哪|吗|谁|呢[?？]?$"
    r"|能不能|可不可以|是不是|要不要|(?P<verb>[\u4e00-\u9fff])不(?P=verb)|[能行退让]不[?？]?$"
)
_HOW_MUCH = re.compile(r"(?:最[多高低少长短]|各|要)?(?:多少|多久|多长|多快|多重|多大|(?<![好那这过了虑])几|啥时候|什么时候|谁)")
_YES_OR_NO = re.compile(r"吗|能不能|可不可以|是不是|要不要|([\u4e00-\u9fff])不\1|不$")
_AND_THIS = re.compile(r"(?:那|要是|如果)?(?P<own>.+?)(?:的话)?(?:的)?呢")
_SHORT = 5  # characters: "放几天"

_CHINESE_PAIR = re.compile(
    r"(?P<before>.*?)(?:和|跟|与|还是|、)跟?(?P<after>[^，,。？?]+(?:[，,][^，,。？?]*)?(?:分别|各自?|哪个|哪种).*)"
)
_CHINESE_END = re.compile(r"[，,在]|分别|各|哪")
_CHINESE_OWNED = re.compile(rf"的|{_CHINESE_END.pattern}")
_FEW = 2  # characters that may stand against fewer


def asks_in_chinese(clause: str) -> bool:
    """Whether a clause has a Chinese question word or form."""
    return bool(HAN.search(clause) and _ASKS.search(clause))


def chinese_clauses(sentence: str) -> list[str]:
    """A sentence cut at its commas where two or more clauses ask; what asks nothing goes with what follows it."""
    pieces = re.split(r"[，,、](?=[^，,]*[\u4e00-\u9fff])", sentence)
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
    elif len(HAN.findall(clause)) < _SHORT and _HOW_MUCH.search(clause):
        if first:
            found.append(f"{before[: first.start()]}，{clause}" if first.start() else clause)
        else:
            found[-1] = f"{before}，{clause}"
    elif _YES_OR_NO.search(before) and not first and _HOW_MUCH.search(clause) and len(HAN.findall(clause)) <= 2 * _SHORT:
        found[-1] = f"{before}，{clause}"
    else:
        found.append(clause)


def chinese_pair(asked: str) -> tuple[str, ...]:
    """ "手机和笔记本换电池各多少钱": each thing with what is asked of both."""
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
