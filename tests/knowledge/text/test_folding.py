"""A message in one writing: what is typed wide or in traditional characters, each character in its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text.folding import folded, unaccented


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("哪款耳機最便宜？", "哪款耳机最便宜？"),
        ("我要預約維修，謝謝！", "我要预约维修，谢谢！"),
        ("諾凡Ｐ５多少錢（含稅）", "诺凡P5多少钱（含税）"),
        ("訂單ＬＯ－１０４８０", "订单LO-10480"),
        ("ｃｕｓｔｏｍｅｒ１＠ｅｘａｍｐｌｅ．ｃｏｍ", "customer1@example.com"),
        ("１３８　００１３　８０００", "138 0013 8000"),
        ("is the P5 waterproof?", "is the P5 waterproof?"),
        ("我の耳機", "我の耳机"),
        ("電話番号を教えてください", "電話番号を教えてください"),
        ("注文番号はＬＯ－１０４８０です", "注文番号はLO-10480です"),
        ("電話番號 알려주세요", "電話番號 알려주세요"),
    ],
)
def test_a_message_is_read_in_one_writing(sent: str, read: str) -> None:
    assert folded(sent) == read


@given(st.text(max_size=60))
def test_each_character_keeps_its_place_and_what_was_read_stays(text: str) -> None:
    assert len(folded(text)) == len(text)
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Crèche, Zürich", "Creche, Zurich"),
        ("cafe\u0301", "cafe"),
        ("Straße", "Strasse"),
        ("Œuvre", "OEuvre"),
        ("价格£5", "价格£5"),
    ],
)
def test_accents_are_left_out(written: str, plain: str) -> None:
    assert unaccented(written) == plain
