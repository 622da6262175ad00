"""Where a value of a relation may lie in a message, by what the values that the graph holds are like."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from agent.learning.graph.known import Known, parts, plain
from agent.learning.graph.speaking import MASK, Message
from knowledge.graph.name_table import fold

_CLAUSE = re.compile(r"[。！!？?；;，,\n\t]|\.(?=\s|$)")
_SENTENCE = re.compile(r"[。！!？?；;\n\t]|\.(?=\s|$)")
_TRAIL = re.compile(r"(?:等等|[哦呢啊呀的哈吧了噢喔嘛等]|\s)+$")
_LISTED = re.compile(r"\s*(?:[、,，;；]|和|以及|\band\b)\s*")


class ValueSpans(NamedTuple):
    """The places of the values of one listing, and how its end was told (see `wordings.Wording`)."""

    spans: tuple[tuple[int, int], ...]
    end: str


def spans_at(known: Known, message: Message, at: int, relation: str) -> Iterator[ValueSpans]:
    """What may be values of a relation at a place of a message, by each way to tell where one ends."""
    text, bounds = message.text, known.bounds[relation]
    while at < len(text) and text[at] in " :：*是有为":
        at += 1
    alphabet, choices = known.alphabets.get(relation, ""), known.choices.get(relation)
    found: list[tuple[int, str]] = []
    if choices is not None:
        folded = fold(text)
        lengths = range(min(bounds.longest, len(text) - at), 0, -1)
        found += [(at + n, "choice") for n in lengths if folded[at : at + n] in choices][:1]
    elif alphabet:
        stop = _run(text, at, alphabet)
        if any(character.isdigit() for character in text[at:stop]) and not text[at - 1 : at].isdigit():
            found.append((stop, fold(text[stop : stop + 1]) or "$"))
    else:
        for end, sign in (("clause", _CLAUSE), ("sentence", _SENTENCE)):
            match = sign.search(text, at)
            rest = text[at : match.start() if match else len(text)]
            found.append((at + len(_TRAIL.sub("", rest)), end))
    for stop, end in found:
        spans = tuple(_split(text, (at, stop), listed=relation not in known.single and not alphabet))
        # A name of an entity is no value, and what was masked is unknown.
        whole = all(bounds.fit(plain(text[start:stop])) and not message.covered(start, stop) for start, stop in spans)
        if spans and whole and not MASK.search(text[at:stop]):
            yield ValueSpans(spans, end)


def _run(text: str, at: int, alphabet: str) -> int:
    """Where a run of a relation's characters ends."""
    stop = at
    while stop < len(text) and fold(text[stop]) in alphabet:
        stop += 1
    return at + len(text[at:stop].rstrip(" .,;:。，；：-"))


def _split(text: str, span: tuple[int, int], *, listed: bool) -> Iterator[tuple[int, int]]:
    """The places of the values that a listing holds; of one value, its own."""
    start, said = span[0], text[slice(*span)]
    for part in _LISTED.split(said) if listed else parts(said):
        at = text.find(part, start, span[1])
        if part:
            yield at, at + len(part)
        start = at + len(part)


def separator(text: str, start: int, first: int) -> str:
    """The sign before an item of a list, by which it is more or less likely to be one; "" of the first."""
    return text[first:start].rstrip()[-1:] if start > first else ""
