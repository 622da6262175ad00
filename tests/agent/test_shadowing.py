"""A shadow beside the turns: it delays none, breaks none, is dropped in a rush, and says what it would have said."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from agent.conversations import Conversations
from agent.conversations.shadowing import Shadowing
from agent.learning.trial.turns import conversation_of
from agent.ports import IntentClassifier, IntentPrediction, SentimentScorer
from agent.store.database import close_engine, open_engine
from agent.training.bundle import Task, read_card
from agent.training.speakers import Mode
from agent.training.versions import Versions
from agent.types import (
    Emotion,
    Event,
    EventType,
    InboundMessage,
    IntentScore,
    JsonValue,
    Sentiment,
    Understanding,
)
from agent.understand.in_use import InUse
from agent.understand.sentiment import default_sentiment
from agent.understand.shadow import ShadowsInUse
from tests.agent.training.test_versions import bundle
from tests.support.scripted_runner import DIGESTS, EchoPhrases, ScriptedRunner

TURN = Understanding(text="我的包裹呢", question="我的包裹呢", language="zh")


class FixedShadow:
    """Thinks for a while, or fails."""

    def __init__(self, *, pause_s: float = 0.0, fails: bool = False) -> None:
        self.asked = 0
        self._pause_s = pause_s
        self._fails = fails

    async def second_opinion(self, understanding: Understanding) -> Mapping[str, JsonValue] | None:
        self.asked += 1
        await asyncio.sleep(self._pause_s)
        if self._fails:
            raise RuntimeError("out of memory")
        return {"intent": {"version": "v", "text": understanding.text}}


@asynccontextmanager
async def opened(folder: Path, shadow: FixedShadow) -> AsyncIterator[Conversations]:
    engine = await open_engine(f"sqlite+aiosqlite:///{folder / 'parley.db'}")
    try:
        async with Conversations(
            engine, ScriptedRunner(), EchoPhrases(), digests=DIGESTS, shadow=shadow
        ).running() as conversations:
            yield conversations
    finally:
        await close_engine(engine)


async def say(conversations: Conversations, last: EventType) -> list[Event]:
    conversation_id, _ = await conversations.create("test")
    inbound = InboundMessage(conversation_id=conversation_id, channel="test", channel_message_id="1", text="hello")
    await conversations.receive(inbound)
    found: list[Event] = []
    async with asyncio.timeout(20):
        async for event in conversations.events.follow(conversation_id):
            found.append(event)
            if event.type is last:
                break
    return found


async def test_the_opinion_follows_the_reply(tmp_path: Path) -> None:
    async with opened(tmp_path, FixedShadow()) as conversations:
        events = await say(conversations, EventType.TURN_SHADOWED)
    assert [event.type for event in events[-2:]] == [EventType.REPLY_COMPLETED, EventType.TURN_SHADOWED]
    assert events[-1].data == {"intent": {"version": "v", "text": "hello"}, "message": events[0].n}


async def test_a_slow_shadow_holds_nobody_up_neither_a_turn_nor_the_end(tmp_path: Path) -> None:
    began = time.monotonic()
    async with opened(tmp_path, FixedShadow(pause_s=60)) as conversations:
        for _ in range(3):
            await say(conversations, EventType.REPLY_COMPLETED)
    assert time.monotonic() - began < 15


async def test_a_shadow_that_fails_fails_alone(tmp_path: Path) -> None:
    shadow = FixedShadow(fails=True)
    async with opened(tmp_path, shadow) as conversations:
        await say(conversations, EventType.REPLY_COMPLETED)
        events = await say(conversations, EventType.REPLY_COMPLETED)
        async with asyncio.timeout(10):
            while shadow.asked < 2:  # it is asked after the reply is out
                await asyncio.sleep(0.01)
    assert events[-1].type is EventType.REPLY_COMPLETED


async def test_in_a_rush_opinions_are_dropped(tmp_path: Path) -> None:
    shadow = FixedShadow(pause_s=60)
    async with opened(tmp_path, FixedShadow()) as conversations:
        shadowing = Shadowing(conversations.events, shadow)
        for number in range(1_000):
            shadowing.note("none", number, TURN)
        await asyncio.sleep(0)
        assert (shadow.asked, shadowing.dropped) == (32, 968)
        await shadowing.shut_down()


async def test_a_conversation_deleted_meanwhile_is_no_error(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with opened(tmp_path, FixedShadow()) as conversations:
        shadowing = Shadowing(conversations.events, FixedShadow())
        shadowing.note("deleted", 1, TURN)
        await asyncio.sleep(0.1)
        await shadowing.shut_down()
    assert not caplog.records


class Saying:
    """Takes everything for one intent."""

    def __init__(self, intent: str) -> None:
        self._intent = intent

    def predict(self, texts: Sequence[str]) -> list[IntentPrediction]:
        score = IntentScore(name=self._intent, confidence=0.9)
        return [IntentPrediction(intents=(score,), out_of_scope=0.1) for _ in texts]


def load(folder: Path) -> IntentClassifier:
    return Saying(read_card(folder).labels[0])


async def test_a_shadow_in_use_says_what_it_would_have_said_but_of_small_talk_nothing(tmp_path: Path) -> None:
    versions = Versions(tmp_path / "intent", Task.INTENT)
    first, second = (versions.add(bundle(tmp_path / label, label)) for label in ("a", "b"))
    versions.promote(first)
    intents: InUse[IntentClassifier] = InUse(versions, load)
    sentiment: InUse[SentimentScorer] = InUse(
        Versions(tmp_path / "sentiment", Task.SENTIMENT), lambda _: default_sentiment(), default_sentiment()
    )
    emotion: InUse[SentimentScorer] = InUse(
        Versions(tmp_path / "emotion", Task.EMOTION), lambda _: default_sentiment(), default_sentiment()
    )
    with closing(ShadowsInUse(intents, sentiment, emotion)) as shadow:
        intents.refresh()
        sentiment.refresh()
        assert await shadow.second_opinion(TURN) is None
        versions.try_out(second, Mode.SHADOW)
        intents.refresh()
        said = await shadow.second_opinion(TURN)
        assert said is not None
        opinion = said["intent"]
        assert isinstance(opinion, dict)
        assert (opinion["version"], opinion["intents"]) == (second, [{"name": "b", "confidence": 0.9}])
        thanks = Understanding(text="谢谢！", question="谢谢！", language="zh")
        assert await shadow.second_opinion(thanks) is None


class Feeling:
    """Feels one thing, whatever is said."""

    def __init__(self, emotion: Emotion) -> None:
        self._emotion = emotion

    def score(self, texts: Sequence[str]) -> list[Sentiment]:
        return [Sentiment(polarity=-0.8, emotion=self._emotion, confidence=0.7) for _ in texts]


async def test_an_emotion_on_trial_is_compared_with_the_emotion_that_speaks(tmp_path: Path) -> None:
    versions = Versions(tmp_path / "emotion", Task.EMOTION)
    tried = versions.add(bundle(tmp_path / "a", "a", Task.EMOTION))
    emotion: InUse[SentimentScorer] = InUse(versions, lambda _: Feeling(Emotion.ANGER), Feeling(Emotion.JOY))
    intents: InUse[IntentClassifier] = InUse(Versions(tmp_path / "intent", Task.INTENT), load)
    sentiment: InUse[SentimentScorer] = InUse(
        Versions(tmp_path / "sentiment", Task.SENTIMENT), lambda _: default_sentiment(), default_sentiment()
    )
    versions.try_out(tried, Mode.SHADOW)
    emotion.refresh()
    with closing(ShadowsInUse(intents, sentiment, emotion)) as shadow:
        said = await shadow.second_opinion(TURN)
    assert said is not None
    turn = {"question": TURN.question, "message": 1, "sentiment": {"polarity": 0.9, "emotion": "disappointment"}}
    events = {"turn.understood": [turn], "turn.shadowed": [{**said, "message": 1}]}
    (one,) = conversation_of("c", events, Task.EMOTION, tried).shadowed
    assert (one.said, one.shadow, one.shadow_confidence) == ("joy", "anger", 0.7)
