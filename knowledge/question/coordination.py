"""Writes out what a question says once of several things: "a fee on short flights and on long ones" is two fees.

Coordination and gapping as grammars of English describe them, by patterns: what the halves share is said
again in each, so that either finds its own evidence.
"""

import re

_STEM = r"(?:what(?:'s)?|how (?:much|many|long|soon|far|fast|quickly|often)|when|which)\b"
_ADJUNCT = r"(?:for|on|with|in|at|from|as|by|if|when|of|after|once|during|under|about|to)\b"
_GAPPED = re.compile(rf"(?P<stem>{_STEM})(?:\s+about)?\s+(?P<own>{_ADJUNCT}.*)", re.IGNORECASE)
CUTS = re.compile(
    r"\b(?:for|on|with|in|at|from|as|by|if|when|of|after|once|during|under|per|inside|outside|without)\b", re.IGNORECASE
)
_LAST_THING = re.compile(r"\b(?:an?|the|my|your)\s+[\w'’-]+(?:\s+[\w'’-]+)?$", re.IGNORECASE)
_ONE = re.compile(
    r"(?P<article>\b(?:an?|the)\s+)?(?P<kind>(?<![\w'’-])[\w'’-]+\s+)ones?$|^ones?\b(?!\s+(?:of|i|we|you)\b)",
    re.IGNORECASE,
)

DETERMINED = re.compile(r"\b(?:an?|the|my|your)\s", re.IGNORECASE)
LONGEST = 240
"""Characters of a question that is taken apart by its grammar; longer ones are stories."""

_AGAIN = re.compile(
    r"(?P<shared>.*?\b(?P<sign>about|for|on|in|with|at|from|to|as|by|if))\s+(?P<first>[^,?:]+?),?\s+and\s+"
    r"(?P=sign)\s+(?!what\b|which\b|how\b)(?P<second>[^,?:.]+)(?P<rest>[,:?].*)?",
    re.IGNORECASE,
)
_BOTH = re.compile(
    r"(?P<lead>.*?\b(?:what(?:'s| is| are)|how much (?:is|are)))\s+(?P<first>(?:the |your )?[^,?]{2,60}?)\s+and\s+"
    r"(?P<second>(?:the |your )?(?!what\b|how\b|don['’]?t\b|not\b|a half\b"
    r"|\w+ed\b)[^,?]{2,60}?)(?P<rest>(?:\s+(?:of|for|on|with|in|at|if|when)\b.*)?)",
    re.IGNORECASE,
)
NO_PAIR = re.compile(r"\b(?:between|both|either|terms|difference)\b", re.IGNORECASE)


def completed(clause: str, before: str) -> str:
    """A clause that leaves out what the one before it says: "how long for points" after "how long does cash take"."""
    found = _GAPPED.fullmatch(clause)
    stem = found["stem"].lower().removesuffix("'s") if found else ""
    at = before.lower().rfind(stem)
    if not found or at < 0:
        return clause
    own = found["own"]
    cuts = [cut.start() for cut in CUTS.finditer(before, at + len(stem))]
    sign = re.compile(rf"\b{re.escape(own.split()[0])}\s", re.IGNORECASE)
    same = [cut.start() for cut in sign.finditer(before, at + len(stem))]
    if stem == "what" and own.lower().startswith("if ") and not same:
        return clause
    last = _LAST_THING.search(before, at + len(stem))
    place = same[-1] if same else cuts[-1] if cuts else last.start() if last else len(before)
    return f"{before[:place].rstrip(' ,')} {named(own, before[place:])}"


def another_adjunct(asked: str, own: str) -> str:
    """What is asked, of another case: "a wire inside the country" and "abroad" make "a wire abroad"."""
    sign = own.split(maxsplit=1)[0].lower()
    cuts = [cut.start() for cut in CUTS.finditer(asked) if cut.start() and cut.group() != "of"]
    same = [cut.start() for cut in re.finditer(rf"\b{re.escape(sign)}\s", asked, re.IGNORECASE) if cut.start()]
    last = _LAST_THING.search(asked) if DETERMINED.match(own) else None
    place = same[-1] if same else last.start() if last else cuts[-1] if cuts else len(asked)
    return f"{asked[:place].rstrip(' ,')} {own}"


def coordinated(asked: str) -> tuple[str, ...]:
    """The two questions that one asks of two things; none where it asks but one."""
    return _again(asked) or _both(asked)


def _again(asked: str) -> tuple[str, ...]:
    """ "…about a bag that is late, and about one that is broken": the same sign before each."""
    found = _AGAIN.fullmatch(asked)
    if not found:
        return ()
    shared, rest = found["shared"], found["rest"] or ""
    return (f"{shared} {found['first']}{rest}", f"{shared} {named(found['second'], found['first'])}{rest}")


def _both(asked: str) -> tuple[str, ...]:
    """ "What are the fee and the limit of…"."""
    found = _BOTH.fullmatch(asked)
    if not found or NO_PAIR.search(asked):
        return ()
    return (
        f"{found['lead']} {found['first']}{found['rest']}",
        f"{found['lead']} {found['second']}{found['rest']}",
    )


def named(own: str, other: str) -> str:
    """ "A long one" beside "a short flight" is a long flight; "one that broke" beside "a bag that is late" is a bag."""

    def thing(match: re.Match[str]) -> str:
        if match["kind"]:
            common = DETERMINED.search(other) or other.endswith("s")
            return f"{match['article'] or ''}{match['kind']}{other.rsplit(maxsplit=1)[-1]}" if common else match.group()
        head = re.match(
            r"\W*(?:(?:for|on|with|in|at|from|as|by|of|about|to)\s+)?((?:an?|the|my|your)\s+[\w'’-]+)", other
        )
        return head[1] if head else match.group()

    return _ONE.sub(thing, own) if other.split() else own
