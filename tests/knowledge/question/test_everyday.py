"""Everyday words, read as the articles say them."""

from collections.abc import Collection

import pytest

from knowledge.question.everyday import in_their_words
from knowledge.text.words import words

ARTICLES = "Members may bring a guest. There is a crèche. Closed on 25 and 26 December. 已拆封的不能退。10月1日休息。会费 notebook, discount"


def holds(terms: Collection[str]) -> bool:
    return set(terms) <= set(words(ARTICLES))


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("Can I bring my mates?", "Can I bring my guest?"),
        ("is there childcare", "is there crèche"),
        ("any concessions?", "any discount?"),
        ("启封的能退吗", "拆封的能退吗"),
        ("are you open on Boxing Day?", "are you open on 26 December?"),
        ("Christmas", "25 December"),
        ("国庆营业吗", "10月1日营业吗"),
        ("Can I bring a guest?", "Can I bring a guest?"),
        ("is there a sauna", "is there a sauna"),
        ("are you open on new year's eve", "are you open on new year's eve"),
        ("stalemates", "stalemates"),
    ],
)
def test_a_word_that_no_article_holds_is_read_as_one_that_they_do(asked: str, read: str) -> None:
    assert in_their_words(asked, holds) == read


def test_a_holiday_that_articles_name_keeps_its_name_beside_the_date() -> None:
    def all_but_dates_and(terms: Collection[str]) -> bool:
        return set(terms) <= set(words(ARTICLES + " Christmas Day"))

    assert in_their_words("open on Christmas Day?", all_but_dates_and) == "open on Christmas Day (25 December)?"
