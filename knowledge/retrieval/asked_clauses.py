"""The clauses of a question that ask something by themselves, each so that it can be asked alone.

What is told before them goes with each; what a clause leaves out ("and by when") or only points to ("how big are
they") it gets from the one before.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.retrieval.chinese_clauses import asks_in_chinese, chinese_clauses, chinese_standing_alone
from knowledge.retrieval.coordination import completed
from knowledge.retrieval.things import is_thing
from knowledge.text.clauses import ASKING, SENTENCE_END, says_little
from knowledge.text.han import HAN

_SENTENCE = re.compile(SENTENCE_END)
_FRAME = r"(?:[^?？]{1,80}(?:[,，:：]|\s[-–—])\s*)?"  # "For the gold card: …", "If I move, …"
_HOW = r"how\s+(?:many|much|long|far|soon|old|big|late|often|high|low|fast|quick(?:ly)?|early|hot|large|small|wide)"
_BEFORE_WH = r"(?:by|until|till|up\s+to|from|within|in|under|over|at|after|for|on|with|to|of|above|below|since|into|through|beyond)"
_WH = rf"(?:{_BEFORE_WH}\s+(?:about\s+)?(?:what|which|whom|when|{_HOW})|{_HOW}|what|whats|how|which|who|where|why|whens|hows|wheres)\b"
_SUBJECT = (
    r"(?:i|we|you|it|they|he|she|there|this|that|those|these|the|an?|my|your|our|his|her|their|its|any|some|someone"
    r"|anyone|somebody|anybody|everyone|everything|all|both)\b"
)
_VERB_FIRST = (
    rf"(?:(?:do|does|did|can)\s+\w|(?:would|will|could|should)\s+(?!(?:be|like|also|not|still|need|have|get|only|then|prefer|rather|never)\b)\w|(?:is|are|was|were|am|has|have|must|could|will|would|should|may)(?:n['’]?t)?\s+{_SUBJECT}"
    r"|(?:is|are)\s+(?!(?:still|not|now|then|also|\w+(?:ed|en))\b)\w)"
)
_WHEN = r"when(?:['’]s|\s+(?:is|are|do|does|did|can|will|must|should))\b"
_OPENS = rf"(?:{_WH}(?!['’]?s?\s*[?.,]?$)|{_WHEN}|when\s*[?.]?$|when\s+(?:on|in|at|for|with|under)\b|{_VERB_FIRST})"
_LEADS = r"(?:if|when|once|after|before|while|as|with|on|for|in|at|apart\s+from|should|i|i['’]m|we|my)\b"
_AND = re.compile(
    rf"(?:\s*[,.;–—-]\s*|\s+)(?:and|also|but|then|&|\+|(?<=, )plus)\s+(?:(?:also|then|so|apart from that)\s+)*"
    rf"(?=(?:{_LEADS}(?:(?!\s(?:and|or)\s)[^,?.;]){{1,60}}[,\s]\s*)?(?:{_OPENS}|{_WH}))"
    rf"|(?P<or>(?:,\s*|\s+)or\s+(?=(?:if\b[^,?]*,?\s*)?{ASKING}))"
    rf"|(?P<bare>\s*[,;]\s*(?=(?:what|whats|how|which|{_BEFORE_WH}\s+(?:what|which|how))\b))"
    r"|\s*[,，](?=以及|还有|那|另外)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    rf"{_FRAME}(?!\w+['’]t\s+(?!{_SUBJECT})){ASKING}|.*[?？]\s*$"
    rf"|.*\b(?:(?:what|whats)\b(?!\s+(?:i|we|you|he|she|they|it|my|his|her)\b)|how\b(?!\s+\w+\s+to\b)|(?:by|until)\s+when\b)"
    rf"|{_FRAME}{_BEFORE_WH}\s+(?:what|which|how|when)\b|{_FRAME}{_VERB_FIRST}"
    rf"|(?:if|when|once|after)\b.*\s(?:do|does|is|are|can|will|would|could|should|must)\s+{_SUBJECT}",
    re.IGNORECASE,
)
_ASKED = re.compile(rf"\b(?:{_WH}|{_WHEN})", re.IGNORECASE)
_YES_OR_NO = re.compile(rf"(?:.*[,:.;]\s*|(?:and|also|but|so|if\b.*?)\s+)?{_VERB_FIRST}", re.IGNORECASE)
_BARE = re.compile(
    rf"(?:and\s+)?(?:{_WH}|when)(?:\s+(?!about\b|is\b|are\b|do|does\b|can\b|must\b|for\b|if\b|it\b)[\w'’-]+){{0,2}}",
    re.IGNORECASE,
)
_AUX = r"(?:do|does|did|is|are|am|was|were|can|could|must|will|would|should|may|might|has|have)\b|(?:i|we|you|they|he|she|it)\b"
_INVERTED = re.compile(
    rf"(?P<lead>.*?)\b(?:{_WH}|when)(?:\s+(?!(?:{_AUX}))[\w'’-]+){{0,4}}?\s+(?P<rest>(?:{_AUX}|my\b|the\b).*)",
    re.IGNORECASE,
)
_WITHOUT_VERB = re.compile(
    rf"{_WH}\s+(?:do|does|did|can|must|will)\s+(?:i|we|you|he|she|they|(?:my|the)\s+[\w'’-]+)", re.IGNORECASE
)
_SAID_OF_ONE = re.compile(
    r"\b(?:do|does|did|can|must|will)\s+(?:i|we|you|he|she|they|(?:my|the)\s+[\w'’-]+)\s+(?P<rest>.+)", re.IGNORECASE
)
_POINTS = re.compile(
    r"\b(?:it|its|they|them|their|those|(?:is|does|do|was|will|can|with|for|after)\s+that)\b", re.IGNORECASE
)
_HEAD = re.compile(r"(?P<head>[^:?]{2,60}?)(?::|\s[-–—])\s+(?P<rest>.+)")
_WHICH = re.compile(r"which\s+(?P<thing>.*)", re.IGNORECASE)
_TOPIC = re.compile(
    rf"(?:(?:.*?\s)??(?:{_WH}|when)(?:['’]s)?\s+)?(?:(?:(?!{_AUX})[\w'’-]+\s+){{0,3}}(?:{_AUX})\s+)?(?:{_AUX}\s+)?(?P<thing>.*)",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"(?:and |but )?(?:what|how) about\b", re.IGNORECASE)
_AMOUNT = re.compile(r"what(?:['’]?s| is| are) the \w+(?: per \S+| a \w+)?", re.IGNORECASE)
_ADDS = re.compile(r"\s*(?:and|also|plus)\b(?:\s+also\b)?", re.IGNORECASE)
_THERE = re.compile(r"(?:is|are) there\b", re.IGNORECASE)
_DETAIL = 7  # words of a question that only asks on: "is the pool warm? what degrees"
_MAX_TOPIC = 8


@dataclass(frozen=True, kw_only=True)
class _Clause:
    """asks: whether it asks something; added: whether "and" or the like stands before it."""

    text: str
    asks: bool
    added: bool = False


def asked_clauses(question: str) -> tuple[str, list[str]]:
    """What is told beside the questions, and the clauses that ask."""
    clauses = [clause for sentence in _SENTENCE.split(question) if sentence.strip() for clause in _clauses(sentence)]
    clauses = _with_details(clauses)
    told = " ".join(clause.text for clause in clauses if not clause.asks)
    return told, _standing_alone([clause.text for clause in clauses if clause.asks])


def _clauses(sentence: str) -> Iterator[_Clause]:
    """A sentence cut where a second question begins; "or" and a mere comma after a yes-or-no question only ask on."""
    adds = _ADDS.match(sentence)
    start, added = adds.end() if adds else 0, bool(adds)
    for cut in _AND.finditer(sentence):
        before = sentence[start : cut.start()].strip()
        alone = bool(cut["or"] or cut["bare"])
        asks = _asks(before) and not (alone and _is_closed(before))
        if (asks or (is_thing(before) and not alone)) and (
            len(before.split()) > 1 or HAN.search(before) or before.lower() == "why"
        ):
            yield from _cleaned(before, added=added, asks=True)
            start, added = cut.end(), not alone
    yield from _cleaned(sentence[start:], added=added, asks=False)


def _cleaned(half: str, *, added: bool, asks: bool) -> Iterator[_Clause]:
    for clause in chinese_clauses(half):
        if text := clause.strip(" ,，;-–—?？"):
            yield _Clause(text=text, asks=asks or _asks(clause.strip()), added=added)


def _asks(clause: str) -> bool:
    return bool(_ASKS.match(clause)) or asks_in_chinese(clause)


def _is_closed(clause: str) -> bool:
    """Whether it is to be answered with yes or no."""
    return bool(_YES_OR_NO.match(clause)) and not _ASKED.search(clause)


def _with_details(clauses: Sequence[_Clause]) -> list[_Clause]:
    """A yes-or-no question with what asks on about it: "is the pool warm? what degrees", "can I, and what does it cost"."""
    found: list[_Clause] = []
    for clause in clauses:
        text = clause.text
        short = bool(_ASKED.match(text)) and len(text.split()) <= _DETAIL
        on = short and (not clause.added or _POINTS.search(text) or _AMOUNT.fullmatch(text))
        if found and _is_closed(found[-1].text) and not HAN.search(text) and (on or _BARE.fullmatch(text)):
            found[-1] = replace(found[-1], text=f"{found[-1].text}, {text}")
        else:
            found.append(clause)
    return found


def _standing_alone(asking: Sequence[str]) -> list[str]:
    """The clauses, each with what it leaves out; "what about the limits" only opens the clause after it."""
    found: list[str] = []
    for clause in asking:
        if not found or HAN.search(clause):
            chinese_standing_alone(found, clause)
        elif _ABOUT.match(found[-1]) or (says_little(clause) and not _ASKED.match(clause) and not _THERE.match(clause)):
            found[-1] = f"{found[-1]}, {clause}"
        else:
            found.append(_asked_alone(clause, found[-1]))
    return found


def _asked_alone(clause: str, before: str) -> str:
    """A clause with what it takes from the one before: its verb, its topic, or the heading over both."""
    if _BARE.fullmatch(clause) and (inverted := _INVERTED.fullmatch(before)):
        return f"{inverted['lead']}{clause} {inverted['rest']}"
    if _WITHOUT_VERB.fullmatch(clause) and (said := _SAID_OF_ONE.search(before)):
        return f"{clause} {said['rest']}"
    if (full := completed(clause, before)) != clause:
        return full
    headed = _HEAD.fullmatch(before)
    head, asked = (f"{headed['head']}: ", headed["rest"]) if headed else ("", before)
    topic = _WHICH.fullmatch(asked) or _TOPIC.fullmatch(asked)
    if topic and _leans(clause) and 1 < len(topic["thing"].split()) <= _MAX_TOPIC:
        return f"{head}{topic['thing']}: {clause}"
    return clause if _HEAD.fullmatch(clause) else f"{head}{clause}"


def _leans(clause: str) -> bool:
    return bool(_POINTS.search(clause) or _BARE.fullmatch(clause) or _ABOUT.match(clause))
