"""PDF with its layout: headings, paragraphs, lists and tables as Markdown, and on which page each stands."""

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

import pdfplumber
import pypdfium2  # type: ignore[import-untyped]
from pdfminer.layout import LTChar, LTComponent, LTContainer, LTCurve, LTFigure
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import PdfminerException

from knowledge.errors import UnreadableSource
from knowledge.loaders.limits import MAX_PAGES
from knowledge.loaders.pdf_blocks import Block, Page, blocks_of, to_markdown
from knowledge.loaders.pdf_lines import Char, Line, lines_of
from knowledge.loaders.pdf_order import markdown_table, reading_order
from knowledge.loaders.plain import title_of
from knowledge.loaders.reading import Loaded
from knowledge.loaders.text import clean
from knowledge.types import Document

_LEAST_RULES = 4
_MOST_RULES = 2_000
"""Lines drawn on a page: fewer make no table, more are a drawing."""
_LEAST_CHARS = 20
"""A page of fewer characters may be a picture with a stamp on it."""
_PLAIN = 12.0
"""Points from line to line where they are not known."""
_NO_TITLE = re.compile(r"^\s*$|untitled|^microsoft word|\.(docx?|pdf|indd|xlsx?|tex)$|^(?:unspecified|anonymous)$|^document\d*$", re.IGNORECASE)  # fmt: skip


def load_pdf(source_id: str, data: bytes) -> Loaded:
    """One document; its title is the first heading of the first page, else the file's own, else the file's name."""
    try:
        with pdfplumber.open(BytesIO(data)) as pdf:
            pages = list(_pages(source_id, pdf))
            if not _has_words(pages):
                pages = _plain(data)
            named = clean(str((pdf.metadata or {}).get("Title") or "")).strip()
    except PdfminerException as error:
        cause = error.args[0] if error.args else error
        if isinstance(cause, PDFPasswordIncorrect | PDFEncryptionError):
            raise UnreadableSource(source_id, "it is encrypted; save it without a password") from error
        raise UnreadableSource(source_id, "it is a broken or cut-off PDF; save it anew") from error
    if sum(len(line.text) for page in pages for line in page.lines) < _LEAST_CHARS and not _has_words(pages):
        raise UnreadableSource(source_id, "it has no text: scanned? run OCR first")
    blocks = blocks_of(pages)
    title = _title(blocks, named)
    if blocks and blocks[0].level and blocks[0].text == title:
        blocks = blocks[1:]
    content, begins = to_markdown(blocks)
    content = content or title
    yield Document(
        source_id=source_id,
        title=title or title_of(source_id),
        content=content,
        pages=begins or ((0, pages[0].number),),
    )


def _pages(source_id: str, pdf: PDF) -> Iterator[Page]:
    if len(pdf.pages) > MAX_PAGES:
        raise UnreadableSource(source_id, f"it has {len(pdf.pages):,} pages, more than {MAX_PAGES:,}; split it")
    for page in pdf.pages:
        objects = list(_objects(page.layout))
        rules = sum(isinstance(item, LTCurve) for item in objects)
        tables = _tables(page) if _LEAST_RULES <= rules <= _MOST_RULES else []
        chars = (_char(page, item) for item in objects if isinstance(item, LTChar) and item.upright and item.size > 0)
        free = [char for char in chars if not any(_within(char, box) for box, _ in tables)]
        lines = [*lines_of(free), *(line for _, line in tables)]
        yield Page(number=page.page_number, height=float(page.height), lines=reading_order(lines))
        page.close()  # else every character of the file stays in memory


def _plain(data: bytes) -> list[Page]:
    """Lines without their layout, for a file in whose fonts the first parser finds no characters; none of pictures."""
    with pypdfium2.PdfDocument(data) as pdf:
        texts = [clean(page.get_textpage().get_text_range()).split("\n") for page in pdf]
    return [
        Page(number=number, height=_PLAIN * (len(lines) + 40), lines=list(_plain_lines(lines)))
        for number, lines in enumerate(texts, start=1)
    ]


def _plain_lines(lines: Sequence[str]) -> Iterator[Line]:
    for at, text in enumerate(lines, start=20):
        if text.strip():
            top = _PLAIN * at
            yield Line(text=text.strip(), left=0, right=0, top=top, bottom=top + 0.8 * _PLAIN, size=10, bold=False)


def _objects(container: LTContainer[Any]) -> Iterator[LTComponent]:
    """What stands on a page, in its figures too; pdfplumber's own objects take thrice the time."""
    waiting = [iter(container)]
    while waiting:
        for item in waiting[-1]:
            if isinstance(item, LTFigure):
                waiting.append(iter(item))
                break
            yield item
        else:
            waiting.pop()


def _char(page: Any, item: LTChar) -> Char:
    above = float(page.height + page.mediabox[1])
    text = clean(item.get_text())
    return Char(text, item.x0, item.x1, above - item.y1, above - item.y0, item.size, item.fontname)


def _tables(page: Any) -> list[tuple[tuple[float, float, float, float], Line]]:
    """Ruled tables of a page with their boxes."""
    found = []
    for table in page.find_tables():
        rows = [[clean(cell or "") for cell in row] for row in table.extract()]
        rows = [row for row in rows if any(cell.strip() for cell in row)]
        if len(rows) < 2 or max(len(row) for row in rows) < 2:
            continue
        left, top, right, bottom = table.bbox
        text = markdown_table([[_one_line(cell) for cell in row] for row in _used(rows)])
        line = Line(text=text, left=left, right=right, top=top, bottom=bottom, size=0, bold=False, table=True)
        found.append((table.bbox, line))
    return found


def _used(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Rows without columns that are empty throughout."""
    used = [at for at in range(len(rows[0])) if any(at < len(row) and row[at].strip() for row in rows)]
    return [[row[at] if at < len(row) else "" for at in used] for row in rows]


def _one_line(cell: str) -> str:
    return re.sub(r"(?<=[\u3000-\u9fff])\n(?=[\u3000-\u9fff])", "", cell.strip())


def _within(char: Char, box: tuple[float, float, float, float]) -> bool:
    left, top, right, bottom = box
    return left <= (char.x0 + char.x1) / 2 <= right and top <= (char.top + char.bottom) / 2 <= bottom


def _has_words(pages: Sequence[Page]) -> bool:
    return any(re.search(r"\w", line.text) for page in pages for line in page.lines)


def _title(blocks: Sequence[Block], named: str) -> str:
    if blocks and blocks[0].level:
        return blocks[0].text
    return "" if _NO_TITLE.search(named) else named
