"""Headings, paragraphs, lists and tables of a PDF from the lines of its pages."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from knowledge.loaders.pdf_lines import Line, is_wide

_MARGIN = 0.12
"""Running heads and feet stand within this share of the page's height from its edge."""
_OFTEN = 0.6
"""What stands there on this share of the pages, two at least, numbers aside, is one of them."""
_APART = 0.9
"""They are apart from the text by more than this many sizes."""
_LARGER = 1.12
_LONGEST_HEADING = 120
_BULLET = re.compile(r"^[•◦▪▫●○■□◆–—·‣∙\uf0b7\uf0a7-]\s*(?=\S)")
_NUMBERED = re.compile(r"^(?:\(?\d{1,2}[.)]\s|[（(]?[一二三四五六七八九十]{1,3}[）)、]|\d{1,2}[、．]|[a-z][.)]\s)")
_ENDED = re.compile(r"[.!?:;。！？：；…][\"'”’）)]?$")
_PAGE_NUMBER = re.compile(r"^(?:page\s+)?[-–—\s第]*#+\s*(?:(?:/|of)\s*#+)?[\s页–—-]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: its number, its height, its lines in reading order."""

    number: int
    height: float
    lines: Sequence[Line]


@dataclass(slots=True, kw_only=True)
class Block:
    """A heading (level 1 to 6), a paragraph (0), a list item or a table; `breaks` tells where in it pages begin."""

    text: str
    page: int
    last: Line
    level: int = 0
    breaks: tuple[tuple[int, int], ...] = ()


def blocks_of(pages: Sequence[Page]) -> list[Block]:
    """Blocks of all pages in order, running heads and feet dropped, paragraphs joined across lines and pages."""
    pages = _without_margins(pages)
    body = _body_size(pages)
    levels = _levels(pages, body)
    blocks: list[Block] = []
    for page in pages:
        edge = max((line.right for line in page.lines if not line.table), default=0.0)
        for line in page.lines:
            level = _level(line, levels, body)
            before = blocks[-1] if blocks else None
            if before and _goes_on(before, line, level, page.number, edge):
                _append(before, line, page.number)
            else:
                text = line.text if line.table else _BULLET.sub("- ", line.text) if not level else line.text
                blocks.append(Block(text=text, page=page.number, last=line, level=level))
    return blocks


def _without_margins(pages: Sequence[Page]) -> list[Page]:
    """The pages without running heads and feet; "Chapter 3" at the top of its page is large, and stays."""
    body = _body_size(pages)
    margins = [[line for line in _margins(page) if line.size < _LARGER * body] for page in pages]
    counted: Counter[str] = Counter()
    for lines in margins:
        counted.update({_pattern(line) for line in lines})
    often = {text for text, count in counted.items() if count >= max(2, _OFTEN * len(pages))}
    kept = []
    for page, lines in zip(pages, margins, strict=True):
        running = {line for line in lines if _pattern(line) in often or _PAGE_NUMBER.match(_pattern(line))}
        kept.append(
            Page(number=page.number, height=page.height, lines=[line for line in page.lines if line not in running])
        )
    # Where nothing else stands on any page, it is the text.
    return kept if any(page.lines for page in kept) else list(pages)


def _margins(page: Page) -> list[Line]:
    """Lines that may be a running head or foot: near the edge, and with a gap between them and all others."""
    down = sorted(page.lines, key=lambda line: line.top)
    return [*_outermost(down, page.height), *_outermost(down[::-1], page.height)]


def _outermost(lines: Sequence[Line], height: float) -> list[Line]:
    found: list[Line] = []
    for line in lines:
        if found and max(line.top - found[-1].bottom, found[-1].top - line.bottom) > _APART * found[-1].size:
            break
        found.append(line)
    near = all(line.bottom < _MARGIN * height or line.top > (1 - _MARGIN) * height for line in found)
    return [line for line in found if not line.table] if near else []


def _pattern(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text)


def _body_size(pages: Sequence[Page]) -> float:
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[line.size] += 0 if line.table else len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _levels(pages: Sequence[Page], body: float) -> Mapping[float, int]:
    """Sizes of headings to their levels; bold lines of the body's size come below all of them, as size 0."""
    lines = [line for page in pages for line in page.lines if not line.table]
    sizes = sorted(
        {line.size for line in lines if line.size >= _LARGER * body and _could_be_heading(line)}, reverse=True
    )
    levels = {size: min(at, 5) for at, size in enumerate(sizes, start=1)}
    bold = sum(len(line.text) for line in lines if line.bold)
    # Where most is bold, bold says nothing.
    if bold < 0.3 * sum(len(line.text) for line in lines):
        levels[0.0] = min(len(sizes) + 1, 6)
    return levels


def _could_be_heading(line: Line) -> bool:
    return len(line.text) <= _LONGEST_HEADING and bool(re.search(r"\w", line.text)) and not _BULLET.match(line.text)


def _level(line: Line, levels: Mapping[float, int], body: float) -> int:
    if line.table or not _could_be_heading(line):
        return 0
    if line.size >= _LARGER * body:
        return levels.get(line.size, 0)
    ended = re.search(r"[.;,。；，]$", line.text)
    return levels.get(0.0, 0) if line.bold and line.size >= 0.95 * body and not ended else 0


def _goes_on(before: Block, line: Line, level: int, page: int, edge: float) -> bool:
    """Whether a line continues the block before it."""
    last = before.last
    if line.table or last.table or before.level != level or abs(last.size - line.size) > 0.5:
        return False
    if _BULLET.match(line.text) or _NUMBERED.match(line.text):
        return False
    if page != (before.breaks[-1][1] if before.breaks else before.page) or line.top < last.top - last.size:
        # The next column or page: only a sentence in its middle goes on.
        return not level and not _ENDED.search(before.text) and _begins_within(line.text)
    if line.top - last.bottom > (0.5 if level else 0.9) * line.size:
        return False
    if level:
        return True
    indented = line.left - last.left > 0.8 * line.size and not before.text.startswith("- ")
    short = edge - last.right > 0.35 * max(edge - last.left, 1.0) and bool(_ENDED.search(last.text))
    return not (indented and _ENDED.search(last.text)) and not short


def _begins_within(text: str) -> bool:
    return text[:1].islower() or is_wide(text[:1])


def _append(block: Block, line: Line, page: int) -> None:
    text, more = block.text, line.text
    if re.search(r"[^\W\d_]-$", text) and more[:1].islower():
        joined = text[:-1]
    elif text and (is_wide(text[-1]) or is_wide(more[:1])):
        joined = text
    else:
        joined = f"{text} "
    if page != (block.breaks[-1][1] if block.breaks else block.page):
        block.breaks += ((len(joined), page),)
    block.text = joined + more
    block.last = line


def to_markdown(blocks: Sequence[Block]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Markdown of the blocks, and the offset at which each page begins in it."""
    parts: list[str] = []
    pages: list[tuple[int, int]] = []
    length = 0
    for block, follows in _pairs(blocks):
        text = f"{'#' * block.level} {block.text}" if block.level else _escaped(block)
        shift = len(text) - len(block.text)
        for offset, page in ((0, block.page), *((at + shift, page) for at, page in block.breaks)):
            if not pages or pages[-1][1] != page:
                pages.append((length + offset, page))
        gap = "\n" if follows and _is_item(block) and _is_item(follows) else "\n\n"
        parts += [text, gap]
        length += len(text) + len(gap)
    return "".join(parts).rstrip(), tuple(pages)


def _escaped(block: Block) -> str:
    return f"\\{block.text}" if block.text.startswith("#") else block.text


def _is_item(block: Block) -> bool:
    return not block.level and (block.text.startswith("- ") or bool(_NUMBERED.match(block.text)))


def _pairs(blocks: Sequence[Block]) -> Iterator[tuple[Block, Block | None]]:
    yield from zip(blocks, [*blocks[1:], None], strict=True)
