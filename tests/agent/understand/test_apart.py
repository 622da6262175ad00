"""The questions that one message asks."""

from collections.abc import Sequence

import pytest

from agent.types import EntityMention, Utterance
from agent.understand.apart import SeveralQuestions


class Following:
    """Puts the subject of the first question before a later one that has none."""

    def standalone(self, question: str, history: Sequence[Utterance]) -> str:
        subject = history[-1].content[:2]
        return question if subject in question else f"{subject}{question}"


class NoLinker:
    def link(self, text: str) -> tuple[EntityMention, ...]:
        return ()


@pytest.mark.parametrize(
    ("message", "questions"),
    [
        ("台灯怎么退？运费谁出？", ["台灯怎么退", "台灯运费谁出"]),
        ("台灯能退吗 多少钱", ["台灯能退吗", "台灯多少钱"]),
        ("台灯能退吗", []),
        ("我买了台灯 能退吗", []),
        ("Is it new? Do you ship it? Can I return it? Where are you?", []),
    ],
)
def test_a_later_question_is_asked_as_a_follow_up_is(message: str, questions: list[str]) -> None:
    assert [text for text, _ in SeveralQuestions(Following(), NoLinker()).apart(message)] == questions
