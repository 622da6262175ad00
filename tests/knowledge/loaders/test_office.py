"""Word and Excel: structure, values as shown, and what is refused."""

from datetime import date

import docx
import openpyxl
import pytest

from knowledge.errors import UnreadableSource
from knowledge.loaders.disguise import check_kind
from knowledge.loaders.shown import shown
from knowledge.types import Document
from tests.knowledge.loaders.reading import one, read, refusal
from tests.support.office_files import excel, samples, with_part, word, zipped

_LAUGHS = b"""<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>"""


def test_word_keeps_headings_lists_and_tables_in_order() -> None:
    def write(document: docx.document.Document) -> None:
        document.add_heading("Fees and 费用", 0)
        document.add_heading("Cards", 1)
        document.add_paragraph("All prices in dollars.")
        for text in ("one", "two"):
            document.add_paragraph(text, style="List Bullet")
        table = document.add_table(2, 2)
        for at, text in enumerate(["Card", "Fee", "Gold", "$5"]):
            table.cell(at // 2, at % 2).text = text
        document.add_heading("退货", 2)
        document.add_paragraph("三十天内可以退货。")

    document = one("a.docx", word(write))
    assert document.title == "Fees and 费用"
    assert document.content == (
        "# Cards\n\nAll prices in dollars.\n\n- one\n- two\n\n| Card | Fee |\n|---|---|\n| Gold | $5 |\n\n"
        "## 退货\n\n三十天内可以退货。"
    )


def test_word_headings_of_a_style_of_ones_own() -> None:
    def write(document: docx.document.Document) -> None:
        style = document.styles.add_style("Acme Big", docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Heading 2"]
        document.add_paragraph("Opening hours", style="Acme Big")
        document.add_paragraph("Nine to five.")
        document.add_paragraph("Parking", style="Acme Big")
        document.add_paragraph("Behind the house.")

    document = one("a.docx", word(write))
    assert (document.title, document.content) == ("Opening hours", "Nine to five.\n\n## Parking\n\nBehind the house.")


def test_excel_rows_with_values_as_shown() -> None:
    def write(book: openpyxl.Workbook) -> None:
        sheet = book.active
        sheet.title = "Fees"
        for row in (["Price list 2026"], [], ["Card", "Fee", None, "From"], [None, "Year", "Rate", None]):
            sheet.append(row)
        sheet.append(["Gold", 1200.5, 0.05, date(2026, 3, 1)])
        sheet.append(["Red", 7, None, None])
        sheet.append([None, 8, None, None])
        for merged in ("A1:D1", "A3:A4", "B3:C3", "D3:D4", "A6:A7"):
            sheet.merge_cells(merged)
        sheet["B5"].number_format = '"$"#,##0.00'
        sheet["C5"].number_format = "0.0%"
        hidden = book.create_sheet("Lookup")
        hidden.append(["secret", "value"])
        hidden.append(["x", 1])
        hidden.sheet_state = "hidden"
        chinese = book.create_sheet("价格")
        chinese.append(["名称", "价格"])
        chinese.append(["水壶", 20])
        book.create_sheet("Notes").append(["Prices hold until May."])

    rows = [row for row in read("p.xlsx", excel(write)) if isinstance(row, Document)]
    assert [(row.source_id, row.row) for row in rows] == [
        ("p.xlsx#Fees!5", 5), ("p.xlsx#Fees!6", 6), ("p.xlsx#Fees!7", 7), ("p.xlsx#价格!2", 2), ("p.xlsx#Notes", None)
    ]  # fmt: skip
    assert rows[0].content == (
        "Price list 2026\n\n- Card: Gold\n- Fee Year: $1,200.50\n- Fee Rate: 5.0%\n- From: 2026-03-01"
    )
    assert "- Card: Red\n- Fee Year: 8" in rows[2].content
    assert (rows[3].title, rows[3].language) == ("水壶", "zh")
    assert rows[4].content == "Prices hold until May."


@pytest.mark.parametrize(
    ("value", "pattern", "text"),
    [
        (0.125, "0.0%", "12.5%"),
        (1234567, "#,##0", "1,234,567"),
        (-3, '"$"#,##0.00', "-$3.00"),
        (-3, "#,##0;(#,##0)", "(3)"),
        (20, "[$¥-804]#,##0.00", "¥20.00"),
        (1.5, "General", "1.5"),
        (3.0, None, "3"),
        (2.5, '0.## "kg"', "2.5 kg"),
        (True, None, "TRUE"),
        (1e300, "0.00", "1e+300"),
        (None, None, ""),
    ],
)
def test_numbers_are_shown_as_their_format_says(value: object, pattern: str | None, text: str) -> None:
    assert shown(value, pattern) == text


@pytest.mark.parametrize(("suffix", "part"), [(".docx", "word/document.xml"), (".xlsx", "xl/worksheets/sheet1.xml")])
def test_entities_in_office_xml_are_refused(suffix: str, part: str) -> None:
    data = with_part(samples()[suffix], part, lambda xml: _LAUGHS + xml.split(b"?>", 1)[-1])
    assert "declares a document type" in refusal(f"a{suffix}", data)


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_other_files_in_disguise_are_refused(suffix: str) -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert f"save it as {suffix}" in refusal(f"a{suffix}", old)
    assert "is encrypted" in refusal(f"a{suffix}", old + "EncryptedPackage".encode("utf-16-le"))
    assert "it is a zip file" in refusal(f"a{suffix}", zipped({"a.md": b"x"}))
    assert "it is a PDF" in refusal(f"a{suffix}", samples()[".pdf"])
    assert "zip" in refusal(f"a{suffix}", samples()[suffix][:-100])
    other = {".docx": ".xlsx", ".xlsx": ".docx"}[suffix]
    assert "give it its right ending" in refusal(f"a{suffix}", samples()[other])


def test_files_of_kinds_that_are_not_read_say_what_to_do() -> None:
    for name, hint in {"a.doc": "save it as .docx", "a.ppt": "save it as .pdf", "a.rar": "pack it as .zip"}.items():
        with pytest.raises(UnreadableSource, match=hint):
            read(name, b"x")


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_a_damaged_file_is_called_so_and_a_zip_file_by_its_name(suffix: str) -> None:
    with pytest.raises(UnreadableSource, match=rf"a damaged \{suffix} file"):
        check_kind(f"a{suffix}", suffix, b"PK\x03\x04" + bytes(range(256)) * 8)
    whole = samples()[suffix]
    with pytest.raises(UnreadableSource, match="damaged"):
        check_kind(f"a{suffix}", suffix, whole[:40])
    with pytest.raises(UnreadableSource, match="it is a zip file"):
        check_kind(f"a{suffix}", suffix, zipped({"a.md": b"x"}))
    check_kind(f"a{suffix}", suffix, whole)
