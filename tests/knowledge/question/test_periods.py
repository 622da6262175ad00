"""Spans of time, in the unit that the articles state them in."""

from collections.abc import Collection

import pytest

from knowledge.question.periods import in_their_periods
from knowledge.text.words import words

ARTICLES = (
    "补票须在 90 天内办理。存件 180 天后销毁。",
    "月票 7 天内可退。押金 24 小时内退还。会籍 18 个月有效。",
)


def holds(terms: Collection[str]) -> bool:
    return any(set(terms) <= set(words(article)) for article in ARTICLES)


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("过了三个月还能补票吗", "过了90天还能补票吗"),
        ("存件放了半年还在吗", "存件放了180天还在吗"),
        ("一周内能退月票吗", "7天内能退月票吗"),
        ("押金一天以内退吗", "押金24小时以内退吗"),
        ("会籍一年半有效吗", "会籍18个月有效吗"),
        ("can I claim within three months?", "can I claim within three months?"),
        ("过了90天还能补票吗", "过了90天还能补票吗"),
        ("一天多少钱", "一天多少钱"),
        ("三个月大的孩子要买票吗", "三个月大的孩子要买票吗"),
        ("第三周开吗", "第三周开吗"),
        ("五年内能补票吗", "五年内能补票吗"),
    ],
)
def test_a_span_of_time_is_read_as_an_article_says_it(asked: str, read: str) -> None:
    assert in_their_periods(asked, holds) == read


def test_of_several_ways_that_is_taken_which_stands_with_what_else_is_asked() -> None:
    articles = ("空调质保 180 天。", "换季清洗 6 个月一次。")

    def held(terms: Collection[str]) -> bool:
        return any(set(terms) <= set(words(article)) for article in articles)

    assert in_their_periods("半年内质保吗", held) == "180天内质保吗"
    assert in_their_periods("换季清洗过了半年要做吗", held) == "换季清洗过了6个月要做吗"


def test_a_message_full_of_them_is_looked_up_for_a_few() -> None:
    looked_up: list[Collection[str]] = []

    def none(terms: Collection[str]) -> bool:
        looked_up.append(terms)
        return False

    in_their_periods("过了三天" * 5_000, none)
    assert len(looked_up) < 50
