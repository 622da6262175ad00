"""Any text is read in bounded time and raises nothing."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.graph import KnowledgeGraph

PIECES = st.sampled_from(
    ["附近", "最便宜的", "旅店", "青松公园", "石桥公园", "和", "有什么关系", "吗", "why: ", "为什么：", "is ", " near ", "300", "以上", "与", "的电话",
     "云海旅店", "how many ", "不", "温泉", "?", "评分", "至少", "-", " or ", "第二个"]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(st.lists(PIECES | st.text(max_size=3), max_size=14).map("".join), st.text(max_size=8) | PIECES)
def test_no_question_raises(town: KnowledgeGraph, question: str, reply: str) -> None:
    answer = town.answer(question, language="zh")
    assert answer.status is not None
    town.outline(question)
    town.resolved(question, reply)


@pytest.mark.parametrize("piece", ["青松公园附近", "is the ", "附近最便宜的旅店", "9", "a ", "有没有", "does it have "])
def test_a_very_long_question_is_answered_soon(town: KnowledgeGraph, piece: str) -> None:
    start = time.process_time()
    town.answer(piece * (4000 // len(piece)))
    assert time.process_time() - start < 5
