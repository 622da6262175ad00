"""What is only had elsewhere."""

import pytest

from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.closed_lists import only_elsewhere
from agent.generate.extractive.facets import facets_of
from knowledge.question.parts import QuestionPart
from tests.support.evidence import passage

BRANCHES = passage(
    "Our libraries are in Ashby, Brookside and Corley. There is a reading café at Ashby and Brookside. Books can be printed at"
    " Corley only. Printed maps can be borrowed in every library. Story hour is held at Ashby, Corley and Brookside.",
    1,
    title="Libraries",
)
SHOPS = passage(
    "| 门店 | 营业时间 |\n|---|---|\n| 东湖店 | 9:00-21:00 |\n| 西山店 | 9:00-20:00 |\n\n只有东湖店可以修表。",
    2,
    title="门店",
)
SPANS = [Candidate(passage=p, facets=facets) for p in (BRANCHES, SHOPS) for facets in facets_of(p)]


def found(question: str) -> list[str]:
    places = only_elsewhere(QuestionPart(text=question, names=()), SPANS, range(len(SPANS)))
    return [SPANS[place].span.text for place in places]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("is there a cafe at corley", ["There is a reading café at Ashby and Brookside."]),
        ("Can I have books printed in Brookside?", ["Books can be printed at Corley only."]),
        ("西山店可以修表吗", ["只有东湖店可以修表。"]),
    ],
)
def test_where_else_it_is_answers(question: str, expected: list[str]) -> None:
    assert found(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "is there a café at Ashby",
        "when is story hour at Corley",
        "is there a pool at Corley",
        "is there a café",
        "东湖店能修表吗",
        "西山店几点开门",
    ],
)
def test_what_is_there_or_not_known_is_left_to_be_weighed(question: str) -> None:
    assert not found(question)


def test_where_its_own_row_answers_best_no_other_row_does() -> None:
    creams = passage(
        "| 面霜 | 孕妇 | 哺乳期 |\n|---|---|---|\n| 晨露面霜 | 可以 | 可以 |\n| 晚星面霜 | 怀孕满4个月 | 不能 |", 3
    )
    rows = [Candidate(passage=creams, facets=facets) for facets in facets_of(creams)]
    asked = QuestionPart(text="怀孕能用晨露面霜吗", names=())
    assert not only_elsewhere(asked, rows, [0, 1])
    assert only_elsewhere(asked, rows, [1, 0])
