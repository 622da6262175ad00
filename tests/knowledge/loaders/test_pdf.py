"""PDF: layout back into headings, paragraphs, lists and tables, with pages."""

from pathlib import Path

import pytest
from fpdf import FPDF
from reportlab.platypus import ListFlowable, ListItem, PageBreak, Paragraph

from knowledge.cutting.chunking import split
from knowledge.loaders.limits import MAX_PAGES
from tests.knowledge.loaders.reading import one, refusal
from tests.support.office_files import BODY, HEADING, TITLE, chinese, pages, pdf, ruled

NOTO = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
TERMS = (
    "A refund reaches your account within ten working days after the parcel has come back to us, provided that its "
    "seal is whole. "
)


def test_headings_lists_and_tables_stay_in_order() -> None:
    bullets = ListFlowable([ListItem(Paragraph(text, BODY)) for text in ("Gold", "Red")], bulletType="bullet")
    story = [Paragraph("Card fees", TITLE), Paragraph("What they cost", HEADING), Paragraph(TERMS * 3, BODY), bullets]
    story += [ruled([["Card", "Fee"], ["Gold", "$5"], ["Red", "$1"]]), Paragraph("The end is near now.", BODY)]
    document = one("fees.pdf", pdf(story))
    assert document.title == "Card fees"
    expected = f"## What they cost\n\n{(TERMS * 3).strip()}\n\n- Gold\n- Red\n\n"
    expected += "| Card | Fee |\n|---|---|\n| Gold | $5 |\n| Red | $1 |\n\nThe end is near now."
    assert document.content == expected


def test_pages_are_marked_and_running_heads_dropped() -> None:
    story = []
    for name in ("First", "Second", "Third"):
        story += [Paragraph(f"{name} part", HEADING), Paragraph(f"{name} text. " * 150, BODY), PageBreak()]
    document = one("a.pdf", pdf(story, head="Acme Ltd: terms of 2026"))
    assert "Acme" not in document.content and "Page" not in document.content
    assert [page for _, page in document.pages] == [1, 2, 3]
    assert document.content[document.pages[1][0] :].startswith("# Second part")
    assert {passage.page for passage in split(document)} == {1, 2, 3}


def test_a_paragraph_goes_on_over_the_page_and_across_a_hyphen() -> None:
    document = one("a.pdf", pdf([Paragraph(TERMS * 60, BODY)]))
    assert document.content == (TERMS * 60).strip()
    offset = document.pages[1][0]
    assert document.pages[1][1] == 2 and document.content[offset - 1] == " "
    broken = pdf([Paragraph("We accept all kinds of pay-<br/>ment that are in use.", BODY)])
    assert one("b.pdf", broken).content == "We accept all kinds of payment that are in use."


def test_columns_are_read_one_after_the_other() -> None:
    story = [Paragraph(f"Clause {number} of the contract. {TERMS}", BODY) for number in range(30)]
    content = one("a.pdf", pdf(story, columns=2)).content
    places = [content.index(f"Clause {number} of") for number in range(30)]
    assert places == sorted(places)
    assert content.count(TERMS.strip()) == 30


def test_a_table_without_rules_is_a_table() -> None:
    rows = [
        ["Card", "Yearly fee", "Limit"],
        ["Gold", "$5", "1,000"],
        ["Platinum", "$50", "10,000"],
        ["Red", "$1", "10"],
    ]
    from reportlab.platypus import Table

    content = one("a.pdf", pdf([Paragraph(TERMS * 3, BODY), Table(rows, colWidths=120, hAlign="LEFT")])).content
    assert "| Card | Yearly fee | Limit |\n|---|---|---|\n| Gold | $5 | 1,000 |" in content


def test_chinese_lines_are_joined_without_spaces() -> None:
    text = "退货政策：自收货之日起三十天内，未拆封的商品可以退货，运费由买家承担。" * 5
    document = one("a.pdf", pdf([Paragraph(text, chinese())]))
    assert (document.content, document.language) == (text, "zh")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (lambda: pdf([Paragraph(TERMS, BODY)], encrypt="secret"), "it is encrypted; save it without a password"),
        (lambda: pdf([PageBreak()]), "it has no text: scanned? run OCR first"),
        (lambda: pages(MAX_PAGES + 1), f"it has 2,001 pages, more than {MAX_PAGES:,}; split it"),
        (lambda: pages(1)[:200], "broken"),
        (lambda: b"<html><body>No", "it is an HTML page, not .pdf"),
    ],
)
def test_what_cannot_be_read_says_why(data, reason: str) -> None:
    assert reason in refusal("a.pdf", data())


def test_chapters_at_the_top_of_their_pages_are_no_running_heads() -> None:
    story = []
    for number in range(1, 5):
        story += [Paragraph(f"Chapter {number}", HEADING), Paragraph(f"Text {number}. " * 40, BODY), PageBreak()]
    content = one("a.pdf", pdf(story)).content
    assert [f"# Chapter {number}" in content for number in (2, 3, 4)] == [True, True, True]


def test_pages_that_are_all_alike_are_read() -> None:
    story = [item for _ in range(4) for item in (Paragraph("The desk is open from nine to five.", BODY), PageBreak())]
    assert "open from nine to five" in one("a.pdf", pdf(story)).content


@pytest.mark.skipif(not NOTO.exists(), reason="needs the fonts of fonts-noto-cjk")
def test_fonts_that_the_layout_parser_cannot_read_cost_the_layout_only() -> None:
    made = FPDF()
    made.add_font("noto", fname=str(NOTO))
    made.add_page()
    made.set_font("noto", size=11)
    made.multi_cell(0, 8, "收到商品后三十天内可以退货。\n退货运费由我们承担。")
    document = one("t.pdf", bytes(made.output()))
    assert "三十天内可以退货" in document.content and document.language == "zh"
