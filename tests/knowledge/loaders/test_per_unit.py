"""A price is read with what it is for, where a column beside it tells that."""

import pytest

from knowledge.loaders.per_unit import with_units


@pytest.mark.parametrize(
    ("fields", "price"),
    [
        ({"name": "Lawn", "Price": "3 EUR", "Note": "per square metre"}, "3 EUR per square metre"),
        ({"name": "Boat", "hourly fee": "30 GBP", "unit": "half hour"}, "30 GBP / half hour"),
        ({"名称": "洗车", "价格": "40元", "单位": "次"}, "40元/次"),
        ({"名称": "打印", "单价": "1元", "备注": "每页"}, "1元（每页）"),
    ],
)
def test_the_unit_stands_behind_the_price_and_nowhere_else(fields: dict[str, str], price: str) -> None:
    told = with_units(fields)
    assert price in told.values()
    assert len(told) == len(fields) - 1
    assert list(told) == [key for key in fields if key in told]


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "Keys", "price": "9 EUR", "note": "while you wait"},
        {"name": "Room", "price": "9 EUR per night", "unit": "room"},
        {"name": "Room", "price": "9 EUR", "weekend price": "12 EUR", "unit": "night"},
        {"name": "Nails", "price": "on request", "unit": "hour"},
        {"name": "Bolt", "weight": "9 g", "unit": "piece"},
        {"证件照": "一寸", "价格": "30元", "备注": "立等可取"},
        {"name": "Van", "price": "", "unit": ""},
    ],
)
def test_other_columns_stay_as_they_are(fields: dict[str, str]) -> None:
    assert with_units(fields) == fields
