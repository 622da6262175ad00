"""What the bundles on trial, which do not speak, would have made of a turn."""

import asyncio
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from agent.ports import IntentClassifier, SentimentScorer
from agent.types import JsonValue, Sentiment, Understanding
from agent.understand.certain import certain_intent
from agent.understand.in_use import InUse

_SHOWN = 3
T = TypeVar("T")


class ShadowsInUse:
    """Implements `agent.ports.Shadow`, in a single thread: turns come first. Close it with `close`."""

    def __init__(
        self, intents: InUse[IntentClassifier], sentiment: InUse[SentimentScorer], emotion: InUse[SentimentScorer]
    ) -> None:
        self._intents = intents
        self._feelings = {"sentiment": sentiment, "emotion": emotion}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="shadow")

    def close(self) -> None:
        """Waits for what is being thought of, and for nothing else."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    async def second_opinion(self, understanding: Understanding) -> Mapping[str, JsonValue] | None:
        """By task: what a shadow says, how long it took, and how long who speaks takes for the same in its place."""
        if self._intents.shadow is None and all(voice.shadow is None for voice in self._feelings.values()):
            return None
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._think, understanding)

    def _think(self, understanding: Understanding) -> Mapping[str, JsonValue] | None:
        opinions = {"intent": self._of_intent(understanding)}
        opinions |= {task: _of_feeling(voice, understanding.text) for task, voice in self._feelings.items()}
        said = {task: opinion for task, opinion in opinions.items() if opinion is not None}
        return said or None

    def _of_intent(self, understanding: Understanding) -> JsonValue:
        shadow, speaks = self._intents.shadow, self._intents.of()
        # Small talk, nods and the call for a person are known for certain, whatever a classifier says.
        if shadow is None or certain_intent(understanding.text, ()):
            return None
        question = [understanding.question]
        (one,), ms = _timed(lambda: shadow.model.predict(question))
        return {
            "version": shadow.version,
            "intents": [{"name": intent.name, "confidence": intent.confidence} for intent in one.intents[:_SHOWN]],
            "out_of_scope": one.out_of_scope,
            "ms": ms,
            "ms_speaking": _timed(lambda: speaks.model.predict(question))[1] if speaks else 0.0,
        }


def _of_feeling(voice: InUse[SentimentScorer], text: str) -> JsonValue:
    """What is felt, and what who speaks says of the same: a bundle of sentiment may have put another emotion into the turn."""
    shadow, speaks = voice.shadow, voice.of()
    if shadow is None:
        return None
    (one,), ms = _timed(lambda: shadow.model.score([text]))
    said, ms_speaking = _timed(lambda: speaks.model.score([text])) if speaks else ([], 0.0)
    opinion = {"version": shadow.version, **_told(one), "ms": ms, "ms_speaking": ms_speaking}
    return {**opinion, "speaking": _told(said[0])} if said else opinion


def _told(sentiment: Sentiment) -> dict[str, JsonValue]:
    return {
        "polarity": sentiment.polarity,
        "emotion": sentiment.emotion.value,
        "confidence": sentiment.confidence,
    }


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    """What the work gives, and its milliseconds."""
    begun = time.perf_counter()
    result = work()
    return result, round((time.perf_counter() - begun) * 1000, 2)
