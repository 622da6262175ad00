"""A report begins with what came of it, and with what was not right."""

from dataclasses import replace

import pytest

from agent.types import DecisionKind
from evals.cases import Case
from evals.reporting.page import report_page
from evals.reporting.verdict import SHOWN, failures, verdict
from evals.scoring.summary import summarise
from evals.scoring.turns import Result, score
from evals.targets.replies import plain_reply


def result(name: str, answer: str, *, declined: bool = False, answerable: bool = True) -> Result:
    case = Case(id=name, question=f"Question {name}?", must_include=[["30 days"]], answerable=answerable)
    reply = plain_reply(answer, case.question, "en", {"total": 5.0}, "x")
    if declined:
        reply = replace(reply, decision=DecisionKind.DECLINE)
    return Result(case=case, reply=reply, scores=score(case, reply))


RIGHT = [result(f"r{n}", "Within 30 days.") for n in range(14)]
DECLINED = [result(f"d{n}", "I can't say.", declined=True) for n in range(6)]
WRONG = [result("w", "Within 60 days.")]
RIGHTLY = [result("u", "I can't say.", declined=True, answerable=False)]


@pytest.mark.parametrize(
    ("results", "english", "chinese"),
    [
        ([*RIGHT, *DECLINED], "14 of 20 right, 0 wrong, 6 declined", "20 题中答对 14 题，答错 0 题，未作答 6 题"),
        ([*WRONG, *RIGHTLY], "1 of 2 right, 1 wrong, 0 declined", "2 题中答对 1 题，答错 1 题，未作答 0 题"),
    ],
)
def test_the_sentence_counts(results: list[Result], english: str, chinese: str) -> None:
    assert verdict(results) == (english, chinese)


def test_wrong_answers_come_before_refusals_and_what_was_right_does_not() -> None:
    found = failures([*RIGHT, *DECLINED, *WRONG, *RIGHTLY])
    assert [one["how"] for one in found] == ["wrong", *["declined"] * 6]
    assert (found[0]["answer"], found[0]["expected"]) == ("Within 60 days.", "30 days")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_they_stand_before_the_figures(language: str) -> None:
    results = [*RIGHT, *DECLINED, *WRONG]
    page = report_page(results, summarise(results), {}, language)
    places = [page.index(text) for text in ("14 of 21 right", "答对 14 题", "Question w?", "Question d5?", ">Figures<")]
    assert places == sorted(places)


def test_of_very_many_the_first_are_shown() -> None:
    results = [result(f"w{n}", "No.") for n in range(SHOWN + 3)]
    page = report_page(results, summarise(results), {}, "en")
    assert page.count('<details class="wrong">') == SHOWN
    assert "… 3 " in page
