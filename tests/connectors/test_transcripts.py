"""The page that a customer takes home: what was answered is formatted, what anybody wrote runs nowhere."""

from datetime import UTC, datetime

import pytest

from agent.types import Event, EventType, Language
from connectors.web.transcripts import as_page


def page(language: Language, question: str, answer: str) -> str:
    said = ((EventType.MESSAGE_RECEIVED, {"text": question}), (EventType.REPLY_COMPLETED, {"text": answer}))
    events = [
        Event(conversation_id="c", n=n, type=kind, at=datetime(2026, 11, 27, tzinfo=UTC), data=data)
        for n, (kind, data) in enumerate(said, 1)
    ]
    return as_page(events, language, "Lantern", UTC)


@pytest.mark.parametrize(
    ("language", "question", "answer", "shown"),
    [
        ("en", "How **long**?", "**Thirty days**, from:\n\n- delivery\n- pick-up", ["How **long**?", "<strong>Thirty days</strong>", "<li>delivery</li>"]),
        ("zh", "*多久*？", "| 型号 | 天数 |\n|--|--|\n| 灯 | **30** |", ["*多久*？", "<td>灯</td>", "<strong>30</strong>"]),
    ],
)  # fmt: skip
def test_answers_are_formatted_and_questions_are_as_they_were_written(
    language: Language, question: str, answer: str, shown: list[str]
) -> None:
    found = page(language, question, answer)
    assert all(part in found for part in shown)
    assert answer not in found


@pytest.mark.parametrize(
    "evil",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "![p](https://evil.example/p.png)", "[a](javascript:alert(1))"],
)  # fmt: skip
def test_nothing_in_an_answer_runs_or_is_fetched(evil: str) -> None:
    found = page("en", evil, f"See {evil}")
    assert not any(mark in found for mark in ("<script", "<img", 'href="javascript'))
