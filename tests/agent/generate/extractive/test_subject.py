"""What a question is about, and what says nothing of it."""

from dataclasses import replace

import numpy as np
import pytest

from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.facets import facets_of
from agent.generate.extractive.subject import (
    USUAL,
    characters_meant,
    content_terms,
    of_rows_compared,
    shares_meant,
)
from knowledge.question.parts import QuestionPart
from tests.support.evidence import passage


def spans(*texts: str) -> list[Candidate]:
    passages = [passage(text, number) for number, text in enumerate(texts, start=1)]
    return [Candidate(passage=p, facets=facets) for p in passages for facets in facets_of(p)]


def part(text: str) -> QuestionPart:
    return QuestionPart(text=text, names=())


@pytest.mark.parametrize(
    ("text", "terms"),
    [("Can I get a haircut there?", {"haircut"}), ("可以寄到海岛吗", {"寄到", "到海", "海岛"}), ("有没有", set())],
)
def test_what_only_makes_a_question_is_left_out(text: str, terms: set[str]) -> None:
    assert content_terms(text) == terms


def test_rows_that_are_compared_come_before_what_tells_of_one_more() -> None:
    found = spans(
        "| Pass | Price |\n|---|---|\n| Day-Trip | £5 |\n| Weekly | £20 |\n| Monthly | £60 |\n\nStudents can't buy it."
    )
    moved = of_rows_compared(part("is day trip cheaper than weekly"), found, np.zeros(len(found), dtype=np.float32))
    assert [bool(value) for value in moved] == [True, True, False, False]
    still = of_rows_compared(part("how much is weekly"), found, np.zeros(len(found), dtype=np.float32))
    assert not still.any()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("你们可以寄海鲜吗", "寄海鲜"),
        ("一張visa卡能刷多少钱？", ["张", "卡", "刷", "visa"]),
        ("65岁能买吗", "岁买"),
        ("Do you send fish?", ""),
        ("有没有呢", ""),
    ],
)
def test_a_chinese_question_is_about_its_characters_without_those_that_ask(text: str, meant: str | list[str]) -> None:
    assert sorted(characters_meant(text)) == sorted(meant)


def test_what_is_meant_is_looked_for_in_a_chinese_span_and_above_it() -> None:
    found = [
        Candidate(passage=replace(one.passage, language=language), facets=one.facets)
        for one, language in zip(
            spans("## 不寄的东西\n- 海鲜\n- 活体动物", "We don't send seafood."), ("zh", "zh", "en"), strict=True
        )
    ]
    shares = shares_meant(part("海鲜能寄吗"), found)
    assert shares.round(2).tolist() == [1, pytest.approx(1 / 3, abs=0.01), pytest.approx(float(USUAL))]
    assert set(shares_meant(part("do you send fish"), found).tolist()) == {float(USUAL)}
