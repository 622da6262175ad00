"""Words what was selected: a sentence, a list, the steps of a procedure, or a small table where things are compared."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, takewhile

from agent.generate.extractive.belonging import announces, in_one_line
from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.quoting import field_alone, field_line, heading_of, line_alone, quoted_line, quoted_words
from agent.generate.extractive.rows import table
from agent.generate.extractive.selection import Selection
from agent.generate.extractive.wholes import Left
from agent.types import Citation
from knowledge.cutting.spans import SpanKind, plain
from knowledge.index.names import Name, spoken
from knowledge.question.comparison import name_pattern
from knowledge.text.han import HAN

Numbers = dict[str, int]

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def worded(selections: Sequence[Selection]) -> tuple[str, tuple[Citation, ...]]:
    """The spans as Markdown, each line with the number of its source; one citation for each passage."""
    spans = list({(c.passage.id, c.index): c for selection in selections for c in selection.spans}.values())
    spans = list(_announced_in_one(spans))
    numbers = {passage_id: n for n, passage_id in enumerate(dict.fromkeys(c.passage.id for c in spans), start=1)}
    text = _table(selections, numbers) if compares(selections) else _listed(spans, numbers)
    left = [_left_out(one, numbers, selection) for selection in selections for one in selection.left]
    return "\n\n".join([text, *left]), _citations(spans, numbers)


def _announced_in_one(spans: Sequence[Candidate]) -> Iterator[Candidate]:
    """The spans; what only announces the rest of its line is one with as much of that as is quoted."""
    place = 0
    while place < len(spans):
        end = place + 1
        while announces(spans[place]) and end < len(spans) and in_one_line(spans[end - 1], spans[end]):
            end += 1
        first, last = spans[place], spans[end - 1]
        whole = replace(first.span, end=last.span.end, text=first.passage.text[first.span.start : last.span.end])
        yield first if end == place + 1 else replace(first, facets=replace(first.facets, span=whole))
        place = end


def _left_out(left: Left, numbers: Numbers, selection: Selection) -> str:
    """Says how much of a table or list is not quoted, and where it stands, in the language of the question."""
    title, mark = plain(left.passage.title), f"[{numbers[left.passage.id]}]"
    if HAN.search(selection.part.text):
        return f"还有{left.count}项未列出，见《{title}》。{mark}"
    return f"{left.count} more {'is' if left.count == 1 else 'are'} not listed here: see “{title}”. {mark}"


def compares(selections: Sequence[Selection]) -> bool:
    """Whether the same is asked of several things, to set them side by side."""
    return len(selections) > 1 and all(selection.part.compared for selection in selections)


def _table(selections: Sequence[Selection], numbers: Numbers) -> str:
    """A row for each thing: in a narrow chat, sentences stand better beside a name than under it."""
    rows = [(_display(s.part.names[0], s), "; ".join(_lines(s.spans, numbers))) for s in selections]
    lines = [f"| **{name}** | {quoted.replace('|', '/')} |" for name, quoted in rows]
    head = "文章所述" if _CHINESE.search("".join(lines)) else "In the articles"
    return "\n".join([f"| | {head} |", "|---|---|", *lines])


def _display(name: Name, selection: Selection) -> str:
    """The name as a source or the customer writes it."""
    texts = [*(c.passage.title for c in selection.spans), selection.part.text]
    found = (re.search(name_pattern(name), text, re.IGNORECASE) for text in texts)
    return next((match.group() for match in found if match), spoken(name).title())


def _listed(spans: Sequence[Candidate], numbers: Numbers) -> str:
    """Passage by passage, under their titles where they are several."""
    lines = _lines(spans, numbers)
    if len(lines) == 1 and len(spans) == 1:
        one = spans[0]
        return lines[0] if one.passage.row is None else _marked(field_line(one), one, numbers)
    blocks = []
    for passage_id in numbers:
        own = [c for c in spans if c.passage.id == passage_id]
        is_titled = len(numbers) > 1 or own[0].passage.row is not None
        title = f"**{plain(own[0].passage.title)}**\n" if is_titled else ""
        blocks.append(title + "\n".join(_bullets(own, numbers)).strip("\n"))
    return "\n\n".join(blocks)


def _bullets(spans: Sequence[Candidate], numbers: Numbers) -> Iterator[str]:
    """Lines of a list: rows of one table as a table, steps with their numbers under what stands above them, all else with dashes."""
    for _, group in groupby(spans, key=_together):
        own = list(group)
        if len(own) > 1 and (
            block := _rows(own, numbers) or _under_one_heading(own, numbers, alone=len(own) == len(spans))
        ):
            yield from block
            continue
        items = [list(item) for _, item in groupby(own, key=lambda c: c.span.place.ordinal)]
        if len(items) < 2 or any(item[0].span.place.depth for item in items) or _has_gaps(items):
            yield from (f"- {line}" for line in _lines(own, numbers))
            continue
        above = plain(own[0].span.lead or own[0].span.heading).rstrip(":： ")
        if above:
            yield f"{above}:"
        for item in items:
            yield from _step(item, numbers)


def _together(candidate: Candidate) -> tuple[str, int]:
    """What spans have alike that are said in one block: the table or the list."""
    span = candidate.span
    if span.kind is SpanKind.ROW:
        return span.lead, 0
    if span.kind is SpanKind.ITEM and not span.place.listing:
        return f"{span.heading}\n{span.lead}", 1
    return "", span.place.listing or -1 - candidate.index


def _under_one_heading(spans: Sequence[Candidate], numbers: Numbers, *, alone: bool) -> list[str]:
    """Lines of the items of a list under what stands above it, where one of them needs it; none where it is no such list.

    alone: whether nothing else is quoted of the passage.
    """
    above = next(filter(None, map(heading_of, spans)), "")
    if spans[0].span.kind is not SpanKind.ITEM or spans[0].span.place.listing or not above:
        return []
    colon = "" if above.endswith(("?", "？")) else "：" if _CHINESE.search(above) else ":"
    lines = [f"- {_ended(line_alone(c))} [{numbers[c.passage.id]}]" for c in spans]
    return [f"{above}{colon}", *lines] if alone else [f"- {above}{colon}", *(f"  {line}" for line in lines)]


def _rows(spans: Sequence[Candidate], numbers: Numbers) -> list[str]:
    """Lines of a table of these rows, apart from what stands around it; none where they are no rows."""
    if spans[0].span.kind is not SpanKind.ROW:
        return []
    lines = table(spans[0].span.lead, [c.span.text.strip() for c in spans], f"[{numbers[spans[0].passage.id]}]")
    return ["", *lines, ""] if lines else []


def _has_gaps(items: Sequence[Sequence[Candidate]]) -> bool:
    """Whether steps between these are not quoted: numbered anew, as browsers do, they would read as if they were."""
    ordinals = [item[0].span.place.ordinal for item in items]
    return ordinals != list(range(ordinals[0], ordinals[0] + len(ordinals)))


def _step(item: Sequence[Candidate], numbers: Numbers) -> Iterator[str]:
    """One step: what it says itself in one line, then what stands under it."""
    number = numbers[item[0].passage.id]
    own = list(takewhile(lambda c: not c.span.place.depth, item))
    said = " ".join(_ended(quoted_words(c)) for c in own)
    yield f"{item[0].span.place.ordinal}. {said} [{number}]"
    for under in item[len(own) :]:
        mark = "- " if under.span.place.depth else ""
        yield f"   {mark}{_ended(quoted_words(under))} [{number}]"


def _lines(spans: Sequence[Candidate], numbers: Numbers) -> list[str]:
    return [_marked(quoted_line(c) if c.passage.row is None else field_alone(c), c, numbers) for c in spans]


def _marked(line: str, candidate: Candidate, numbers: Numbers) -> str:
    return f"{_ended(line)} [{numbers[candidate.passage.id]}]"


def _citations(spans: Sequence[Candidate], numbers: Numbers) -> tuple[Citation, ...]:
    """One citation a passage; its quote runs from the first to the last span taken from it, verbatim."""
    citations = []
    for passage_id, n in numbers.items():
        own = [c for c in spans if c.passage.id == passage_id]
        passage = own[0].passage
        start, end = min(c.span.start for c in own), max(c.span.end for c in own)
        quote = passage.text[start:end]
        citations.append(Citation(n=n, source_id=passage.source_id, title=passage.title, url=passage.url, quote=quote))
    return tuple(citations)


def _ended(line: str) -> str:
    """The line with a full stop, unless it has an end of its own."""
    if re.search(r"[.!?。！？…:：;；)）\]]\W*$", line):
        return line
    return line + ("。" if _CHINESE.search(line) else ".")
