"""An emoji on a customer's message: by its feeling, or picked by a model, but never cheer for who is upset."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from pydantic import ValidationError

from agent.generate.completions import shared_http
from agent.generate.endpoint import ChatEndpoint
from agent.generate.picking import ModelPicker
from agent.ports import TurnStep
from agent.settings import ModelSettings
from agent.settings.slack import ReactionSettings, SlackSettings
from agent.types import DecisionKind, Emotion, InboundMessage, Reply, Sentiment, Understanding, Utterance
from connectors.slack.connector import Options
from connectors.slack.phrases import language_of
from tests.support.openai_server import ModelServer, answered, babbles, hangs, model_server
from tests.support.slack_connector import QUICK, connected
from tests.support.slack_server import FakeSlack
from tests.support.slack_world import User

FEELINGS = {
    "thank you so much": (Emotion.GRATITUDE, 0.8),
    "太好了！": (Emotion.JOY, 0.9),
    "this is outrageous": (Emotion.ANGER, -0.9),
    "oh great, thanks for nothing": (Emotion.GRATITUDE, -0.6),  # as a classifier may misread it
}
USUAL: Options = replace(QUICK, reactions=ReactionSettings().allowed())


class Feeling:
    """Reads feelings, and answers."""

    async def run(self, message: InboundMessage, history: Sequence[Utterance]) -> AsyncIterator[TurnStep]:
        language = language_of(message.text)
        emotion, polarity = FEELINGS.get(message.text, (Emotion.NEUTRAL, 0.0))
        understanding = Understanding(
            text=message.text,
            question=message.text,
            language=language,
            sentiment=Sentiment(polarity=polarity, emotion=emotion, confidence=1.0),
        )
        yield understanding
        yield Reply(text="Noted.", language=language, decision=DecisionKind.ANSWER, understanding=understanding)


async def answered_to(slack: FakeSlack, who: User, text: str, channel: str = "") -> str:
    """The message, once it is answered."""
    ts = await slack.says(who, text, channel=channel)
    await slack.until(lambda: any(one.get("metadata") for one in slack.world.answers(channel or who.dm, ts)))
    return ts


def emoji(slack: FakeSlack, channel: str, ts: str) -> list[str]:
    return list((slack.world.find(channel, ts) or {}).get("reactions", []))


async def test_without_a_model_it_follows_the_feeling_and_is_never_cheer_for_who_is_upset(
    slack: FakeSlack, store: str
) -> None:
    ada, wei = slack.world.user("U1"), slack.world.user("U2", name="王伟", locale="zh-CN")
    channel = slack.world.channel("C1")
    async with connected(slack, store, options=USUAL, runner=Feeling()):
        thanks = await answered_to(slack, ada, "thank you so much")
        joy = await answered_to(slack, wei, "太好了！")
        called = await answered_to(slack, ada, f"{slack.mention()} thank you so much", channel)
        others = [await answered_to(slack, ada, text) for text in [*list(FEELINGS)[2:], "where is my parcel?"]]
        await slack.until(lambda: emoji(slack, ada.dm, thanks) == ["blush"])
        await slack.until(lambda: emoji(slack, wei.dm, joy) == ["tada"])
        await slack.until(lambda: sorted(emoji(slack, channel, called)) == ["blush", "eyes"])
        assert [emoji(slack, ada.dm, ts) for ts in others] == [[], [], []]
    assert not slack.refused


@asynccontextmanager
async def asked(server: ModelServer, patience_s: float = 2.0) -> AsyncIterator[ModelPicker]:
    settings = ModelSettings(base_url=server.url, name="tiny-model")
    async with shared_http(settings) as http:
        yield ModelPicker(ChatEndpoint(settings, http), patience_s=patience_s)


async def test_a_model_picks_what_suits_the_message_from_the_few_that_its_feeling_allows(
    slack: FakeSlack, store: str
) -> None:
    ada, wei = slack.world.user("U1"), slack.world.user("U2", name="王伟", locale="zh-CN")
    async with (
        model_server(babbles(answered('{"name": "truck"}'))) as server,
        asked(server) as picker,
        connected(slack, store, options=USUAL, runner=Feeling(), picker=picker),
    ):
        parcel = await answered_to(slack, wei, "包裹到哪里了？")
        await slack.until(lambda: emoji(slack, wei.dm, parcel) == ["truck"])
        offered = json.loads(server.requests[0]["messages"][-1]["content"])
        assert offered["message"] == "包裹到哪里了？"
        assert "tada" not in offered["names"]
        server.behave = babbles(answered('{"name": "tada"}'))  # which it was not offered
        cheer = await answered_to(slack, ada, "where is my parcel?")
        await slack.until(lambda: len(server.requests) == 2)
        angry = await answered_to(slack, ada, "this is outrageous")
    assert emoji(slack, ada.dm, cheer) == emoji(slack, ada.dm, angry) == []
    assert len(server.requests) == 2  # of the angry one it was not even asked
    assert not slack.refused


async def test_a_model_that_hangs_holds_up_no_answer(slack: FakeSlack, store: str) -> None:
    people = [slack.world.user(f"U{n}") for n in range(3)]
    async with (
        model_server(hangs()) as server,
        asked(server, patience_s=0.3) as picker,
        connected(slack, store, options=USUAL, runner=Feeling(), picker=picker),
    ):
        shown = await asyncio.gather(*(answered_to(slack, one, "where is my parcel?") for one in people))
        await server.until_abandoned()
    assert [emoji(slack, one.dm, ts) for one, ts in zip(people, shown, strict=True)] == [[]] * 3


async def test_a_model_is_not_asked_by_many_at_once() -> None:
    async with model_server(hangs()) as server, asked(server, patience_s=60) as picker:
        asking = [asyncio.create_task(picker.pick("where is my parcel?", ["truck"])) for _ in range(5)]
        done, waiting = await asyncio.wait(asking, timeout=0.2)
        assert [one.result() for one in done] == [None] * 3  # who comes while two are asked goes without
        assert len(waiting) == 2
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        server.behave = babbles(answered('{"name": "truck"}'))
        assert await picker.pick("where is my parcel?", ["truck"]) == "truck"


def test_cheer_for_who_is_upset_is_no_setting() -> None:
    assert set(ReactionSettings().allowed()) == set(Emotion)
    assert SlackSettings.model_validate({"reactions": {"anger": ["eyes"]}}).reactions.allowed()[Emotion.ANGER] == [
        "eyes"
    ]
    with pytest.raises(ValidationError, match="tada would mock"):
        SlackSettings.model_validate({"reactions": {"anger": ["eyes", "tada"]}})
