"""Chinese numbers in digits: amounts, shares, discounts and times as people write and say them; words that only look so stay."""

import pytest

from knowledge.embedders.numerals import in_digits


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("两百块", "200块"),
        ("三千六的手机", "3600的手机"),
        ("两万五", "25000"),
        ("一万二千元", "12000元"),
        ("一千零五十", "1050"),
        ("二十多天", " over 20天"),
        ("三十几岁", " about 30岁"),
        ("十几天", " over 10 天"),
        ("等三天", "等3天"),
        ("两个月", "2个月"),
        ("满5万元", "满50000元"),
        ("1.5万", "15000"),
        ("打八折", " 20% off "),
        ("8.5折", " 15% off "),
        ("九五折", " 5% off "),
        ("85折", " 15% off "),
        ("打对折", " 50% off "),
        ("百分之二十", "20%"),
        ("百分之3.5", "3.5%"),
        ("赔三成", "赔30%"),
        ("三点半前", "3:30前"),
        ("晚上8点", "晚上8 o'clock "),
    ],
)
def test_numbers_are_in_digits(text: str, said: str) -> None:
    assert in_digits(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "十分满意",
        "千万别买",
        "万一丢了",
        "一般",
        "一起",
        "二手",
        "三包",
        "第三天",
        "几十块",
        "几万元",
        "折叠屏",
        "打几折",
        "完成为止",
        "500点积分",
    ],
)
def test_words_that_are_no_numbers_stay(text: str) -> None:
    assert in_digits(text) == text
