"""Things that a question asks for without a question word: "Gold: fee abroad and late fee please", "A and B, what's each"."""

import re

from knowledge.question.coordination import DETERMINED, LONGEST, another_adjunct
from knowledge.text.han import HAN

_AMOUNT = (
    r"(?:price|cost|fee|charge|rate|limit|cap|max(?:imum)?|min(?:imum)?|balance|deposit|amount|number"
    r"|percent(?:age)?|size"
    r"|interest|apy|apr|bonus|reward|discount|deadline|deductible|score|bill|payment|compounding|crediting"
    r"|penalty|refund"
    r"|markup|surcharge|term|length|period|time|hours|days|months|years|age|notice|wait|delivery|dose|meaning"
    r"|requirement"
    r"|range|share|allowance|excess|premium|revenue|spend|rebate|back|off|perk|speed|weight|paydex|rent|wire|tier|step"
    r"|frequency|pay(?:out|back)|cashback|bundle|withdrawal|website|open(?:ing)?|keep|least|lowest|highest)s?"
)
_NAMES_AN_AMOUNT = re.compile(rf"\b{_AMOUNT}\b", re.IGNORECASE)
_TELLS = re.compile(
    r"(?:.*[,:]\s*)?(?:so\s+|hi\s+|well\s+)?(?:(?:if|when|once|because|since|while)\b|(?:i|we|you|he|she|they"
    r"|it|there|someone|somebody)(?:['’]\w+)?\s"
    r"|(?:my|our|the|a)\s+(?:[\w'’-]+\s+){1,3}(?:is|are|was|were|has|had|have|will|says?|said|wants?|needs?|got"
    r"|went|came|just)\b|(?:my|our)\s+(?:[\w'’-]+\s+){1,2}(?:died|\w+ed)\b"
    r"|(?:got|took|bought|went|spent|lost|paid|sent|moved|left|had|been|need|want|waited|flew|hired|signed|fell"
    r"|tried|booked)\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:what|whats|how|why|(?:to|by|in|at|for|from|until|since)\s+(?:which|whom|when))\b|(?:^"
    r"|[,:?.]\s*)(?:which|who|where|is|are|do|does|did|can|could|will|would|should|may|might|must|if)\b",
    re.IGNORECASE,
)
_NO_PAIR = re.compile(
    r"\b(?:between|difference|either|terms|and (?:no|still|stuff|such|so on|get|it)|yes or no)\b", re.IGNORECASE
)
_AND = re.compile(
    r"\s*[,?.]?\s*(?:\band\b|[&+]|(?<=[,?.] )plus\b|\bplus\b(?=\s+(?:the|an?|abroad|my)\b))\s*(?:also\s+|then\s+)?",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"(?P<head>[^:]{3,80}?)(?:\s*:|\s+[-–—]|,(?=\s+\S+(?:\s+\S+){0,5}\s+and\b))\s+(?P<list>.+)", re.IGNORECASE
)
_ADJUNCT = re.compile(
    r"(?:for|on|with(?:out)?|in|at|from|as|by|if|when|of|after|once|during|under|above|over|below|to|outside"
    r"|through|per)\b"
    r"|(?:abroad|afterwards|later|online|outside|domestic|international)\b",
    re.IGNORECASE,
)
_ONE = re.compile(r"(?:(?:the|an?)\s+)?one\s+(?!that\b|which\b|i\b)(?=\w)", re.IGNORECASE)
_TWO_KINDS = re.compile(
    rf"(?P<lead>(?:(?:what(?:['’]?s| is| are)|how much (?:is|are))\s+(?:the|your)\s+"
    rf"|.{{3,40}}:\s+)?)(?P<first>[\w-]+)\s+and\s+"
    rf"(?P<second>[\w-]+)\s+(?P<rest>(?:[\w-]+\s+){{0,2}}{_AMOUNT}\b.*)",
    re.IGNORECASE,
)
_POLITE = re.compile(r"\b(?:please|pls|thanks)\b", re.IGNORECASE)
_ADDED_UP = re.compile(r"\b(?:add(?:ed)?|together)\b", re.IGNORECASE)
_MOST = 2  # "and"s
_FEW = 14  # words
_PAIR = r"(?P<first>.{3,}?)\s*(?:,\s*)?\b(?:and|or)\b\s*(?P<second>[^,:?.]{3,60}?)\s*(?:[,:?.]|\s-)\s*"
_ONE_BY_ONE = r"\b(?:each(?!\s+(?:of\s+(?!us\b|them\b)|time\b|month\b|year\b|day\b))|both(?!\s+of\s+(?:us|you))|two)\b"
_OF_EACH = re.compile(
    rf"{_PAIR}(?P<asked>[^?]*\b(?:what|how|which)\b[^?]*?{_ONE_BY_ONE}[^?]*"
    r"|each.*|(?:price|cost) of (?:each|both))\s*",
    re.IGNORECASE,
)
_OF_THEM = re.compile(
    rf"{_PAIR}(?P<asked>(?:what|how)\b[^?]*\b(?:are|do|does) they\b[^?]*|what\s+are\s+the\s+\w+s)\s*", re.IGNORECASE
)
_IS_EACH = re.compile(r"(\b(?:is|are|do|does|did)|['’]s)\s+each\b", re.IGNORECASE)
_EACH = re.compile(r"\s*\b(?:for\s+|of\s+|on\s+)?(?:each|both)\b(?:\s+of them)?", re.IGNORECASE)


def is_thing(clause: str) -> bool:
    """Whether a clause names an amount or a date to be told, as a noun phrase: "cobalt blue rate"; not "the rate went up"."""
    return bool(_NAMES_AN_AMOUNT.search(clause)) and not _TELLS.match(clause) and len(clause) < LONGEST


def things(question: str) -> tuple[str, ...]:
    """The two things that are asked for; none where it is one."""
    if HAN.search(question):
        return ()
    asked = _POLITE.sub("", question).strip().rstrip("?!. ,")
    return _of_each(asked) or _listed(asked) or _two_kinds(asked)


def _two_kinds(asked: str) -> tuple[str, ...]:
    """ "Weekday and Sunday price of a visit": two kinds of one amount."""
    found = _TWO_KINDS.fullmatch(asked)
    if not found or _TELLS.match(asked) or _ASKS.search(found["rest"]):
        return ()
    return (f"{found['lead']}{found['first']} {found['rest']}", f"{found['lead']}{found['second']} {found['rest']}")


def _of_each(asked: str) -> tuple[str, ...]:
    """ "Film pass and kids box, how much each": what is asked of each of two things set before it."""
    found = _OF_EACH.fullmatch(asked)
    if not found and (found := _OF_THEM.fullmatch(asked)) and _TELLS.match(found["first"]):
        return ()
    if not found or _ASKS.search(found["first"]) or _ADDED_UP.search(asked):
        return ()
    question = _EACH.sub("", _IS_EACH.sub(r"\1 it", found["asked"])).strip()
    return (f"{found['first']}, {question}", f"{found['second']}, {question}")


def _listed(asked: str) -> tuple[str, ...]:
    """ "Gold: fee abroad and late fee": two noun phrases, or a question and one more thing that it asks of."""
    headed = _HEAD.fullmatch(asked)
    head, listed = (headed["head"], headed["list"]) if headed else ("", asked)
    cuts = list(_AND.finditer(listed))
    if not 1 <= len(cuts) <= _MOST or _NO_PAIR.search(asked) or (_TELLS.match(head) and not _ASKS.search(listed)):
        return ()
    first, second = listed[: cuts[-1].start()].strip(" ,"), listed[cuts[-1].end() :].strip(" ,")
    if not first or not second or _ASKS.search(second) or _TELLS.match(second) or _TELLS.match(first):
        return ()
    apart = cuts[-1].group().lstrip()[:1] in {",", "?"}
    again = _second(first, second, apart=apart, few=len(asked.split()) <= _FEW, head=head)
    shown = f"{head}: " if head else ""
    return (shown + first, shown + again) if again else ()


def _second(first: str, second: str, *, apart: bool, few: bool, head: str) -> str:
    """The second thing as it is asked for alone; empty where it is none. apart: a comma stands before its "and"."""
    own = _ONE.sub("", second) or second
    amount = bool(_NAMES_AN_AMOUNT.search(first))
    if _ASKS.search(first):
        return another_adjunct(first, own) if apart or _ADJUNCT.match(own) else ""
    if amount and _NAMES_AN_AMOUNT.search(own):
        return own
    if amount and (_ADJUNCT.match(own) or own != second or (apart and few and DETERMINED.match(second))):
        return another_adjunct(first, own)
    return own if (apart and few) or (head and _NAMES_AN_AMOUNT.search(f"{head} {first} {second}")) else ""
