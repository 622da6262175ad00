"""Two things set beside each other that are no names: "a phone vs a laptop", "what do A and B cost", "which is cheaper, A or B"."""

import re

from knowledge.question.coordination import CUTS, DETERMINED, NO_PAIR, named

_AGAINST = re.compile(
    r"(?P<before>.*?)\s+(?:vs\.?|versus|as\s+against|compared?\s+(?:to|with)|with\s+that\s+(?:for|of|on)"
    r"|(?<!rather )(?<!more )(?<!other )than(?=\s+(?:on|with|for|in|at)\s))\s+"
    r"(?:(?:on|with|for|in|at)\s+)?(?P<second>(?:[^,?:;.]|\.(?=\S))+)(?P<rest>.*)",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"(?P<before>(?:compare\b|(?:.*?[,:]\s*)?(?:what|when|how|which|from what|by when)\b.*?\b(?:do|does|would|are)\b"
    r"(?!\s+(?:i|we|you|they|my|there)\b)"
    r"|how do\b.*?\bcompare).*?)\s+and\s+(?P<second>(?:the |an? |my )?[^,?:;]{2,40}?)"
    r"(?P<rest>\s+(?:cost|costs|mean|pay|pays|allow|shut|open|get|give|take|draw|eat|need|compare|charge|earn"
    r"|last|have|accept)\b.*"
    r"|\s+(?:in|at|of|for)\s.*|,.*|)",
    re.IGNORECASE,
)
_OR = re.compile(
    r"(?P<before>(?!(?:is|are|do|does|can|will|would)\b).*\b(?:more|less|better"
    r"|(?:cheap|dear|big|high|long|fast|low|small|quick)g?er|cheapest|price|cost|fee|limit|rate"
    r"|deposit)\b.*?)\s*[:,]\s+"
    r"(?!(?:at|in|on|by|from|just|straight|once|every|each|one|all|\d+)\b)(?P<first>[^,:?]{2,40}?)\s+(?:or"
    r"|/)\s+(?P<second>[^,:?]{2,40})",
    re.IGNORECASE,
)
_PLACED = re.compile(
    r"(?P<before>(?:.*\b(?:how much|how many|how long|limits?|caps?|rates?|fees?|prices?|max)\b.*)\b(?:on|for"
    r"|of|in)\s+)"
    r"(?P<first>[\w'’-]+(?: [\w'’-]+)?)\s+and\s+(?P<second>[\w'’-]+(?: [\w'’-]+)?)",
    re.IGNORECASE,
)
_EDGE = re.compile(rf"(?:[,:;?.]|{CUTS.pattern}|\bto)\s+(?=\S|$)", re.IGNORECASE)
_AT_EDGE = re.compile(rf"(?:[,:;?.]|{CUTS.pattern}|\bto)\s+$", re.IGNORECASE)
_POINTS = re.compile(
    r"(?:mine|yours?|you|me|it|them|this|that|others?|(?:now|then|today|before|once|when|last)\b.*)", re.IGNORECASE
)
_DIFFERENCE = re.compile(
    r"(?P<lead>.*?)\bdifference\s+in\s+(?P<thing>.{3,30}?)\s+between\s+(?P<first>.+?)\s+and\s+(?P<second>.+)",
    re.IGNORECASE,
)
_WITHOUT = re.compile(r"(?P<before>.*\b)with\s+(?:and|or)\s+without\b(?P<rest>.*)", re.IGNORECASE)
_FEW = 2  # words that may stand against fewer


def paired(asked: str) -> tuple[str, ...]:
    """The question asked of each of the two; none where it sets nothing beside another thing."""
    return _against(asked) or _alternatives(asked) or _beside(asked)


def _against(asked: str) -> tuple[str, ...]:
    """ "…a battery, phone versus laptop": the thing right before the sign, or the last one named with an article."""
    found = _AGAINST.fullmatch(asked)
    if not found or _POINTS.fullmatch(found["second"].strip()):
        return ()
    before, second, rest = found["before"], found["second"].strip(), found["rest"]
    place, end = _thing_before(before, second)
    first, after = before[place:end], before[end:]
    bare = place == 0 or _AT_EDGE.search(before[:place])
    if not first.strip() or not (bare or DETERMINED.match(first) or len(second.split()) <= _FEW):
        return ()
    return (f"{before}{rest}", f"{before[:place]}{named(second, first)}{after}{rest}")


def _alternatives(asked: str) -> tuple[str, ...]:
    """ "Which is cheaper, A or B", "the fees on A and B"."""
    if found := _DIFFERENCE.fullmatch(asked):
        return (
            f"{found['lead']}{found['thing']}: {found['first']}",
            f"{found['lead']}{found['thing']}: {found['second']}",
        )
    if found := _WITHOUT.fullmatch(asked):
        return (f"{found['before']}with{found['rest']}", f"{found['before']}without{found['rest']}")
    found = _OR.fullmatch(asked)
    before = f"{found['before']}, " if found else ""
    if not found and (found := _PLACED.fullmatch(asked)):
        before = found["before"]
    return (f"{before}{found['first']}", f"{before}{found['second']}") if found else ()


def _beside(asked: str) -> tuple[str, ...]:
    """ "Compare the price of A and B", "what do A and B cost"."""
    found = _BESIDE.fullmatch(asked)
    if not found or NO_PAIR.search(asked):
        return ()
    before, second, rest = found["before"], found["second"], found["rest"]
    place, end = _thing_before(before, second)
    if not before[place:end].strip() or not before[:place].strip():
        return ()
    return (f"{before}{rest}", f"{before[:place]}{named(second, before[place:end])}{before[end:]}{rest}")


def _thing_before(before: str, second: str) -> tuple[int, int]:
    """Where the thing begins and ends that the second is set against: as long as it, and with an article where it has one."""
    count = len(second.split())
    starts = [match.start() for match in re.finditer(r"\S+", before)]
    if DETERMINED.match(second):
        named = [match.start() for match in DETERMINED.finditer(before)]
        place = next((at for at in reversed(named) if len(before[at:].split()) >= count), -1)
        if place >= 0:
            return place, place + list(re.finditer(r"\S+", before[place:]))[count - 1].end()
    place = starts[-count] if len(starts) >= count else 0
    place = max([place, *(edge.end() for edge in _EDGE.finditer(before) if edge.end() < len(before))])
    article = re.search(r"\b(?:an?|the|my|your)\s+$", before[:place], re.IGNORECASE)
    return (article.start() if article else place), len(before)
