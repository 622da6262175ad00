"""Set phrases: what is said of a person who was asked, by the hours at which people are there."""

from datetime import UTC, datetime

import pytest

from agent.phrases import SetPhrases, load_phrases
from agent.settings import CompanySettings
from agent.settings.web import HoursSettings
from agent.types import Language

TEXTS = {
    "handoff": {"en": "Asked. {hours} {contact}", "zh": "已通知。{hours}{contact}"},
    "handoff_open": {"en": "They are in.", "zh": "在线。"},
    "handoff_closed": {"en": "Back on {opens}.", "zh": "{opens}回来。"},
    "handoff_contact": {"en": "Or {contact}.", "zh": "或{contact}。"},
}
HOURS = HoursSettings(time_zone="Asia/Shanghai", monday=["09:00-18:00"])
COMPANY = CompanySettings(handoff_contact="a@b.example")


@pytest.mark.parametrize(
    ("hour", "language", "said"),
    [
        (2, "en", "Asked. They are in. Or a@b.example."),
        (2, "zh", "已通知。在线。或a@b.example。"),
        (12, "en", "Asked. Back on Monday, 7 December, at 09:00 (CST). Or a@b.example."),
        (12, "zh", "已通知。12月7日（周一）09:00（CST）回来。或a@b.example。"),
    ],
)
def test_who_asks_for_a_person_is_told_when_one_is_there(hour: int, language: Language, said: str) -> None:
    monday = datetime(2026, 11, 30, hour, tzinfo=UTC)
    assert SetPhrases(TEXTS, COMPANY, HOURS, lambda: monday).say("handoff", language) == said


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_is_said_of_hours_that_nobody_set(language: Language) -> None:
    said = load_phrases(COMPANY).say("handoff", language)
    assert "colleague" in said or "同事" in said
    assert not {"{", "  "} & {said[n : n + k] for n in range(len(said)) for k in (1, 2)}
