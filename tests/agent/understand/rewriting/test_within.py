"""A price alone asks for the kind of thing that was talked of."""

import time

import pytest

from agent.types import EntityMention, Utterance
from agent.understand.rewriting.within import within_price
from agent.understand.talk import Talk


class NothingLinked:
    def link(self, text: str) -> tuple[EntityMention, ...]:
        return ()


def rewritten(question: str, said: str) -> str:
    talk = Talk([Utterance(role="user", content=said)], NothingLinked(), lambda _: [], lambda text, _: text)
    return within_price(question, talk, lambda text: "lamp" if "lamp" in text or "灯" in text else "")


@pytest.mark.parametrize(
    ("said", "question", "asked"),
    [
        ("which lamp do you recommend?", "under 40 dollars", "lamp below 40 dollars"),
        ("which lamp do you recommend?", "well, I've only got about $1,200", "lamp under $1,200"),
        ("which lamp do you recommend?", "my budget is 30 max", "lamp under 30"),
        ("哪款灯好", "预算200元左右", "200元以下的lamp"),
        ("哪款灯好", "200美元以下", "不超过200美元的lamp"),
        ("哪款灯好", "最多80", "80以下的lamp"),
        ("which lamp do you recommend?", "it can't be more than 300", "lamp under 300"),
        ("which lamp do you recommend?", "no more than 300 euros please", "lamp under 300 euros"),
        ("which lamp do you recommend?", "more than 300", ""),
        ("which lamp do you recommend?", "300", ""),
        ("which lamp do you recommend?", "order 4711 please", ""),
        ("which lamp do you recommend?", "is it over 40 dollars?", ""),
        ("which lamp do you recommend?", "can I return it within 30 days", ""),
        ("how do I return it?", "under 40 dollars", ""),
        ("哪款灯好", "80天能退吗", ""),
    ],
)
def test_the_kind_is_asked_for_within_the_price(said: str, question: str, asked: str) -> None:
    assert rewritten(question, said) == asked


@pytest.mark.parametrize("piece", ["under ", "$1 ", "1,234", "我的预算", "a "])
def test_a_long_message_is_read_soon(piece: str) -> None:
    start = time.process_time()
    rewritten(piece * 1000, "which lamp?")
    assert time.process_time() - start < 1
