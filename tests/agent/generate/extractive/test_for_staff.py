"""What is said to staff is not quoted where something said to customers serves."""

from dataclasses import replace

import numpy as np
import pytest

from agent.generate.extractive.candidates import Candidate
from agent.generate.extractive.facets import facets_of
from agent.generate.extractive.for_staff import customers_first
from knowledge.question.parts import QuestionPart
from knowledge.types import Passage
from tests.support.evidence import passage

MIXED = passage(
    "Ask the caller for the serial number. Inform the customer of the fee. Send the kettle to our workshop. A repair costs $20."
)
STEPS = passage(
    "Reported twice.\n\n1. Check whether the customer paid.\n2. Use close_ticket_now.\n3. Wait for a day.", 2
)
CHINESE = passage("先核实客户身份。请向客户说明费用。维修费 80 元，请带上水壶。", 3)


def quoted(article: Passage, question: str, *logits: float) -> list[int]:
    part = QuestionPart(text=question, names=())
    order = sorted(range(len(logits)), key=lambda at: -logits[at])
    return customers_first(part, spans(article), np.array(logits, dtype=np.float32), order)


def spans(article: Passage) -> list[Candidate]:
    return [Candidate(passage=article, facets=facets) for facets in facets_of(article)]


def test_what_staff_are_told_is_left_out_where_something_else_is_nearly_as_good() -> None:
    assert quoted(MIXED, "my kettle leaks", 1, 0.5, 0, -3) == [2, 3]
    assert quoted(CHINESE, "水壶漏水", 1, 0.5, 0) == [2]


def test_it_is_quoted_where_nothing_else_is_near() -> None:
    assert quoted(MIXED, "my kettle leaks", 2, 1, 0, -3) == [0, 1, 2, 3]


def test_facts_that_stand_beside_steps_for_staff_are_quoted() -> None:
    other = [*spans(STEPS), *spans(passage("Send the kettle to us.", 4))]
    logits = np.array([2, 1, 1, 1.9, 1], dtype=np.float32)
    part = QuestionPart(text="my kettle leaks", names=())
    assert customers_first(part, other, logits, [0, 3, 1, 2, 4]) == [0, 3, 4]


def test_who_asks_of_customers_is_told() -> None:
    assert quoted(MIXED, "what do I ask a customer whose kettle leaks", 2, 1, 0, -3) == [0, 1, 2, 3]


def test_what_only_staff_may_read_is_told() -> None:
    assert quoted(replace(MIXED, audience="internal"), "my kettle leaks", 2, 1, 0, -3) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "text",
    [
        "Customers report damage within 7 days.",
        "If a guest wishes to leave early, the deposit is returned.",
        "Check your order number and ask us for a label.",
        "We tell customers by e-mail.",
        "Ask our team for help.",
        "Ask customer service for a label.",
        "Check your member number.",
        "Request a guest pass.",
        "Check the user guide.",
        "请顾客保留小票。",
        "我们将通知用户。",
        "为会员提供免费停车。",
    ],
)
def test_what_is_said_of_customers_in_general_stays(text: str) -> None:
    assert quoted(passage(f"{text}\n\nWe repair kettles."), "my kettle leaks", 1, 0) == [0, 1]
