"""One request tells the question that stands alone, the intents and the emotion; where it fails the classifiers' word stands."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import closing

import pytest

from agent.settings import ModelSettings
from agent.types import (
    Emotion,
    EntityMention,
    IntentScore,
    Language,
    SaidIntent,
    Sentiment,
    Understanding,
    Utterance,
)
from agent.understand.by_model import ModelUnderstander
from agent.understand.one_call import OneCall
from tests.support.openai_server import MODEL, Behaviour, answered, babbles, fails, hangs, model_server

HISTORY = (
    Utterance(role="user", content="Is the Norvane P5 waterproof?"),
    Utterance(role="assistant", content="Yes [1]."),
)


class Staged:
    """Understands every message as itself, with two intents in mind."""

    def __init__(self, language: Language = "en") -> None:
        self.language: Language = language

    async def understand(
        self, text: str, history: Sequence[Utterance], conversation_id: str = "", page: Language | None = None
    ) -> Understanding:
        return Understanding(
            text=text,
            question=text,
            language=self.language,
            intents=(IntentScore(name="price", confidence=0.5), IntentScore(name="refund", confidence=0.3)),
            said=(SaidIntent(name="price", confidence=0.5, text=text),),
            out_of_scope=0.2,
            sentiment=Sentiment(polarity=0.1, emotion=Emotion.NEUTRAL, confidence=0.6),
        )


class Linker:
    def link(self, text: str) -> tuple[EntityMention, ...]:
        at = text.find("Norvane P5")
        return (EntityMention(id="p5", name="Norvane P5", type="phone", span=(at, at + 10)),) if at >= 0 else ()


def told(question: str, *intents: str, emotion: str = "neutral") -> Behaviour:
    return babbles(answered(json.dumps({"question": question, "intents": intents, "emotion": emotion})))


async def understood(
    behave: Behaviour, text: str = "And its price?", language: Language = "en", patience_s: float = 5
) -> tuple[Understanding, int]:
    async with model_server(behave) as server:
        settings = ModelSettings(base_url=server.url, name=MODEL, understand_timeout_s=patience_s)
        with closing(OneCall(settings)) as model:
            found = await ModelUnderstander(Staged(language), model, Linker()).understand(text, HISTORY)
        return found, len(server.requests)


async def test_one_request_tells_all_three() -> None:
    found, asked = await understood(told("What is the price of the Norvane P5?", "refund", emotion="anger"))
    assert asked == 1
    assert found.question == "What is the price of the Norvane P5?"
    assert [mention.name for mention in found.entities] == ["Norvane P5"]
    assert [intent.name for intent in found.intents] == ["refund", "price"]
    assert found.intents[0].confidence + found.intents[1].confidence == pytest.approx(0.8)
    assert [said.name for said in found.said] == ["refund"]
    assert (found.sentiment.emotion, found.sentiment.polarity) == (Emotion.ANGER, -0.9)
    assert found.out_of_scope < 0.2


async def test_what_the_model_adds_to_the_question_is_not_believed() -> None:
    for question in ("What is the price of the Norvane P9?", "Is $99 its price?", "它的价格是多少？"):
        found, _ = await understood(told(question, "price"))
        assert found.question == "And its price?"
    found, _ = await understood(told("Norvane P5的价格是多少？", "price"), "那价格呢？", "zh")
    assert found.question == "Norvane P5的价格是多少？"


async def test_what_no_intent_is_for_is_out_of_scope() -> None:
    found, _ = await understood(told("And its price?", "oos"))
    assert found.out_of_scope > 0.6
    assert found.said == ()


@pytest.mark.parametrize("behave", [fails(500), hangs(), babbles(answered("{}")), told("And?", "invented")])
async def test_where_the_model_fails_the_classifiers_word_stands(behave: Behaviour) -> None:
    found, _ = await understood(behave, patience_s=0.4)
    assert found == await Staged().understand("And its price?", ())


async def test_what_is_certain_is_not_asked_about() -> None:
    for text in ("Thank you!", "转人工"):
        _, asked = await understood(told("x", "price"), text)
        assert asked == 0


async def test_it_chooses_for_parley_score() -> None:
    async with model_server(told("x", "refund", "price")) as server:
        with closing(OneCall(ModelSettings(base_url=server.url, name=MODEL))) as model:
            assert await _thread(model) == "refund"
            server.behave = told("x", "oos")
            assert await _thread(model) == "oos"
            server.behave = fails(500)
            assert await _thread(model) is None
    shown = json.loads(server.requests[0]["messages"][1]["content"])
    assert shown["intents"][0] == {"name": "price", "messages": ["how much?"]}


async def _thread(model: OneCall) -> str | None:
    return await asyncio.to_thread(model.choose, "my money", {"price": ["how much?"], "refund": []})
