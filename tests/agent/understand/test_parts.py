"""Messages that ask several questions, each as it stands alone."""

from collections.abc import Sequence

import pytest

from agent.types import Utterance
from agent.understand.parts import questions_in


class SaysWhatWasSaid:
    """A rewriter that puts the last message behind what is asked."""

    def standalone(self, question: str, history: Sequence[Utterance]) -> str:
        return f"{question} ({history[-1].content})" if history else question


@pytest.mark.parametrize(
    ("said", "questions"),
    [
        ("How long is the X2, and is it heavy?", ("How long is the X2?", "is it heavy? (How long is the X2?)")),
        ("X2多长？防水吗", ("X2多长？", "防水吗？ (X2多长？)")),
        ("I have the X20. Is it heavy? Is it new?", ("Is it heavy? (I have the X20.)", "Is it new? (Is it heavy?)")),
        ("Tell me how long it is. Is it new?", ("Tell me how long it is?", "Is it new? (Tell me how long it is?)")),
        ("price, weight and colours of the X2?", ("price of the X2?", "weight of the X2?", "colours of the X2?")),
        ("what's the X2's price and weight", ("what's the X2's price?", "what's the X2's weight?")),
        ("X2的价格、颜色和重量", ("X2的价格？", "X2的颜色？", "X2的重量？")),
        ("Does the X2 fit, and how much is it?", ("Does the X2 fit?", "how much is it? (Does the X2 fit?)")),
        ("1. How long is it?\n2. Is it new?", ("How long is it?", "Is it new? (How long is it?)")),
    ],
)
def test_each_question_leans_on_those_before_it(said: str, questions: tuple[str, ...]) -> None:
    assert questions_in(said, (), SaysWhatWasSaid()) == questions


@pytest.mark.parametrize(
    "said",
    [
        "How long is the X2?",
        "I have the X2 and it is heavy.",
        "Which bikes are red and under $600?",
        "X2有货吗",
        "I have the X2. Can I return it, and what does it cost?",
        "X2能退吗，多少钱",
        "do you have cases and covers for the X2",
        "X2和X3的价格",
        "what's the difference between the X2 and the X3",
        "What is it? Who are you? Where is it? How much is it?",
        f"{'It fell down the stairs. ' * 20}Can I return it? Is it covered?",
    ],
)
def test_one_question_too_many_and_a_story_are_not_taken_apart(said: str) -> None:
    assert questions_in(said, (), SaysWhatWasSaid()) == ()
