"""Who may read a document and when, as its own fields or the operator say; what cannot be understood is refused by name."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import UnreadableSource
from knowledge.loaders.registry import load
from knowledge.release import Release, calls_itself_internal, parse_date
from knowledge.types import Document


def read(name: str, text: str, release: Release | None = None) -> Document | UnreadableSource:
    try:
        (found,) = load(name, "." + name.rsplit(".", 1)[-1], text.encode(), release)
    except UnreadableSource as error:
        return error
    return found


JANUARY, MARCH = date(2026, 1, 31), date(2026, 3, 1)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", "---\naudience: internal\nvalid_from: 2026-01-31\nvalid-until: 2026/3/1\n---\nText."),
        ("a.md", "---\n受众: 内部\n生效日期: 2026年1月31日\n失效日期: 2026年3月1日\n---\n正文。"),
        (
            "a.jsonl",
            '{"id":"1","title":"T","content":"C","audience":"internal","valid_from":"2026-01-31T08:00","valid_until":"20260301"}',
        ),
        ("a.csv", "id,title,content,audience,valid_from,valid_until\n1,T,C,Internal,2026-01-31,2026-03-01\n"),
        ("a.csv", "名称,价格,受众,生效日期,失效日期\n水壶,20,内部,2026-01-31,2026.3.1\n"),
        (
            "a.html",
            '<html><head><meta name="parley:audience" content="internal"><meta name="valid-from" content="2026-01-31">'
            '<meta name="valid_until" content="2026-03-01"></head><body>Text</body></html>',
        ),
    ],
)
def test_fields_of_every_format_say_who_and_when(name: str, text: str) -> None:
    found = read(name, text)
    assert isinstance(found, Document)
    assert (found.audience, found.valid_from, found.valid_until) == ("internal", JANUARY, MARCH)
    assert "nternal" not in found.content
    assert not found.metadata


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("audience: secrit", "audience: 'secrit' is none of public, 公开, internal, 内部"),
        ("audience: [internal, staff]", "is none of public"),
        ("valid_from: tomorrow", "valid_from: 'tomorrow' is no date; write it as 2026-01-31"),
        ("valid_until: 2026-02-30", "day is out of range for month"),
        ("valid_until: 31.01.2026", "is no date"),
        ("valid_from: 2026-03-01\nvalid_until: 2026-01-31", "it is valid until 2026-01-31, before it is valid at all"),
    ],
)
def test_what_cannot_be_understood_is_refused_by_name(fields: str, said: str) -> None:
    found = read("a.md", f"---\n{fields}\n---\nText.")
    assert isinstance(found, UnreadableSource)
    assert found.source == "a.md"
    assert said in found.reason


def test_what_the_operator_says_counts_where_a_document_says_nothing() -> None:
    given = Release(audience="internal", valid_from=JANUARY)
    plain = read("a.md", "Text.", given)
    own = read("a.md", "---\naudience: public\nvalid_from: 2026-03-01\nvalid_until: always\n---\nText.", given)
    assert isinstance(plain, Document) and isinstance(own, Document)
    assert (plain.audience, plain.valid_from) == ("internal", JANUARY)
    assert (own.audience, own.valid_from, own.valid_until) == ("public", MARCH, None)


def test_a_pages_other_audiences_and_its_date_of_publication_mean_nothing() -> None:
    head = '<meta name="audience" content="all"><meta property="article:published_time" content="2020-01-01">'
    found = read("a.html", f"<html><head>{head}</head><body>Text</body></html>")
    assert isinstance(found, Document)
    assert (found.audience, found.valid_from) == ("public", None)


@pytest.mark.parametrize(
    ("title", "internal"),
    [
        ("Internal: Freezing a Debit Card", True),
        ("(Internal) Applying a Statement Credit", True),
        ("Account Recovery Bypass Code (Internal)", True),
        ("INTERNAL USE ONLY - Retention offers", True),
        ("内部：退款审批", True),
        ("退款审批【仅限内部使用】", True),
        ("International transfers", False),
        ("Internal medicine: our doctors", False),
        ("内部结构：Norvane P5", False),
        ("How the internal battery is changed", False),
        ("", False),
    ],
)
def test_a_title_that_calls_its_article_internal(title: str, internal: bool) -> None:
    assert calls_itself_internal(title) == internal
    text = f'{{"id": "a", "title": {json.dumps(title)}, "content": "Text."}}'
    found = read("a.jsonl", text, Release(by_title=True))
    assert isinstance(found, Document)
    assert found.audience == ("internal" if internal else "public")


@given(st.text(max_size=20) | st.dates().map(str))
def test_a_date_is_read_or_refused(text: str) -> None:
    try:
        found = parse_date("d", text)
    except ValueError as error:
        assert "2026-01-31" in str(error)
    else:
        assert found is None or isinstance(found, date)
