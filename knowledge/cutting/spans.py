"""Cuts a passage into spans: the smallest pieces that can be quoted without losing their sense.

A span is a sentence, a list item (or a sentence of it) or a table row; it is never part of a sentence, and its offsets
point into the passage's text, so that every quotation can be checked against its source.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from knowledge.cutting.blocks import ITEM
from knowledge.cutting.numbering import NOWHERE, Place, places
from knowledge.text.markup import marks


class SpanKind(StrEnum):
    """What a span was in the passage."""

    SENTENCE = "sentence"
    ITEM = "item"
    ROW = "row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One quotable piece of a passage.

    start, end: character offsets in the passage's text, end exclusive; `passage_text[start:end] == text`.
    heading:    nearest heading above the span inside the passage's text, "" when there is none.
    lead:       what gives the span its sense: the sentence that introduces the list ("Fees:"), the item above a nested
                one, the header row of a table, the question that it answers in a list of questions; "" when none.
    place:      where in a numbered list it stands.
    """

    start: int
    end: int
    text: str
    kind: SpanKind
    heading: str = ""
    lead: str = ""
    place: Place = NOWHERE


_LINE = re.compile(r"[^\n]+")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(?P<text>.*?)\s*#*\s*$")
_RULE_ROW = re.compile(r"\s*\|?[\s:|-]*-{2,}[\s:|-]*\|?\s*$")
_FENCE = re.compile(r"\s*(?:```|~~~|-{3,}\s*$|\*{3,}\s*$|_{3,}\s*$)")
_STOP = re.compile(r"(?:[.!?]+[\"'”’)\]*_]*(?=\s|$))|(?:[。！？!?…]+[\"'”’)\]）」』】*_]*)")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'“*])(?:e\.g|i\.e|cf|vs|etc|approx|incl|max|min|no|nos|mr|mrs|ms|dr|prof|st|jr|sr|inc|ltd|co|corp|dept"
    r"|est|ext|fig|tel|u\.s|u\.k|u\.s\.a|a\.m|p\.m|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|[A-Za-z])\.$",
    re.IGNORECASE,
)
_MAY_END = re.compile(r"(?:etc|a\.m|p\.m|u\.s|u\.k|inc|ltd|corp)\.$", re.IGNORECASE)
_STARTER = re.compile(
    r"[\"'“(*]*(?:The|A|An|You|Your|We|Our|If|This|That|These|It|Its|For|All|When|While|After|Before|To|Please|However"
    r"|Once|In|On|At|There|They|Any|No|Each|Every|Customers?|Note)\b"
)


def split_spans(passage_text: str) -> list[Span]:
    """Spans of a passage in reading order; headings, header rows, rules and code fences are not spans."""
    spans: list[Span] = []
    heading = header = intro = asked = ""
    parents: list[tuple[int, str]] = []
    lines = [line for line in _LINE.finditer(passage_text) if line.group().strip()]
    for number, (line, place) in enumerate(zip(lines, places([line.group() for line in lines]), strict=True)):
        text, start, end = line.group(), line.start(), line.end()
        is_row = text.lstrip().startswith("|")
        if not is_row:
            header = ""
        if match := _HEADING.match(text):
            heading, intro, asked, parents = plain(match["text"]), "", "", []
        elif is_row:
            if number + 1 < len(lines) and not header and _RULE_ROW.match(lines[number + 1].group()):
                header = text.strip()
            elif not _RULE_ROW.match(text):
                spans.append(_span(passage_text, (start, end), SpanKind.ROW, heading, header, place))
        elif _FENCE.match(text):
            continue
        elif item := ITEM.match(text):
            depth = len(item["indent"].expandtabs(4))
            parents = [parent for parent in parents if parent[0] < depth]
            lead = parents[-1][1] if parents else intro
            for piece in _sentences(passage_text, start + item.end(), end):
                spans.append(_span(passage_text, piece, SpanKind.ITEM, heading, lead or asked, place))
                asked = _question(spans[-1].text) or asked
            parents.append((depth, plain(text[item.end() :])))
        else:
            for piece in _sentences(passage_text, start, end):
                spans.append(_span(passage_text, piece, SpanKind.SENTENCE, heading, asked, place))
                asked = _question(spans[-1].text) or asked
            last = spans[-1].text
            intro = plain(last) if re.search(r"[:：][*_\s]*$", last) else ""
            parents = []
    return [span for span in spans if re.search(r"\w", span.text)]


def _question(text: str) -> str:
    """The words of a span that is itself a question ("**Q: Is it free?**"), as in lists of questions and answers."""
    found = plain(text)
    return re.sub(r"^(?:Q\d*|问)[:：.]\s*", "", found) if found.endswith(("?", "？")) else ""


def plain(markdown: str) -> str:
    """The words of a line of Markdown: emphasis, code marks and links' addresses removed."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)\s]*\)", r"\1", markdown)
    return re.sub(r"\*\*|__|`|(?<!\w)[*_]|[*_](?!\w)", "", text).strip()


def split_sentences(text: str) -> list[str]:
    """Sentences of a line of prose, English and Chinese, trimmed."""
    return [text[start:end] for start, end in _sentences(text, 0, len(text))]


def ends_like_a_word(sentence: str) -> bool:
    """Whether a sentence ends with an abbreviation ("etc."), so that only the word after it tells that it has ended."""
    return bool(_ABBREVIATION.search(_bare(sentence)))


def _span(text: str, piece: tuple[int, int], kind: SpanKind, heading: str, lead: str, place: Place) -> Span:
    start, end = _trim(text, *piece)
    return Span(start=start, end=end, text=text[start:end], kind=kind, heading=heading, lead=lead, place=place)


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Trimmed (start, end) of each sentence within text[start:end]."""
    begin = start
    for stop in _STOP.finditer(text, start, end):
        after = stop.end() if text[stop.end() - 1] not in "*_" else _own_end(text, stop.span(), (start, end))
        if _ends_sentence(text[begin:after], text[after:end].lstrip()):
            if begin < after:
                yield _trim(text, begin, after)
            begin = after
    if text[begin:end].strip():
        yield _trim(text, begin, end)


def _own_end(text: str, stop: tuple[int, int], line: tuple[int, int]) -> int:
    """Where a stop ends with the marks that close after it: `。**` may open what is bold in the next sentence."""
    start, end = line
    opening = {start + first for (first, _), _ in marks(text[start:end]).pairs}
    return next((at for at in range(*stop) if at in opening), stop[1])


def _ends_sentence(before: str, after: str) -> bool:
    """Whether a stop ends its sentence: not after an abbreviation, not before a lower-case letter."""
    bare = _bare(before)
    if not after or bare.endswith(("。", "！", "？", "…", "!", "?")):
        return True
    if re.fullmatch(r"\W*\d{1,3}\.", before):
        return False
    if _ABBREVIATION.search(bare):
        return bool(_MAY_END.search(bare) and _STARTER.match(after))
    return not after.lstrip("\"'“‘(*_[")[:1].islower()


def _bare(sentence: str) -> str:
    """Without the white space and the marks that close after its stop."""
    return sentence.rstrip(" \t\"'”’)]*_")


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
