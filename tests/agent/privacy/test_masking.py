"""Masking of private data: measured on cases written for it, and safe on any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.privacy import Kind, mask
from evals.benchmarks.masking import CASES, measure

PIECES = st.sampled_from(
    """我叫张伟|my name is |Tom Lee|13812345678|order #|[phone]| and |，|订单号|LO-10482|@|a@b.com|王先生|12 Elm Road|https://a.b/?token=1
    |4111 1111 1111 1111|010-62781234| |密码是|1.2.3.4|x""".split("|")
)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_private_is_masked_and_what_is_not_is_left(language: str) -> None:
    score = measure(CASES, language)
    assert score.known >= 50
    assert score.recall >= 0.95, score.missed
    assert score.precision >= 0.97, score.too_much


def test_the_placeholder_is_the_same_in_both_languages() -> None:
    assert mask("Call 415-555-2671 or write to a@example.com").text == "Call [phone] or write to [email]"
    assert mask("打13812345678，或者写信到a@example.com").text == "打[phone]，或者写信到[email]"


def test_places_are_those_of_the_text_that_was_given() -> None:
    text = "电话是67080561,67080562。我叫张伟"
    found = mask(text).found
    assert [(one.kind, text[one.start : one.end]) for one in found] == [
        (Kind.PHONE, "67080561"),
        (Kind.PHONE, "67080562"),
        (Kind.NAME, "张伟"),
    ]


def test_only_the_kinds_that_are_asked_for() -> None:
    assert mask("a@example.com, order #55821", {Kind.EMAIL}).text == "[email], order #55821"


def test_words_that_could_be_names_are_left() -> None:
    for text in ("我是路痴，找不到", "我是白领，上班忙", "my name is misspelled", "我叫车了", "I am Happy"):
        assert mask(text).found == ()


def test_names_in_small_letters() -> None:
    assert mask("hi my name is laura mitchell and i want a refund").text == "hi my name is [name] and i want a refund"


@given(st.text(max_size=80) | st.lists(PIECES, max_size=8).map("".join))
def test_masking_what_is_masked_changes_nothing(text: str) -> None:
    masked = mask(text)
    assert mask(masked.text) == type(masked)(masked.text, ())
    assert all(0 <= one.start < one.end <= len(text) for one in masked.found)
    assert all(a.end <= b.start for a, b in zip(masked.found, masked.found[1:], strict=False))


@pytest.mark.parametrize("said", ["那家店的地址是{}。", "那家店的地址为{}", "他家位于{}，", "寄到{}吧"])
@pytest.mark.parametrize("address", ["北京西城区右安门内西街12号", "北京海淀区西三旗安宁北里8号"])
def test_an_address_begins_where_it_begins(said: str, address: str) -> None:
    assert mask(said.format(address)).text == said.format("[address]")
