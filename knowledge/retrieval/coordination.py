"""Writes out what a question says once of several things: "a fee on short flights and on long ones" is two fees.

Coordination and gapping as grammars of English and Chinese describe them, by patterns: what the halves share is said
again in each, so that either finds its own evidence.
"""

import re

_STEM = r"(?:what(?:'s)?|how (?:much|many|long|soon|far|fast|quickly|often)|when|which)\b"
_ADJUNCT = r"(?:for|on|with|in|at|from|as|by|if|when|of|after|once|during|under|about|to)\b"
_GAPPED = re.compile(rf"(?P<stem>{_STEM})(?:\s+about)?\s+(?P<own>{_ADJUNCT}.*)", re.IGNORECASE)
_CUTS = re.compile(r"\b(?:for|on|with|in|at|from|as|by|if|when|of|after|once|during|under)\b", re.IGNORECASE)
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
_LONGEST = 240  # characters
_FEW = 2  # words that may stand against fewer

_AGAIN = re.compile(
    r"(?P<shared>.*?\b(?P<sign>about|for|on|in|with|at|from|to|as|by|if))\s+(?P<first>[^,?:]+?),?\s+and\s+"
    r"(?P=sign)\s+(?!what\b|which\b|how\b)(?P<second>[^,?:.]+)(?P<rest>[,:?].*)?",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"(?P<before>.*?)\s+(?:vs\.?|versus|compared\s+(?:to|with))\s+(?P<second>[^,?:;]+)(?P<rest>.*)", re.IGNORECASE
)
_BOTH = re.compile(
    r"(?P<lead>.*?\b(?:what(?:'s| is| are)|how much (?:is|are)))\s+(?P<first>(?:the |your )?[^,?]{2,60}?)\s+and\s+"
    r"(?P<second>(?:the |your )?(?!what\b|how\b)[^,?]{2,60}?)(?P<rest>(?:\s+(?:of|for|on|with|in|at|if|when)\b.*)?)",
    re.IGNORECASE,
)
_NO_PAIR = re.compile(r"\b(?:between|both|either|terms|difference)\b", re.IGNORECASE)

_CHINESE_PAIR = re.compile(
    r"(?P<before>.*?)(?:和|跟|与|还是|、)跟?(?P<after>[^，,。？?]+(?:[，,][^，,。？?]*)?(?:分别|各自?|哪个|哪种).*)"
)
_CHINESE_END = re.compile(r"[，,在]|分别|各|哪")
_CHINESE_OWNED = re.compile(rf"的|{_CHINESE_END.pattern}")


def completed(clause: str, before: str) -> str:
    """A clause that leaves out what the one before it says: "how long for points" after "how long does cash take"."""
    found = _GAPPED.fullmatch(clause)
    stem = found["stem"].lower().removesuffix("'s") if found else ""
    at = before.lower().rfind(stem)
    if not found or at < 0:
        return clause
    own = found["own"]
    cuts = [cut.start() for cut in _CUTS.finditer(before, at + len(stem))]
    same = [cut for cut in cuts if before[cut:].lower().startswith(f"{own.split()[0].lower()} ")]
    if stem == "what" and own.lower().startswith("if ") and not same:
        return clause
    last = _LAST_THING.search(before, at + len(stem))
    place = same[-1] if same else cuts[-1] if cuts else last.start() if last else len(before)
    return f"{before[:place].rstrip(' ,')} {_named(own, before[place:])}"


def coordinated(question: str) -> tuple[str, ...]:
    """The two questions that one asks of two things; none where it asks but one, or is a whole story."""
    asked = question.strip().rstrip("?？ ")
    if len(asked) > _LONGEST:
        return ()
    return _again(asked) or _against(asked) or _both(asked) or _chinese(asked)


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


def _chinese(asked: str) -> tuple[str, ...]:
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
