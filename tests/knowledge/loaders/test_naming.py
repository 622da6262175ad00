"""Rows of tables are called by the column that names them, whatever its header."""

import json

import openpyxl
import pytest

from knowledge.loaders.naming import naming_field
from knowledge.loaders.registry import load
from knowledge.types import Document
from tests.support.office_files import excel


def titles(name: str, content: bytes) -> list[str]:
    ending = name[name.rindex(".") :]
    return [one.title for one in load(name, ending, content) if isinstance(one, Document)]


@pytest.mark.parametrize(
    ("header", "rows", "expected"),
    [
        (
            "Station,Opens,Phone",
            ["Harbour,08:00,555 0101", "Airport,06:00,555 0102"],
            ["Station: Harbour", "Station: Airport"],
        ),
        ("网点,开门,关门", ["海港网点,8点,20点", "机场网点,6点,23点"], ["海港网点", "机场网点"]),
        ("配件,价格", ["儿童座椅,6", "头盔,3"], ["配件：儿童座椅", "配件：头盔"]),
        ("code,Accessory,Price", ["A-1,Child seat,6", "A-2,Helmet,3"], ["Accessory: Child seat", "Accessory: Helmet"]),
        ("id,Accessory,Price", ["a1,Child seat,6", "a2,Helmet,3"], ["Accessory: Child seat", "Accessory: Helmet"]),
        ("Price,Accessory", ["$6.00,Child seat", "$3.00,Helmet"], ["Accessory: Child seat", "Accessory: Helmet"]),
        ("name,Station", ["North,Harbour", "South,Airport"], ["North", "South"]),
        ("Size,Price", ["M,6", "M,3", "L,9"], ["fees 1", "fees 2", "fees 3"]),
        ("From,To", ["2026-01-01,2026-02-01", "2026-03-01,2026-04-01"], ["fees 1", "fees 2"]),
        ("Note", ["One row alone"], ["fees 1"]),
    ],
)
def test_a_row_is_called_by_what_names_it(header: str, rows: list[str], expected: list[str]) -> None:
    assert titles("fees.csv", "\n".join([header, *rows]).encode()) == expected
    records = [dict(zip(header.split(","), row.split(","), strict=True)) for row in rows]
    assert titles("fees.jsonl", "\n".join(map(json.dumps, records)).encode()) == expected
    assert titles("fees.json", json.dumps(records).encode()) == expected


def test_sheets_are_read_alike() -> None:
    def write(book: openpyxl.Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        for row in (["Station", "Opens"], ["Harbour", "08:00"], ["Airport", "06:00"]):
            sheet.append(row)

    assert titles("stations.xlsx", excel(write)) == ["Station: Harbour", "Station: Airport"]


def test_long_texts_and_gaps_name_nothing() -> None:
    assert naming_field([{"Note": "x" * 80}, {"Note": "y" * 80}]) is None
    assert naming_field([{"Kind": "a"}, {"Kind": ""}, {"Kind": ""}]) is None
    assert naming_field([]) is None
