"""The judge that needs no model: what it tells apart, in both languages."""

import json
import os
from pathlib import Path

import pytest

from evals.judge.fitted import FittedJudge
from evals.metrics.classification import auroc

DATA = Path(os.environ.get("PARLEY_DATA", Path(__file__).parents[4] / "shared" / "data")) / "mtrag_un"
RETURNS = "You can send a product back within 30 days of delivery. Return shipping is free for members."
WARRANTY = "手机的保修期是两年，电池保修一年。保修不包括屏幕碎裂。"
HOURS = "Our stores open at 9:00 and close at 21:00 on every day of the week."


@pytest.mark.parametrize(
    ("claim", "passage", "other", "altered"),
    [
        ("You have 30 days to send a product back.", RETURNS, HOURS, "You have 90 days to send a product back."),
        ("手机保修期是2年。", WARRANTY, "门店每天9点开门，21点关门。", "手机保修期是5年。"),
    ],
)
def test_what_stands_in_the_passages_is_told(claim: str, passage: str, other: str, altered: str) -> None:
    judge = FittedJudge()
    own, elsewhere, wrong = (
        judge.groundedness(said, [text]) for said, text in ((claim, passage), (claim, other), (altered, passage))
    )
    assert own is not None and elsewhere is not None and wrong is not None
    assert own > 0.5 > elsewhere
    assert own > wrong
    assert judge.groundedness(claim, []) == 0.0
    assert judge.groundedness("?", [passage]) is None
    assert "no model" in judge.name


def test_questions_that_the_passages_answer() -> None:
    judge = FittedJudge()
    question = "Within how many days can I send a product back?"
    assert judge.answerability(question, [RETURNS]) > judge.answerability(question, [HOURS]) > 0
    assert judge.answerability("手机的保修期是多久？", [WARRANTY], "zh") > judge.answerability(
        "怎么付款？", [WARRANTY], "zh"
    )
    assert judge.answerability(question, []) == 0.0


def test_an_answer_beside_the_question_or_beside_the_passages_helps_less() -> None:
    judge = FittedJudge()
    for question, answer, passage, beside in (
        (
            "Within how many days can I send a product back?",
            "You can send a product back within 30 days.",
            RETURNS,
            HOURS,
        ),
        ("手机的保修期是多久？", "手机的保修期是两年。", WARRANTY, "保修不包括屏幕碎裂。"),
    ):

        def helps(said: str, passages: list[str], question: str = question) -> float:
            return judge.helpfulness(question, said, judge.groundedness(said, passages))

        found = helps(answer, [passage])
        assert found > helps(beside, [passage, beside])
        assert found > helps(answer, [beside])
        assert helps(answer, []) == helps("?", [passage]) == 0


@pytest.mark.data
@pytest.mark.skipif(not DATA.exists(), reason="needs ../shared/data or PARLEY_DATA")
def test_against_the_labels_of_mtrag_un() -> None:
    rows = [json.loads(line) for line in (DATA / "reference_dev.jsonl").read_text("utf-8").splitlines()]
    rows = [row for row in rows if row["contexts"]]
    judge = FittedJudge()
    told = [
        judge.groundedness(row["targets"][0]["text"], [context["text"] for context in row["contexts"]][:5]) or 0.0
        for row in rows[::2]
    ]
    found = auroc([row["answerability"][0] == "ANSWERABLE" for row in rows[::2]], told)
    assert found is not None and found >= 0.75
