"""Messages that tell a feeling, and nothing else."""

import time

import pytest

from agent.types import Emotion
from agent.understand.feeling import feels


@pytest.mark.parametrize(
    ("text", "emotion"),
    [
        ("I'm really anxious about this", Emotion.ANXIETY),
        ("this makes me so sad", Emotion.DISAPPOINTMENT),
        ("ugh, how annoying!", None),  # put as a question
        ("thank you so much, that was kind of you", Emotion.GRATITUDE),
        ("心里好慌啊", Emotion.ANXIETY),
        ("唉，真的太难过了", Emotion.DISAPPOINTMENT),
        ("垃圾", Emotion.ANGER),
        ("I'm worried about the screen", None),
        ("are you happy?", None),
        ("我着急用手机", None),
        ("so what", None),
        ("", None),
    ],
)
def test_a_feeling_stands_alone_or_not(text: str, emotion: Emotion | None) -> None:
    assert feels(text) is emotion


@pytest.mark.parametrize("piece", ["so sad ", "好难过", "a", "说", " "])
def test_a_long_message_is_read_soon(piece: str) -> None:
    start = time.process_time()
    feels(piece * 2000)
    feels((piece * 80)[:80])
    assert time.process_time() - start < 1
