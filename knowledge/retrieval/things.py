"""Things that a question asks for without a question word: "Gold: fee abroad and late fee please", "A and B, what's each"."""

import re

from knowledge.retrieval.coordination import LONGEST, another_adjunct

_AMOUNT = (
    r"(?:price|cost|fee|charge|rate|limit|cap|max(?:imum)?|min(?:imum)?|balance|deposit|amount|number|percent(?:age)?|size"
    r"|interest|apy|apr|bonus|reward|discount|deadline|deductible|score|bill|payment|compounding|crediting|penalty|refund"
    r"|markup|surcharge|term|length|period|time|hours|days|months|years|age|notice|wait|delivery|dose|meaning|requirement"
    r"|range|share|allowance|excess|premium|revenue|spend|rebate|back|off|perk|speed|weight|paydex|rent|wire|tier|step"
    r"|frequency|pay(?:out|back)|cashback|bundle|withdrawal|website|open(?:ing)?|keep|least|lowest|highest)s?"
)
_NAMES_AN_AMOUNT = re.compile(rf"\b{_AMOUNT}\b", re.IGNORECASE)
_TELLS = re.compile(
    r"(?:.*[,:]\s*)?(?:so\s+|hi\s+|well\s+)?(?:(?:if|when|once|because|since|while)\b|(?:i|we|you|he|she|they|it|there|someone|somebody)(?:['’]\w+)?\s"
    r"|(?:my|our|the|a)\s+(?:[\w'’-]+\s+){1,3}(?:is|are|was|were|has|had|have|will|says?|said|wants?|needs?|got|went|came|just)\b|(?:my|our)\s+(?:[\w'’-]+\s+){1,2}(?:died|\w+ed)\b"
    r"|(?:got|took|bought|went|spent|lost|paid|sent|moved|left|had|been|need|want|waited|flew|hired|signed|fell|tried|booked)\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:what|whats|how|why)\b|(?:^|[,:?.]\s*)(?:which|who|where|is|are|do|does|did|can|could|will|would|should|may|might|must|if)\b",
    re.IGNORECASE,
)
_NO_PAIR = re.compile(r"\b(?:between|difference|either|terms|and (?:still|stuff|such|so on|get|it)|yes or no)\b", re.IGNORECASE)
_AND = re.compile(
    r"\s*[,?.]?\s*(?:\band\b|[&+]|(?<=[,?.] )plus\b|\bplus\b(?=\s+(?:the|an?|abroad|my)\b))\s*(?:also\s+|then\s+)?",
    re.IGNORECASE,
)
_HEAD = re.compile(r"(?P<head>[^:]{3,80}?)(?:\s*:|\s+[-–—]|,(?=\s+\S+(?:\s+\S+){0,5}\s+and\b))\s+(?P<list>.+)", re.IGNORECASE)
_ADJUNCT = re.compile(
    r"(?:for|on|with(?:out)?|in|at|from|as|by|if|when|of|after|once|during|under|above|over|below|to|outside|through|per)\b"
    r"|(?:abroad|afterwards|later|online|outside|domestic|international)\b",
    re.IGNORECASE,
)
_ONE = re.compile(r"(?:(?:the|an?)\s+)?one\s+(?!that\b|which\b|i\b)(?=\w)", re.IGNORECASE)
_DETERMINED = re.compile(r"(?:the|an?|my|your)\s", re.IGNORECASE)
_FEW = 14  # words
_PAIR = r"(?P<first>.{3,}?)\s*(?:,\s*)?\b(?:and|or)\b\s*(?P<second>[^,:?.]{3,60}?)\s*(?:[,:?.]|\s-)\s*"
_ONE_BY_ONE = r"\b(?:each(?!\s+(?:of|time|month|year|day)\b)|both(?!\s+of\s+(?:us|you))|two)\b"
_OF_EACH = re.compile(
    rf"{_PAIR}(?P<asked>[^?]*\b(?:what|how|which)\b[^?]*?{_ONE_BY_ONE}[^?]*|each.*|(?:price|cost) of (?:each|both))\s*", re.IGNORECASE
)
_OF_THEM = re.compile(
    rf"{_PAIR}(?P<asked>(?:what|how)\b[^?]*\b(?:are|do|does) they\b[^?]*|what\s+are\s+the\s+\w+s)\s*", re.IGNORECASE
)
_EACH = re.compile(r"\s*\b(?:for\s+|of\s+|on\s+)?(?:each|both)\b(?:\s+of them)?", re.IGNORECASE)


def is_thing(clause: str) -> bool:
    """Whether a clause names an amount or a date to be told, as a noun phrase: "cobalt blue rate"; not "the rate went up"."""
    return bool(_NAMES_AN_AMOUNT.search(clause)) and not _TELLS.match(clause) and len(clause) < LONGEST


def things(question: str) -> tuple[str, ...]:
    """The two things that are asked for; none where it is one, or a whole story."""
    asked = re.sub(r"\b(?:please|pls|thanks)\b", "", question, flags=re.IGNORECASE).strip().rstrip("?？!. ,")
    if len(asked) > LONGEST or not asked.isascii() and re.search(r"[\u4e00-\u9fff]", asked):
        return ()
    return _of_each(asked) or _named(asked)


def _of_each(asked: str) -> tuple[str, ...]:
    """ "Film pass and kids box, how much each": what is asked of each of two things set before it."""
    found = _OF_EACH.fullmatch(asked) or _OF_THEM.fullmatch(asked)
    if not found or (_OF_THEM.fullmatch(asked) and _TELLS.match(found["first"])) or _ASKS.search(found["first"]) or re.search(r"\badd(?:ed)?\b|together", asked):
        return ()
    question = _EACH.sub("", found["asked"]).strip()
    return (f"{found['first']}, {question}", f"{found['second']}, {question}")


def _named(asked: str) -> tuple[str, ...]:
    """ "Gold: fee abroad and late fee": two noun phrases, or a question and one more thing that it asks of."""
    if _NO_PAIR.search(asked):
        return ()
    headed = _HEAD.fullmatch(asked)
    head, listed = (headed["head"], headed["list"]) if headed else ("", asked)
    if _TELLS.match(head) and not _ASKS.search(listed):
        return ()
    cuts = list(_AND.finditer(listed))
    if not cuts or len(cuts) > 2:
        return ()
    cut = cuts[-1]
    first, second = listed[: cut.start()].strip(" ,"), listed[cut.end() :].strip(" ,")
    if not first or not second or _ASKS.search(second) or _TELLS.match(second) or _TELLS.match(first):
        return ()
    shown = f"{head}: " if head else ""
    own = _ONE.sub("", second) or second
    if _ASKS.search(first):
        apart = bool(re.match(r"\s*[,?]", cut.group())) or bool(_ADJUNCT.match(own))
        return (shown + first, shown + another_adjunct(first, own)) if apart and _ASKS.search(first) else ()
    if _NAMES_AN_AMOUNT.search(own) and _NAMES_AN_AMOUNT.search(first):
        return (shown + first, shown + own)
    if _NAMES_AN_AMOUNT.search(first) and (_ADJUNCT.match(own) or own != second):
        return (shown + first, shown + another_adjunct(first, own))
    listed_apart = "," in cut.group() and len(asked.split()) <= _FEW
    if listed_apart and _NAMES_AN_AMOUNT.search(first) and _DETERMINED.match(second):
        return (shown + first, shown + another_adjunct(first, own))
    if listed_apart or (head and _NAMES_AN_AMOUNT.search(asked)):
        return (shown + first, shown + own)
    return ()
