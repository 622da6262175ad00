"""Loaders: what they make of good files, odd files and hostile bytes."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from knowledge.cutting.chunking import split
from knowledge.errors import UnreadableSource
from knowledge.loaders.registry import LOADERS, language_of, load
from knowledge.types import Document


def read(name: str, data: bytes) -> list[Document | UnreadableSource]:
    return list(load(name, "." + name.rsplit(".", 1)[-1], data))


def one(name: str, data: bytes) -> Document:
    found = read(name, data)
    assert len(found) == 1 and isinstance(found[0], Document)
    return found[0]


def test_markdown_front_matter_is_honoured() -> None:
    document = one(
        "a.md", b"---\nid: x1\ntitle: Fees\nurl: https://a.example\nlanguage: en\ntag: 7\n---\n# Other\nText."
    )
    assert (document.source_id, document.title, document.url) == ("x1", "Fees", "https://a.example")
    assert document.content.startswith("# Other")
    assert document.metadata == {"tag": "7"}


def test_markdown_title_is_its_first_heading() -> None:
    document = one("a.md", "# 退货政策\n\n三十天内可以退货。".encode())
    assert (document.title, document.content, document.language) == ("退货政策", "三十天内可以退货。", "zh")


def test_html_keeps_headings_lists_and_tables() -> None:
    page = b"""<html lang=en><head><title>T</title><script>x()</script></head><body><nav>Home</nav><article>
    <h1>Fees</h1><p>All <b>prices</b> in dollars.</p><h2>Cards</h2><ul><li>Gold<ul><li>free</li></ul></li>
    <li>Red</li></ul>
    <table><tr><th>Card</th><th>Fee</th></tr><tr><td>Gold</td><td>$5</td></tr></table></article></body></html>"""
    document = one("a.html", page)
    assert document.title == "Fees"
    assert "## Cards" in document.content
    assert "- Gold\n  - free\n- Red" in document.content
    assert "| Card | Fee |\n|---|---|\n| Gold | $5 |" in document.content
    assert "**prices**" in document.content
    assert "Home" not in document.content and "x()" not in document.content


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_in_any_encoding(encoding: str) -> None:
    assert "电子发票" in one("a.txt", "我们提供电子发票，请在下单时选择。纸质发票需要七天。".encode(encoding)).content


def test_control_characters_are_stripped() -> None:
    assert one("a.txt", b"Title\r\none\x07 two\x1b[0m\r\nthree").content == "one two[0m\nthree"


def test_jsonl_holds_articles_and_rows_and_names_what_is_broken() -> None:
    found = read(
        "a.jsonl",
        b'{"id": 7, "title": "T", "content": "C", "tag": "x"}\n{"name": "Pen", "price": {"usd": 2}}\n[1]\n{\n',
    )
    article, row, no_record, no_json = found
    assert isinstance(article, Document) and (article.source_id, article.metadata) == ("7", {"tag": "x"})
    assert isinstance(row, Document) and row.title == "Pen" and row.content == "- name: Pen\n- price.usd: 2"
    assert isinstance(no_record, UnreadableSource) and no_record.source == "a.jsonl#3"
    assert isinstance(no_json, UnreadableSource) and no_json.source == "a.jsonl#4"


def test_csv_rows_become_small_documents() -> None:
    rows = read("p.csv", "名称;价格\n水壶;20\n".encode())
    assert [row.content for row in rows if isinstance(row, Document)] == ["- 名称: 水壶\n- 价格: 20"]


@pytest.mark.parametrize("name", ["a.pdf", "a.json", "a.csv", "a.html", "a.md"])
def test_useless_files_are_unreadable(name: str) -> None:
    with pytest.raises(UnreadableSource):
        read(name, b"   \x00  ")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(LOADERS)), st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
@example(".htm", b"http:")
def test_hostile_bytes_are_read_or_refused(suffix: str, data: bytes) -> None:
    try:
        for found in load(f"file{suffix}", suffix, data):
            if isinstance(found, Document):
                split(found)
    except UnreadableSource as error:
        assert error.reason


def test_language_of_mixed_text() -> None:
    assert language_of("iPhone 15 的保修期是多久") == "zh"
    assert language_of("The word 你好 means hello in this long English sentence") == "en"
