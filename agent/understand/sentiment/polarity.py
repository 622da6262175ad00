"""How good or bad an emotion is."""

from collections.abc import Mapping

from agent.types import Emotion

POLARITY: Mapping[Emotion, float] = {
    Emotion.ANGER: -0.9,
    Emotion.DISAPPOINTMENT: -0.6,
    Emotion.ANXIETY: -0.45,
    Emotion.NEUTRAL: 0.0,
    Emotion.GRATITUDE: 0.7,
    Emotion.JOY: 0.8,
}
"""Of a message that shows it, −1…1; what its words say of its strength comes on top."""
