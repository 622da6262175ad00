"""Excel: each row under a header is a document, as in csv, with the values as they are shown and the row's number.

Hidden sheets are left out: they hold lookups and drafts. A sheet without a table is one document of its lines.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import chain, islice, pairwise
from typing import Any

import openpyxl
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from knowledge.errors import UnreadableSource
from knowledge.loaders.limits import MAX_COLUMNS
from knowledge.loaders.naming import naming_field
from knowledge.loaders.office import check_office
from knowledge.loaders.plain import title_of
from knowledge.loaders.reading import Loaded
from knowledge.loaders.records import record_document
from knowledge.loaders.shown import shown
from knowledge.loaders.text import clean
from knowledge.types import Document

_LOOK = 20
"""Rows in which the header is looked for; above it stand a title and notes."""
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]+\d+:[A-Z]+\d+)\"")
_MOST_MERGED = 20_000
_PIECE = 2**18

Row = tuple[int, list[str]]
"""A row's number, from 1, and the text of its cells."""
Merged = dict[int, list[tuple[int, int, int]]]
"""Row to the merged cells that begin there: (first column, last column, last row), all from 0."""


def load_xlsx(source_id: str, data: bytes) -> Loaded:
    """Documents of all sheets that are shown, in order; `file.xlsx#Fees!7` is row 7 of the sheet Fees."""
    check_office(source_id, data)
    book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    found = False
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible" or not isinstance(sheet, ReadOnlyWorksheet):
            continue
        for document in _sheet(source_id, sheet):
            found = True
            yield document
    if not found:
        raise UnreadableSource(source_id, "its sheets hold no text")


def _sheet(source_id: str, sheet: Any) -> Loaded:
    rows = _filled(_rows(sheet), _merged(sheet))
    first = list(islice(rows, _LOOK))
    at = _header_at(first)
    name = clean(str(sheet.title)).strip()
    if at is None:
        yield from _lines(source_id, name, chain(first, rows))
        return
    header, begin = _header(first, at)
    caption = " ".join(dict.fromkeys(cell for _, cells in first[:at] for cell in cells if cell))
    ahead = list(islice(rows, _LOOK))
    known = [_record(header, cells) for _, cells in chain(first[begin:], ahead)]
    naming = naming_field([record for record in known if _says(record)])
    for number, cells in chain(first[begin:], ahead, rows):
        if _says(record := _record(header, cells)):
            yield from _row(source_id, (name, caption, naming), number, record)


def _record(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    return {key: value for key, value in zip(header, cells, strict=False) if key}


def _says(record: dict[str, str]) -> bool:
    return any(record.values())


def _row(source_id: str, table: tuple[str, str, str | None], number: int, record: dict[str, str]) -> Loaded:
    """table: the name of its sheet, what stands above it, and the column that names its rows."""
    sheet, caption, naming = table
    where = f"{source_id}#{sheet}"
    for found in record_document(where, number, record, row=number, name=naming):
        if not isinstance(found, Document):
            yield UnreadableSource(f"{where}!{number}", found.reason)
            continue
        unnamed = found.title == f"{title_of(where)} {number}"
        identity = found.source_id.removeprefix(f"{where}#")
        yield replace(
            found,
            source_id=identity if identity == found.source_id else f"{where}!{identity}",
            title=f"{title_of(source_id)}: {sheet} {number}" if unnamed else found.title,
            content=f"{caption}\n\n{found.content}" if caption else found.content,
            row=number,
        )


def _lines(source_id: str, sheet: str, rows: Iterator[Row]) -> Loaded:
    content = "\n\n".join(" ".join(filter(None, cells)) for _, cells in rows)
    if content:
        yield Document(source_id=f"{source_id}#{sheet}", title=f"{title_of(source_id)}: {sheet}", content=content)


def _rows(sheet: Any) -> Iterator[Row]:
    """All rows, empty ones too, as text; what a sheet says of its own size is not believed."""
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        yield number, [_shown(cell) for cell in cells[:MAX_COLUMNS]]


def _shown(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    # Only numbers have a format that shows.
    return clean(shown(value, cell.number_format if isinstance(value, int | float) else None))


def _filled(rows: Iterator[Row], merged: Merged) -> Iterator[Row]:
    """Rows with text, where each cell of a merged range shows the range's value."""
    begun: list[tuple[int, int, int, str]] = []
    for number, own in rows:
        cells = list(own)
        for first, last, until in merged.get(number - 1, ()):
            begun.append((first, min(last, MAX_COLUMNS - 1), until, cells[first] if first < len(cells) else ""))
        for first, last, _, text in begun:
            if text:
                cells += [""] * (last + 1 - len(cells))
                cells[first : last + 1] = [text] * (last + 1 - first)
        begun = [one for one in begun if one[2] > number - 1]
        if any(cells):
            yield number, cells


def _header_at(rows: Sequence[Row]) -> int | None:
    """Place of the header: the first row with as many different texts as the table is wide, and rows beneath it."""
    wide = max((sum(map(bool, cells)) for _, cells in rows), default=0)
    for at, (_, cells) in enumerate(rows[:-1]):
        texts = {cell for cell in cells if cell and not _is_number(cell)}
        if len(texts) >= 2 and len(texts) * 2 > wide:
            return at
    return None


def _header(rows: Sequence[Row], at: int) -> tuple[list[str], int]:
    """Names of the columns and the place of the first row under them; a group over several columns is put before each."""
    top = rows[at][1]
    grouped = any(left == right != "" for left, right in pairwise(top))
    below = rows[at + 1][1] if at + 1 < len(rows) else []
    if not grouped or at + 2 >= len(rows) or any(_is_number(cell) for cell in below):
        return _told_apart(top), at + 1
    pairs = zip(top + [""] * (len(below) - len(top)), below + [""] * (len(top) - len(below)), strict=True)
    return _told_apart([group if group == name else f"{group} {name}".strip() for group, name in pairs]), at + 2


def _told_apart(names: Sequence[str]) -> list[str]:
    """Names of columns, a second one of the same name with its number."""
    seen: dict[str, int] = {}
    told = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        told.append(f"{name} ({seen[name]})" if name and seen[name] > 1 else name)
    return told


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[-+$€£¥￥]?\s?[\d.,:%-]+\s?[%€元]?", text))


def _merged(sheet: Any) -> Merged:
    """Merged cells, which openpyxl leaves out where it reads row by row: they stand after the rows in the sheet's XML."""
    found: Merged = {}
    count, tail = 0, b""
    with sheet._get_source() as source:
        while piece := source.read(_PIECE):
            part = tail + piece
            end = 0
            for match in _MERGE.finditer(part):
                end = match.end()
                count += 1
                if count > _MOST_MERGED:
                    return found
                left, top, right, bottom = range_boundaries(match[1].decode())
                if left and top and right and bottom:
                    found.setdefault(top - 1, []).append((left - 1, right - 1, bottom - 1))
            tail = part[max(end, len(part) - 256) :]
    return found
