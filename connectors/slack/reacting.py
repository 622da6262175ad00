"""An emoji on a customer's message: by how it feels, and by what it is about where a model picks."""

from collections.abc import Mapping, Sequence

from agent.ports import Picker
from agent.types import Emotion, JsonValue

Allowed = Mapping[Emotion, Sequence[str]]
"""Names of emoji by what a message shows; one of another feeling is never taken."""

_GLAD = frozenset({Emotion.GRATITUDE, Emotion.JOY})
_UNHAPPY = -0.3  # polarity


class Reacting:
    """Chooses; nothing waits for it. picker: None where there is no model."""

    def __init__(self, allowed: Allowed, picker: Picker | None) -> None:
        self._allowed = allowed
        self._picker = picker

    async def choose(self, text: str, understood: Mapping[str, JsonValue]) -> str | None:
        """One that may stand on the message; None where none need. understood: the event's data."""
        emotion = shown_in(understood)
        names = self._allowed.get(emotion, ()) if emotion else ()
        if not names or self._picker is None:
            # How a message feels can be told without a model, what it is about cannot.
            return names[0] if names and emotion is not Emotion.NEUTRAL else None
        picked = await self._picker.pick(text, names)
        return picked if picked in names else None


def shown_in(understood: Mapping[str, JsonValue]) -> Emotion | None:
    """What a message shows; None where emotion and polarity disagree, as where somebody thanks for nothing."""
    sentiment = understood.get("sentiment")
    told = sentiment if isinstance(sentiment, Mapping) else {}
    name, polarity = told.get("emotion"), told.get("polarity")
    if name not in {one.value for one in Emotion} or not isinstance(polarity, int | float):
        return None
    emotion = Emotion(str(name))
    if (emotion in _GLAD and polarity <= 0) or (emotion is Emotion.NEUTRAL and polarity < _UNHAPPY):
        return None
    return emotion
