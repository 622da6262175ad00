"""Writes out what a question says once of several things: "a fee on short flights and on long ones" is two fees.

Coordination and gapping as grammars of English describe them, by patterns: what the halves share is said
again in each, so that either finds its own evidence.
"""

import re

from knowledge.retrieval.chinese_clauses import chinese_pair

_STEM = r"(?:what(?:'s)?|how (?:much|many|long|soon|far|fast|quickly|often)|when|which)\b"
_ADJUNCT = r"(?:for|on|with|in|at|from|as|by|if|when|of|after|once|during|under|about|to)\b"
_GAPPED = re.compile(rf"(?P<stem>{_STEM})(?:\s+about)?\s+(?P<own>{_ADJUNCT}.*)", re.IGNORECASE)
_CUTS = re.compile(r"\b(?:for|on|with|in|at|from|as|by|if|when|of|after|once|during|under|per)\b", re.IGNORECASE)
_LAST_THING = re.compile(r"\b(?:an?|the|my|your)\s+[\w'’-]+(?:\s+[\w'’-]+)?$", re.IGNORECASE)
_ONE = re.compile(
    r"(?P<article>\b(?:an?|the)\s+)?(?P<kind>(?<![\w'’-])[\w'’-]+\s+)ones?$|^ones?\b(?!\s+(?:of|i|we|you)\b)",
    re.IGNORECASE,
)

_EDGE = re.compile(rf"(?:[,:;?.]|{_CUTS.pattern}|\bto)\s+(?=\S|$)", re.IGNORECASE)
_AT_EDGE = re.compile(rf"(?:[,:;?.]|{_CUTS.pattern}|\bto)\s+$", re.IGNORECASE)
_POINTS = re.compile(
    r"(?:mine|yours?|you|me|it|them|this|that|others?|(?:now|then|today|before|once|when|last)\b.*)", re.IGNORECASE
)
_DETERMINED = re.compile(r"\b(?:an?|the|my|your)\s", re.IGNORECASE)
LONGEST = 240
"""Characters of a question that is taken apart by its grammar; longer ones are stories."""
_FEW = 2  # words that may stand against fewer

_AGAIN = re.compile(
    r"(?P<shared>.*?\b(?P<sign>about|for|on|in|with|at|from|to|as|by|if))\s+(?P<first>[^,?:]+?),?\s+and\s+"
    r"(?P=sign)\s+(?!what\b|which\b|how\b)(?P<second>[^,?:.]+)(?P<rest>[,:?].*)?",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"(?P<before>.*?)\s+(?:vs\.?|versus|as\s+against|compared?\s+(?:to|with)|(?<!rather )(?<!more )(?<!other )than(?=\s+(?:on|with|for|in|at)\s))\s+"
    r"(?:(?:on|with|for|in|at)\s+)?(?P<second>[^,?:;.]+)(?P<rest>.*)",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"(?P<before>(?:compare\b|(?:.*?[,:]\s*)?(?:what|when|how|which|from what|by when)\b.*?\b(?:do|does)\b(?!\s+(?:i|we|you|they|my)\b)"
    r"|how do\b.*?\bcompare).*?)\s+(?:and|or)\s+(?P<second>(?:the |an? |my )?[^,?:;]{2,40}?)"
    r"(?P<rest>\s+(?:cost|costs|mean|pay|pays|allow|shut|open|get|give|take|draw|eat|need|compare|charge|earn|last|have|accept)\b.*"
    r"|\s+(?:in|at|of|for)\s.*|)",
    re.IGNORECASE,
)
_OR = re.compile(
    r"(?P<before>(?!(?:is|are|do|does|can|will|would)\b).*\b(?:more|less|better|(?:cheap|dear|big|high|long|fast|low|small|quick)g?er|cheapest|price|cost|fee|limit|rate|deposit)\b.*?)\s*[:,]\s+"
    r"(?!(?:at|in|on|by|from|just|straight|once|every|each|one|all|\d+)\b)(?P<first>[^,:?]{2,40}?)\s+or\s+(?P<second>[^,:?]{2,40})",
    re.IGNORECASE,
)
_PLACED = re.compile(
    r"(?P<before>(?:.*\b(?:how much|how many|limits?|caps?|rates?|fees?|prices?|max)\b.*)\b(?:on|for|of|in)\s+)(?P<first>[\w'’-]+(?: [\w'’-]+)?)\s+and\s+(?P<second>[\w'’-]+(?: [\w'’-]+)?)",
    re.IGNORECASE,
)
_BOTH = re.compile(
    r"(?P<lead>.*?\b(?:what(?:'s| is| are)|how much (?:is|are)))\s+(?P<first>(?:the |your )?[^,?]{2,60}?)\s+and\s+"
    r"(?P<second>(?:the |your )?(?!what\b|how\b|don['’]?t\b|not\b|a half\b|\w+ed\b)[^,?]{2,60}?)(?P<rest>(?:\s+(?:of|for|on|with|in|at|if|when)\b.*)?)",
    re.IGNORECASE,
)
_NO_PAIR = re.compile(r"\b(?:between|both|either|terms|difference)\b", re.IGNORECASE)

def completed(clause: str, before: str) -> str:
    """A clause that leaves out what the one before it says: "how long for points" after "how long does cash take"."""
    found = _GAPPED.fullmatch(clause)
    stem = found["stem"].lower().removesuffix("'s") if found else ""
    at = before.lower().rfind(stem)
    if not found or at < 0:
        return clause
    own = found["own"]
    cuts = [cut.start() for cut in _CUTS.finditer(before, at + len(stem))]
    sign = re.compile(rf"\b{re.escape(own.split()[0])}\s", re.IGNORECASE)
    same = [cut.start() for cut in sign.finditer(before, at + len(stem))]
    if stem == "what" and own.lower().startswith("if ") and not same:
        return clause
    last = _LAST_THING.search(before, at + len(stem))
    place = same[-1] if same else cuts[-1] if cuts else last.start() if last else len(before)
    return f"{before[:place].rstrip(' ,')} {_named(own, before[place:])}"


def another_adjunct(asked: str, own: str) -> str:
    """What is asked, of another case: "a wire inside the country" and "abroad" make "a wire abroad"."""
    sign = own.split()[0].lower()
    cuts = [cut.start() for cut in _CUTS.finditer(asked) if cut.start()]
    same = [cut for cut in cuts if asked[cut:].lower().startswith(f"{sign} ")]
    last = _LAST_THING.search(asked) if _DETERMINED.match(own) else None
    place = same[-1] if same else last.start() if last else cuts[-1] if cuts else len(asked)
    return f"{asked[:place].rstrip(' ,')} {own}"


def coordinated(question: str) -> tuple[str, ...]:
    """The two questions that one asks of two things; none where it asks but one, or is a whole story."""
    asked = question.strip().rstrip("?？ ")
    if len(asked) > LONGEST:
        return ()
    return _again(asked) or _against(asked) or _both(asked) or _beside(asked) or chinese_pair(asked)


def _again(asked: str) -> tuple[str, ...]:
    """ "…about a bag that is late, and about one that is broken": the same sign before each."""
    found = _AGAIN.fullmatch(asked)
    if not found:
        return ()
    shared, rest = found["shared"], found["rest"] or ""
    return (f"{shared} {found['first']}{rest}", f"{shared} {_named(found['second'], found['first'])}{rest}")


def _against(asked: str) -> tuple[str, ...]:
    """ "…a battery, phone versus laptop": the thing right before the sign, or the last one named with an article."""
    found = _AGAINST.fullmatch(asked)
    if not found or _POINTS.fullmatch(found["second"].strip()):
        return ()
    before, second, rest = found["before"], found["second"].strip(), found["rest"]
    place, end = _thing_before(before, second)
    first, after = before[place:end], before[end:]
    bare = place == 0 or _AT_EDGE.search(before[:place])
    if not first.strip() or not (bare or _DETERMINED.match(first) or len(second.split()) <= _FEW):
        return ()
    return (f"{before}{rest}", f"{before[:place]}{_named(second, first)}{after}{rest}")


def _beside(asked: str) -> tuple[str, ...]:
    """ "Compare the price of A and B", "what do A and B cost", "which is cheaper, A or B"."""
    if found := _OR.fullmatch(asked):
        return (f"{found['before']}, {found['first']}", f"{found['before']}, {found['second']}")
    if found := _PLACED.fullmatch(asked):
        return (f"{found['before']}{found['first']}", f"{found['before']}{found['second']}")
    found = _BESIDE.fullmatch(asked)
    if not found or _NO_PAIR.search(asked):
        return ()
    before, second, rest = found["before"], found["second"], found["rest"]
    place, end = _thing_before(before, second)
    if not before[place:end].strip() or not before[:place].strip():
        return ()
    return (f"{before}{rest}", f"{before[:place]}{_named(second, before[place:end])}{before[end:]}{rest}")


def _thing_before(before: str, second: str) -> tuple[int, int]:
    """Where the thing begins and ends that the second is set against: as long as it, and with an article where it has one."""
    count = len(second.split())
    starts = [match.start() for match in re.finditer(r"\S+", before)]
    if _DETERMINED.match(second):
        named = [match.start() for match in _DETERMINED.finditer(before)]
        place = next((at for at in reversed(named) if len(before[at:].split()) >= count), -1)
        if place >= 0:
            return place, place + list(re.finditer(r"\S+", before[place:]))[count - 1].end()
    place = starts[-count] if len(starts) >= count else 0
    place = max([place, *(edge.end() for edge in _EDGE.finditer(before) if edge.end() < len(before))])
    article = re.search(r"\b(?:an?|the|my|your)\s+$", before[:place], re.IGNORECASE)
    return (article.start() if article else place), len(before)


def _both(asked: str) -> tuple[str, ...]:
    """ "What are the fee and the limit of…"."""
    found = _BOTH.fullmatch(asked)
    if not found or _NO_PAIR.search(asked):
        return ()
    return (
        f"{found['lead']} {found['first']}{found['rest']}",
        f"{found['lead']} {found['second']}{found['rest']}",
    )


def _named(own: str, other: str) -> str:
    """ "A long one" beside "a short flight" is a long flight; "one that broke" beside "a bag that is late" is a bag."""

    def thing(match: re.Match[str]) -> str:
        if match["kind"]:
            common = _DETERMINED.search(other) or other.endswith("s")
            return f"{match['article'] or ''}{match['kind']}{other.rsplit(maxsplit=1)[-1]}" if common else match.group()
        head = re.match(
            r"\W*(?:(?:for|on|with|in|at|from|as|by|of|about|to)\s+)?((?:an?|the|my|your)\s+[\w'’-]+)", other
        )
        return head[1] if head else match.group()

    return _ONE.sub(thing, own) if other.split() else own
