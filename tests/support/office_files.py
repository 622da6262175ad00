"""Real PDF, Word, Excel and zip files, made on the spot by the usual writers."""

import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO

import docx
import openpyxl
from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, Table

_STYLES = getSampleStyleSheet()
BODY, HEADING, SUBHEADING, TITLE = (_STYLES[name] for name in ("BodyText", "Heading2", "Heading3", "Title"))


def chinese() -> ParagraphStyle:
    """A style in a Chinese font that every PDF reader has."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    return ParagraphStyle("chinese", parent=BODY, fontName="STSong-Light", wordWrap="CJK")


def ruled(rows: list[list[str]]) -> Table:
    return Table(rows, style=[("GRID", (0, 0), (-1, -1), 1, colors.black)])


def pdf(
    story: list[Flowable], *, columns: int = 1, head: str = "", title: str = "", encrypt: str | None = None
) -> bytes:
    """A PDF of these flowables in columns, with a running head and the page number at its foot."""

    def margins(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(72, 810, head)
        canvas.drawString(290, 25, f"Page {document.page}")

    out = BytesIO()
    document = BaseDocTemplate(out, pagesize=(595, 842), title=title, encrypt=encrypt)
    width = 450 / columns
    frames = [Frame(72 + at * width, 72, width - 12, 700, id=str(at)) for at in range(columns)]
    document.addPageTemplates(PageTemplate(frames=frames, onPage=margins if head else lambda *_: None))
    document.build(story)
    return out.getvalue()


def pages(count: int) -> bytes:
    """A PDF of many pages with one line each."""
    out = BytesIO()
    canvas = Canvas(out)
    for number in range(count):
        canvas.drawString(72, 500, f"This is what stands on sheet {number + 1}.")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def word(write: "Callable[[docx.document.Document], object]") -> bytes:
    document = docx.Document()
    write(document)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def excel(write: Callable[[openpyxl.Workbook], object]) -> bytes:
    book = openpyxl.Workbook()
    write(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(members: Mapping[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def with_part(office: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """An Office file with one of its parts changed."""
    with zipfile.ZipFile(BytesIO(office)) as archive:
        return zipped(
            {part: change(archive.read(part)) if part == name else archive.read(part) for part in archive.namelist()}
        )


def samples() -> dict[str, bytes]:
    """A small valid file of each format, by its ending."""
    fees = [["Card", "Fee"], ["Gold", "$5"], ["Red", "$1"]]

    def book(made: openpyxl.Workbook) -> None:
        for row in fees:
            made.active.append(row)

    def document(made: "docx.document.Document") -> None:
        made.add_heading("Fees", 1)
        made.add_paragraph("All prices in dollars.")

    texts = {
        ".md": b"---\ntitle: Fees\n---\n# Cards\n\n- Gold: $5\n",
        ".txt": b"Fees\n\nGold costs $5 a year.",
        ".html": b"<html><body><main><h1>Fees</h1><table><tr><th>Card<th>Fee</tr><tr><td>Gold<td>$5</table></main>",
        ".csv": b"card,fee\nGold,$5\n",
        ".json": b'[{"card": "Gold", "fee": 5}]',
        ".jsonl": b'{"id": "a", "title": "T", "content": "Gold costs $5."}\n',
    }
    return {
        **texts,
        ".pdf": pdf([Paragraph("Fees", TITLE), Paragraph("All prices in dollars.", BODY), ruled(fees)]),
        ".docx": word(document),
        ".xlsx": excel(book),
        ".zip": zipped({f"in/a{suffix}": data for suffix, data in texts.items()}),
    }
