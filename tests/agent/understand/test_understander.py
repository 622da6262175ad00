"""The first stage as a whole: what each of its parts gets to read."""

from collections.abc import Sequence

import pytest

from agent.ports import Speaking
from agent.types import Emotion, EntityMention, Sentiment, Utterance
from agent.understand.language import ScriptLanguages
from agent.understand.understander import StagedUnderstander
from agent.wire import understanding_json

SAD = Sentiment(polarity=-0.9, emotion=Emotion.DISAPPOINTMENT, confidence=0.9)


class Gloomy:
    """Finds every text sad; knows no intent, no entity, and leaves questions as they are."""

    def of(self, conversation_id: str = "") -> Speaking["Gloomy"]:
        return Speaking(version="one", model=self)

    def score(self, texts: Sequence[str]) -> list[Sentiment]:
        assert not any("@" in text for text in texts)
        return [SAD for _ in texts]

    def link(self, text: str) -> tuple[EntityMention, ...]:
        return ()

    def standalone(self, question: str, history: Sequence[Utterance]) -> str:
        return question


class Nobody:
    def of(self, conversation_id: str = "") -> None:
        return None


@pytest.mark.parametrize(
    ("text", "felt"),
    [
        ("ben.sad@example.com", 0.0),
        (" https://shop.example/worst-ever ", 0.0),
        ("My parcel is lost, write to ben@example.com", -0.9),
        ("快递丢了，请发邮件到 wang@example.com", -0.9),
    ],
)
async def test_an_address_has_no_mood(text: str, felt: float) -> None:
    gloomy = Gloomy()
    understander = StagedUnderstander(
        languages=ScriptLanguages(), rewriter=gloomy, intents=Nobody(), sentiment=gloomy, linker=gloomy
    )
    assert (await understander.understand(text, [])).sentiment.polarity == felt


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("How long is the warranty?", [("How long is the warranty?", "en")]),
        ("保修期是多久？", [("保修期是多久？", "zh")]),
        ("thanks!", []),  # nothing will be searched for
    ],
)
async def test_what_will_be_searched_for_is_told_ahead(text: str, told: list[tuple[str, str]]) -> None:
    gloomy = Gloomy()
    ahead: list[tuple[str, str]] = []
    understander = StagedUnderstander(
        languages=ScriptLanguages(),
        rewriter=gloomy,
        intents=Nobody(),
        sentiment=gloomy,
        linker=gloomy,
        ahead=lambda question, language: ahead.append((question, language)),
    )
    await understander.understand(text, [])
    assert ahead == told


async def test_a_message_is_read_in_one_writing_and_kept_as_it_was_sent() -> None:
    read: list[str] = []

    class Noting(Gloomy):
        def standalone(self, question: str, history: Sequence[Utterance]) -> str:
            read.extend([question, *(one.content for one in history)])
            return question

    gloomy = Noting()
    understander = StagedUnderstander(
        languages=ScriptLanguages(), rewriter=gloomy, intents=Nobody(), sentiment=gloomy, linker=gloomy
    )
    history = [
        Utterance(role="user", content="哪款耳機最便宜"),
        Utterance(role="assistant", content="麗音耳機。"),
    ]
    found = await understander.understand("它防水嗎？", history)
    assert read == ["它防水吗？", "哪款耳机最便宜", "麗音耳機。"]
    assert (found.text, found.question, found.sent, found.as_sent) == (
        "它防水吗？",
        "它防水吗？",
        "它防水嗎？",
        "它防水嗎？",
    )
    plain = await understander.understand("它防水吗？", history)
    assert (plain.sent, plain.as_sent) == ("", "它防水吗？")
    assert understanding_json(found)["question"] == "它防水嗎？"
