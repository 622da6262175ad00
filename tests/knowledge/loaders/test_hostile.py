"""Whatever a file holds, it is read or refused: random, cut off and mutated files of every kind, and the classic bombs."""

import json
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.cutting.chunking import split
from knowledge.errors import UnreadableSource
from knowledge.loaders.formats import ARCHIVE, LOADERS
from knowledge.loaders.isolation import Workers
from knowledge.loaders.registry import Reading
from knowledge.types import Document
from tests.support.office_files import pages, samples, with_part, zipped

SUFFIXES = sorted([*LOADERS, ARCHIVE])
SAMPLES = samples()
MAGIC = {".pdf": b"%PDF-1.7\n", ".docx": b"PK\x03\x04word/", ".xlsx": b"PK\x03\x04xl/", ".zip": b"PK\x03\x04"}
MEMORY = 700 * 2**20
SECONDS = 5.0


@pytest.fixture(scope="module")
def reading() -> Iterator[Reading]:
    workers = Workers(memory=MEMORY)
    yield Reading(workers, seconds=SECONDS)
    workers.close()


def check(reading: Reading, suffix: str, data: bytes) -> list[Document | UnreadableSource]:
    """Reads a file within its time; what comes out are documents that can be cut and refusals that say why."""
    began = time.monotonic()
    found = list(reading.read(f"file{suffix}", suffix, data))
    assert time.monotonic() - began < 4 * SECONDS
    for one in found:
        if isinstance(one, Document):
            split(one)
            assert all(0 <= offset <= len(one.content) for offset, _ in one.pages)
            assert list(one.pages) == sorted(one.pages)
        else:
            assert isinstance(one, UnreadableSource) and one.reason and "crashed" not in one.reason
    return found


@settings(max_examples=150)
@given(suffix=st.sampled_from(SUFFIXES), data=st.binary(max_size=600) | st.text(max_size=300).map(str.encode))
def test_random_bytes(reading: Reading, suffix: str, data: bytes) -> None:
    check(reading, suffix, data)
    check(reading, suffix, MAGIC.get(suffix, b"") + data)


@settings(max_examples=120)
@given(
    suffix=st.sampled_from(sorted(SAMPLES)),
    keep=st.floats(0.05, 1),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=6)), max_size=12),
)
def test_mutated_and_cut_off_files(
    reading: Reading, suffix: str, keep: float, changes: list[tuple[float, bytes]]
) -> None:
    data = bytearray(SAMPLES[suffix])
    for place, new in changes:
        at = int(place * len(data))
        data[at : at + len(new)] = new
    check(reading, suffix, bytes(data[: max(1, int(keep * len(data)))]))


@settings(max_examples=60)
@given(
    part=st.sampled_from([
        (".docx", "word/document.xml"),
        (".docx", "word/styles.xml"),
        (".docx", "[Content_Types].xml"),
        (".xlsx", "xl/worksheets/sheet1.xml"),
        (".xlsx", "xl/workbook.xml"),
        (".xlsx", "xl/styles.xml"),
    ]),
    place=st.floats(0, 1, exclude_max=True),
    new=st.binary(max_size=8) | st.sampled_from([b"<a>", b'"', b"999999999999", b"-1", b"</w:p>", b"&x;"]),
)  # fmt: skip
def test_mutated_xml_inside_office_files(reading: Reading, part: tuple[str, str], place: float, new: bytes) -> None:
    suffix, name = part

    def change(xml: bytes) -> bytes:
        at = int(place * len(xml))
        return xml[:at] + new + xml[at + len(new) :]

    check(reading, suffix, with_part(SAMPLES[suffix], name, change))


def _one_cell_far_out(xml: bytes) -> bytes:
    rows = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    return xml.replace(b"</sheetData>", rows)


LAUGHS = "\n".join(["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))])
BOMBS = {
    "html nested": (".html", b"<div>" * 50_000 + b"x"),
    "html tables": (".html", b"<table><tr><td>" * 20_000 + b"x"),
    "html spans": (".html", b"<table>" + b"<tr><td rowspan=9999 colspan=9999>x</td></tr>" * 200 + b"</table>"),
    "html attributes": (".html", b"<p " + b"a=1 " * 200_000 + b">x"),
    "json nested": (".json", b"[" * 200_000),
    "json objects": (".json", b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "json number": (".json", b"[" + b"9" * 100_000 + b"]"),
    "jsonl nested": (".jsonl", b"[" * 200_000 + b"\n" + json.dumps({"id": 1, "content": "x"}).encode()),
    "csv field": (".csv", b'a,b\n"' + b"x" * 3_000_000),
    "csv quotes": (".csv", b'"' * 40_001 + b",\n" * 100),
    "csv wide": (".csv", b"a," * 100_000 + b"\n" + b"1," * 100_000),
    "yaml laughs": (".md", f"---\n{LAUGHS}\n---\nText.".encode()),
    "yaml nested": (".md", b"---\n" + b"[" * 30_000 + b"\n---\nText."),
    "markdown marks": (".md", b"# " + b"*_`[" * 50_000),
    "zip bomb": (".zip", zipped({"a.txt": bytes(100 * 2**20)})),
    "xlsx far out": (".xlsx", with_part(SAMPLES[".xlsx"], "xl/worksheets/sheet1.xml", _one_cell_far_out)),
    "docx bomb": (".docx", with_part(SAMPLES[".docx"], "word/document.xml", lambda xml: xml + b" " * (200 * 2**20))),
    "docx nested": (
        ".docx",
        with_part(
            SAMPLES[".docx"],
            "word/document.xml",
            lambda xml: xml.replace(b"<w:body>", b"<w:body>" + b"<w:tbl><w:tr><w:tc>" * 3_000)
            .replace(b"</w:body>", b"</w:tc></w:tr></w:tbl>" * 3_000 + b"</w:body>"),
        ),
    ),
    "pdf pages": (".pdf", pages(1).replace(b"/Count 1", b"/Count 999999999")),
    "pdf loop": (".pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>endobj trailer<</Root 1 0 R>>"),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_go_off_in_the_worker(reading: Reading, name: str) -> None:
    suffix, data = BOMBS[name]
    check(reading, suffix, data)


def test_a_yaml_bomb_and_a_broken_quotation_are_named(reading: Reading) -> None:
    (yaml,) = check(reading, *BOMBS["yaml laughs"])
    (csv,) = check(reading, *BOMBS["csv field"])
    assert isinstance(yaml, UnreadableSource) and "aliases" in yaml.reason
    assert isinstance(csv, UnreadableSource) and "quotation mark" in csv.reason
